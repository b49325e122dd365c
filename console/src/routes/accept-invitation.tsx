import { createFileRoute } from '@tanstack/react-router';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { AcceptInvitationPage } from '#console/features/auth/accept-invitation-page.tsx';
import { AuthLayout } from '#console/features/auth/auth-layout.tsx';
import { invitationQuery } from '#console/features/auth/invitation.queries.ts';
import { mailedToken } from '#console/lib/mailed-token.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { session } from '#console/lib/session/session.ts';

export const Route = createFileRoute('/accept-invitation')({
  head: () => ({ meta: [{ title: pageTitle('Invitation') }] }),
  loader: async ({ context: { queryClient } }) => {
    const token = mailedToken('/accept-invitation');
    const viewer = (await session.isSignedIn()) ? await ensure(queryClient, viewerQuery) : null;
    const invitation = token === null ? null : await ensure(queryClient, invitationQuery(token));
    const { registration } = await ensure(queryClient, accountPolicyQuery);
    return { token, invitation, viewer, mayRegister: registration !== 'CLOSED' };
  },
  component: AcceptInvitation,
});

function AcceptInvitation() {
  return (
    <AuthLayout>
      <AcceptInvitationPage {...Route.useLoaderData()} />
    </AuthLayout>
  );
}
