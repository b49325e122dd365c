import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import type { Role } from '#console/gql/graphql.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { Time } from '#console/ui/time.tsx';

import { AcceptAs, SwitchAccount } from './accept-invitation.tsx';
import { AuthCard } from './auth-card.tsx';
import type { InvitationPreview } from './invitation.queries.ts';
import { MailedLinkMissing } from './mailed-link-missing.tsx';
import { RegisterForm } from './register-form.tsx';
import { SignInForm } from './sign-in-form.tsx';

interface AcceptInvitationPageProps {
  /** The token from the emailed link; null if the page was opened without one. */
  readonly token: string | null;
  /** Null if the invitation is no longer open. */
  readonly invitation: InvitationPreview | null;
  readonly viewer: { readonly email: string } | null;
}

/** Shows an invitation. Only a user who is signed in with the invited address can accept it. */
export function AcceptInvitationPage({ token, invitation, viewer }: AcceptInvitationPageProps) {
  if (token === null) return <MailedLinkMissing />;
  if (invitation === null) return <NotOpen />;
  const isForViewer = viewer?.email === invitation.email;
  return (
    <AuthCard
      title={`Join ${invitation.organizationName}`}
      description={<Introduction invitation={invitation} />}
    >
      {viewer === null && <BecomeSomebody email={invitation.email} />}
      {viewer !== null && isForViewer && <AcceptAs token={token} email={viewer.email} />}
      {viewer !== null && !isForViewer && (
        <SwitchAccount current={viewer.email} invited={invitation.email} />
      )}
    </AuthCard>
  );
}

const asRole: Readonly<Record<Role, string>> = {
  OWNER: 'an owner',
  ADMIN: 'an admin',
  DEVELOPER: 'a developer',
  VIEWER: 'a viewer',
};

function Introduction({ invitation }: { invitation: InvitationPreview }) {
  return (
    <>
      {invitation.invitedByName ?? 'Someone'} invited you to{' '}
      <strong className="font-medium text-ink">{invitation.organizationName}</strong> as{' '}
      <strong className="font-medium text-ink">{asRole[invitation.role]}</strong>. The invitation
      expires <Time value={invitation.expiresAt} />.
    </>
  );
}

/** Forms to register or sign in. The address is fixed, because only the invited address can accept the invitation. */
function BecomeSomebody({ email }: { email: string }) {
  const [way, setWay] = useState<'register' | 'sign-in'>('register');
  return (
    <>
      <Segmented
        label="Do you have an account?"
        options={[
          { value: 'register', label: 'Create an account' },
          { value: 'sign-in', label: 'I have an account' },
        ]}
        value={way}
        onValueChange={setWay}
      />
      {way === 'register' ? <RegisterForm fixedEmail={email} /> : <SignInForm fixedEmail={email} />}
    </>
  );
}

function NotOpen() {
  return (
    <AuthCard
      title="This invitation is no longer valid"
      description="It was already accepted or revoked, or it has expired. Invitations are valid for seven days. Open the most recent invitation email, or ask an organization admin for a new invitation."
    >
      <Link to="/" className={buttonClass('primary')}>
        Go to Tessera
      </Link>
    </AuthCard>
  );
}
