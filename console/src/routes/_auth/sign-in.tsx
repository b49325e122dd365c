import { createFileRoute } from '@tanstack/react-router';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';
import { SignInPage } from '#console/features/auth/sign-in-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';

export const Route = createFileRoute('/_auth/sign-in')({
  head: () => ({ meta: [{ title: pageTitle('Sign in') }] }),
  loader: async ({ context: { queryClient } }) => {
    await ensure(queryClient, accountPolicyQuery);
  },
  component: SignIn,
});

function SignIn() {
  return <SignInPage next={Route.useSearch().next} />;
}
