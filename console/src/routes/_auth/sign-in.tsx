import { createFileRoute } from '@tanstack/react-router';

import { SignInPage } from '#console/features/auth/sign-in-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_auth/sign-in')({
  head: () => ({ meta: [{ title: pageTitle('Sign in') }] }),
  component: SignIn,
});

function SignIn() {
  return <SignInPage next={Route.useSearch().next} />;
}
