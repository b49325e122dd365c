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
  /** Of the mailed link; null without one. */
  readonly token: string | null;
  /** Null where the link is not good any more. */
  readonly invitation: InvitationPreview | null;
  readonly viewer: { readonly email: string } | null;
}

/** An invitation, to be accepted by whoever is signed in with its address, and by nobody else. */
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
      {invitation.invitedByName ?? 'Somebody'} invites you to{' '}
      <strong className="font-medium text-ink">{invitation.organizationName}</strong> as{' '}
      <strong className="font-medium text-ink">{asRole[invitation.role]}</strong>. The invitation
      ends <Time value={invitation.expiresAt} />.
    </>
  );
}

/** The address is the invitation's: with another one it could not be accepted. */
function BecomeSomebody({ email }: { email: string }) {
  const [way, setWay] = useState<'register' | 'sign-in'>('register');
  return (
    <>
      <Segmented
        label="How to go on"
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
      title="This invitation is not open"
      description="It was accepted or taken back, or its seven days are over. Open the newest mail that you got, or ask an admin of the organization for a new invitation."
    >
      <Link to="/" className={buttonClass('primary')}>
        Go to Tessera
      </Link>
    </AuthCard>
  );
}
