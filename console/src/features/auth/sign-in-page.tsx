import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';

import { AuthCard, linkClass } from './auth-card.tsx';
import { CheckInbox } from './check-inbox.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage({ next }: { next: string | undefined }) {
  const [unverified, setUnverified] = useState<string | null>(null);
  const { data: policy } = useSuspenseQuery(accountPolicyQuery);
  if (unverified !== null) {
    return (
      <CheckInbox
        email={unverified}
        after="sign-in"
        next={next}
        onBack={() => setUnverified(null)}
      />
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
      <SignInForm onVerify={setUnverified} />
      <p className="text-center">
        <Link to="/forgot-password" search={{ next }} className={linkClass}>
          Forgot your password?
        </Link>
      </p>
    </AuthCard>
  );
}
