import { createFileRoute } from '@tanstack/react-router';

import { ForgotPasswordPage } from '#console/features/auth/forgot-password-page.tsx';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/_auth/forgot-password')({
  head: () => ({ meta: [{ title: pageTitle('Forgot password') }] }),
  component: ForgotPassword,
});

function ForgotPassword() {
  return <ForgotPasswordPage next={Route.useSearch().next} />;
}
