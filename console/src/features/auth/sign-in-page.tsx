import { Link } from '@tanstack/react-router';

import { AuthCard, linkClass } from './auth-card.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage({ next }: { next: string | undefined }) {
  return (
    <AuthCard
      title="Sign in"
      footer={
        <>
          New to Tessera?{' '}
          <Link to="/register" search={{ next }} className={linkClass}>
            Create an account
          </Link>
        </>
      }
    >
      <SignInForm />
      <p className="text-center">
        <Link to="/forgot-password" search={{ next }} className={linkClass}>
          Forgot your password?
        </Link>
      </p>
    </AuthCard>
  );
}
