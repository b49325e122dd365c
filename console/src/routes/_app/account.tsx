import { createFileRoute } from '@tanstack/react-router';

import { AccountPage } from '#console/features/account/account-page.tsx';
import { userSessionsQuery } from '#console/features/account/account.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/account')({
  head: () => ({ meta: [{ title: pageTitle('Account') }] }),
  loader: async ({ context: { queryClient } }) => {
    await ensure(queryClient, userSessionsQuery);
  },
  component: AccountPage,
});
