import { Link } from '@tanstack/react-router';

import { buttonClass } from '#console/ui/button.tsx';

import { AuthCard } from './auth-card.tsx';

interface NoRegistrationProps {
  readonly mode: 'INVITED' | 'CLOSED';
  readonly next: string | undefined;
}

/** Shown instead of the registration form if the operator has restricted registration. */
export function NoRegistration({ mode, next }: NoRegistrationProps) {
  return mode === 'INVITED' ? (
    <AuthCard
      title="Registration requires an invitation"
      description="Ask an admin of your organization to invite you. Then open the link in the invitation email."
    >
      <ToSignIn next={next} />
    </AuthCard>
  ) : (
    <AuthCard
      title="Registration is closed"
      description="New accounts cannot be created on this server. If you need one, ask the person who runs it."
    >
      <ToSignIn next={next} />
    </AuthCard>
  );
}

function ToSignIn({ next }: { next: string | undefined }) {
  return (
    <Link to="/sign-in" search={{ next }} className={buttonClass('primary')}>
      Go to sign in
    </Link>
  );
}
