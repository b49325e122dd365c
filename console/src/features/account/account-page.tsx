import { useSuspenseQuery } from '@tanstack/react-query';

import { ReceivedInvitations } from '#console/components/received-invitations/received-invitations.tsx';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { Page } from '#console/ui/page.tsx';

import { ActivityCard } from './activity-card.tsx';
import { PasswordCard } from './password-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { VerificationNotice } from './verification-notice.tsx';

/** The signed-in user's profile, password, sessions and activity. */
export function AccountPage() {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  // The user has just signed out: the router is about to show the sign-in page.
  if (viewer === null) return null;
  return (
    <Page
      title="Account"
      description="Your profile, password, signed-in devices and activity."
      width="narrow"
    >
      {viewer.emailVerifiedAt === null && <VerificationNotice email={viewer.email} />}
      <ReceivedInvitations />
      <ProfileCard viewer={viewer} />
      <PasswordCard email={viewer.email} />
      <SessionsCard />
      <ActivityCard />
    </Page>
  );
}
