import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { asRole } from '#console/domain/role-words.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { Time } from '#console/ui/time.tsx';

import { AcceptAs, SwitchAccount } from './accept-invitation.tsx';
import { AuthCard } from './auth-card.tsx';
import { CheckInbox } from './check-inbox.tsx';
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
  /** False if the operator has closed registration. */
  readonly mayRegister: boolean;
}

/** Shows an invitation. Only a user who is signed in with the invited address can accept it. */
export function AcceptInvitationPage(props: AcceptInvitationPageProps) {
  const { token, invitation, viewer, mayRegister } = props;
  const [unverified, setUnverified] = useState<string | null>(null);
  if (token === null) return <MailedLinkMissing />;
  if (invitation === null) return <NotOpen />;
  if (unverified !== null) {
    return <CheckInbox email={unverified} after="sign-in" onBack={() => setUnverified(null)} />;
  }
  const isForViewer = viewer?.email === invitation.email;
  return (
    <AuthCard
      title={`Join ${invitation.organizationName}`}
      description={<Introduction invitation={invitation} />}
    >
      {viewer === null && (
        <BecomeSomebody
          invitation={{ email: invitation.email, token }}
          mayRegister={mayRegister}
          onVerify={setUnverified}
        />
      )}
      {viewer !== null && isForViewer && <AcceptAs token={token} email={viewer.email} />}
      {viewer !== null && !isForViewer && (
        <SwitchAccount current={viewer.email} invited={invitation.email} />
      )}
    </AuthCard>
  );
}

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

interface BecomeSomebodyProps {
  readonly invitation: { readonly email: string; readonly token: string };
  readonly mayRegister: boolean;
  readonly onVerify: (email: string) => void;
}

/** Forms to register or sign in. The address is fixed, because only the invited address can accept the invitation. */
function BecomeSomebody({ invitation, mayRegister, onVerify }: BecomeSomebodyProps) {
  const [way, setWay] = useState<'register' | 'sign-in'>('register');
  const signIn = <SignInForm fixedEmail={invitation.email} onVerify={onVerify} />;
  if (!mayRegister) return signIn;
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
      {way === 'register' ? <RegisterForm invitation={invitation} onVerify={onVerify} /> : signIn}
    </>
  );
}

function NotOpen() {
  return (
    <AuthCard
      title="This invitation is no longer valid"
      description="It was already accepted or revoked, or it has expired. Invitations are valid for seven days. Open the most recent invitation email or link, or ask an organization admin for a new invitation."
    >
      <Link to="/" className={buttonClass('primary')}>
        Go to Tessera
      </Link>
    </AuthCard>
  );
}
