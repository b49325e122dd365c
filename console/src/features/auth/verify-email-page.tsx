import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';

import { AuthCard } from './auth-card.tsx';
import { MailedLinkMissing } from './mailed-link-missing.tsx';

interface VerifyEmailPageProps {
  /** Null if the page was opened without a token from an emailed link. */
  readonly isVerified: boolean | null;
  readonly isSignedIn: boolean;
}

/** The result of opening a verification link. */
export function VerifyEmailPage({ isVerified, isSignedIn }: VerifyEmailPageProps) {
  if (isVerified === null) return <MailedLinkMissing />;
  if (isVerified) {
    return (
      <AuthCard
        title="Your email address is verified"
        description="You don’t need to do anything else."
      >
        <Link to="/" className={buttonClass('primary')}>
          {isSignedIn ? 'Continue to Tessera' : 'Sign in'}
        </Link>
      </AuthCard>
    );
  }
  return (
    <AuthCard
      title="This link no longer works"
      description="A verification link works once and expires after three days. If your email address is not verified yet, request a new link on your account page."
    >
      <Link to="/account" className={buttonClass('primary')}>
        {isSignedIn ? 'Go to your account' : 'Sign in to your account'}
      </Link>
    </AuthCard>
  );
}
