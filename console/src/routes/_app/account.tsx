import { createFileRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { AccountPage } from '#console/features/account/account-page.tsx';
import { accountLogQuery, userSessionsQuery } from '#console/features/account/account.queries.ts';
import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_app/account')({
  head: () => ({ meta: [{ title: pageTitle('Account') }] }),
  validateSearch: z.object(cursorPageSearch),
  loaderDeps: ({ search: { after, before } }) => ({ after, before }),
  loader: async ({ context: { queryClient }, deps }) => {
    await Promise.all([
      ensure(queryClient, userSessionsQuery),
      ensure(queryClient, accountLogQuery(deps)),
    ]);
  },
  component: AccountPage,
});
