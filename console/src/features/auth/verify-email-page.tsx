import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';

import { AuthCard } from './auth-card.tsx';
import { MailedLinkMissing } from './mailed-link-missing.tsx';

interface VerifyEmailPageProps {
  /** Null without a link. */
  readonly isVerified: boolean | null;
  readonly isSignedIn: boolean;
}

/** What came of the link that was mailed to an address. */
export function VerifyEmailPage({ isVerified, isSignedIn }: VerifyEmailPageProps) {
  if (isVerified === null) return <MailedLinkMissing />;
  if (isVerified) {
    return (
      <AuthCard title="Your address is verified" description="There is nothing more to do here.">
        <Link to="/" className={buttonClass('primary')}>
          {isSignedIn ? 'Go on to Tessera' : 'Sign in'}
        </Link>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="This link does not work any more"
      description="A link to verify an address works once, for three days. If yours is not verified yet, your account page sends a new one."
    >
      <Link to="/account" className={buttonClass('primary')}>
        {isSignedIn ? 'Go to your account' : 'Sign in to your account'}
      </Link>
    </AuthCard>
  );
}
