import { createFileRoute } from '@tanstack/react-router';

import { AuthLayout } from '#console/features/auth/auth-layout.tsx';
import { ResetPasswordPage } from '#console/features/auth/reset-password-page.tsx';
import { mailedToken } from '#console/lib/mailed-token.ts';
import { pageTitle } from '#console/lib/page-title.ts';

export const Route = createFileRoute('/reset-password')({
  head: () => ({ meta: [{ title: pageTitle('Choose a new password') }] }),
  component: () => (
    <AuthLayout>
      <ResetPasswordPage token={mailedToken('/reset-password')} />
    </AuthLayout>
  ),
});
