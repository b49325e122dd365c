import { createFileRoute } from '@tanstack/react-router';

import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { AuthLayout } from '#console/features/auth/auth-layout.tsx';
import { verificationQuery } from '#console/features/auth/verification.queries.ts';
import { VerifyEmailPage } from '#console/features/auth/verify-email-page.tsx';
import { mailedToken } from '#console/lib/mailed-token.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { session } from '#console/lib/session/session.ts';

export const Route = createFileRoute('/verify-email')({
  head: () => ({ meta: [{ title: pageTitle('Verify your email address') }] }),
  loader: async ({ context: { queryClient } }) => {
    const token = mailedToken('/verify-email');
    const isSignedIn = await session.isSignedIn();
    const isVerified = token === null ? null : await ensure(queryClient, verificationQuery(token));
    if (isVerified === true)
      await queryClient.invalidateQueries({ queryKey: viewerQuery.queryKey });
    return { isVerified, isSignedIn };
  },
  component: VerifyEmail,
});

function VerifyEmail() {
  return (
    <AuthLayout>
      <VerifyEmailPage {...Route.useLoaderData()} />
    </AuthLayout>
  );
}
