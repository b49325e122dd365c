import { Link } from '@tanstack/react-router';

import { AuthCard, linkClass } from './auth-card.tsx';
import { RegisterForm } from './register-form.tsx';

export function RegisterPage({ next }: { next: string | undefined }) {
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
      <RegisterForm />
    </AuthCard>
  );
}
