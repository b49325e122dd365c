import { createFileRoute } from '@tanstack/react-router';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';
import { RegisterPage } from '#console/features/auth/register-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_auth/register')({
  head: () => ({ meta: [{ title: pageTitle('Create an account') }] }),
  loader: async ({ context: { queryClient } }) => {
    await ensure(queryClient, accountPolicyQuery);
  },
  component: Register,
});

function Register() {
  return <RegisterPage next={Route.useSearch().next} />;
}
