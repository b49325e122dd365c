import { useSuspenseQuery } from '@tanstack/react-query';

import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { Page } from '#console/ui/page.tsx';

import { PasswordCard } from './password-card.tsx';
import { ProfileCard } from './profile-card.tsx';
import { SessionsCard } from './sessions-card.tsx';
import { VerificationNotice } from './verification-notice.tsx';

/** Everything about the signed-in user themselves. */
export function AccountPage() {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  // Signed out just now: the page gives way to the one for signing in.
  if (viewer === null) return null;
  return (
    <Page title="Account" description="You, in all of your organizations." width="narrow">
      {viewer.emailVerifiedAt === null && <VerificationNotice email={viewer.email} />}
      <ProfileCard viewer={viewer} />
      <PasswordCard email={viewer.email} />
      <SessionsCard />
    </Page>
  );
}
