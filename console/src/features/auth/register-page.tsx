import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';

import { accountPolicyQuery } from '#console/domain/account-policy.queries.ts';

import { AuthCard, linkClass } from './auth-card.tsx';
import { CheckInbox } from './check-inbox.tsx';
import { RegisterForm } from './register-form.tsx';
import { NoRegistration } from './no-registration.tsx';

export function RegisterPage({ next }: { next: string | undefined }) {
  const [unverified, setUnverified] = useState<string | null>(null);
  const { data: policy } = useSuspenseQuery(accountPolicyQuery);
  if (policy.registration !== 'OPEN') {
    return <NoRegistration mode={policy.registration} next={next} />;
  }
  if (unverified !== null) {
    return (
      <CheckInbox
        email={unverified}
        after="register"
        next={next}
        onBack={() => setUnverified(null)}
      />
    );
  }
  return (
    <AuthCard
      title="Create your account"
      description="One account for all of your organizations."
      footer={
        <>
          Already have an account?{' '}
          <Link to="/sign-in" search={{ next }} className={linkClass}>
            Sign in
          </Link>
        </>
      }
    >
      <RegisterForm onVerify={setUnverified} />
    </AuthCard>
  );
}
