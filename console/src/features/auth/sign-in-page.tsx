import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';
import { session } from '#console/lib/session/session.ts';

import { AuthCard, linkClass } from './auth-card.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Loaded when it is needed, to keep the sign-in page small. */
const CheckInbox = lazy(async () => ({
  default: (await import('./check-inbox.tsx')).CheckInbox,
}));

/** Loaded when it is needed, like `CheckInbox`. */
const SessionEndNotice = lazy(async () => ({
  default: (await import('./session-end-notice.tsx')).SessionEndNotice,
}));

export function SignInPage({ next }: { next: string | undefined }) {
  const [unverified, setUnverified] = useState<string | null>(null);
  const { data: policy } = useSuspenseQuery(accountPolicyQuery);
  if (unverified !== null) {
    return (
      <Suspense>
        <CheckInbox
          email={unverified}
          after="sign-in"
          next={next}
          onBack={() => setUnverified(null)}
        />
      </Suspense>
    );
  }
  return (
    <AuthCard
      title="Sign in"
      footer={
        policy.registration === 'OPEN' ? (
          <>
            New to Tessera?{' '}
            <Link to="/register" search={{ next }} className={linkClass}>
              Create an account
            </Link>
          </>
        ) : undefined
      }
    >
      {session.ending !== null && (
        <Suspense>
          <SessionEndNotice ending={session.ending} />
        </Suspense>
      )}
      <SignInForm onVerify={setUnverified} />
      <p className="text-center">
        <Link to="/forgot-password" search={{ next }} className={linkClass}>
          Forgot your password?
        </Link>
      </p>
    </AuthCard>
  );
}
