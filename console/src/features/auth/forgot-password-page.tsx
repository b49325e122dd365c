import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { RequestPasswordResetDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { email } from '#console/lib/email.ts';
import { Button } from '#console/ui/button.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';

import { AuthCard, linkClass } from './auth-card.tsx';

/** Requests a password reset link. The page does not reveal whether the address has an account. */
export function ForgotPasswordPage({ next }: { next: string | undefined }) {
  const [askedFor, setAskedFor] = useState<string | null>(null);
  const backToSignIn = (
    <Link to="/sign-in" search={{ next }} className={linkClass}>
      Back to sign in
    </Link>
  );
  if (askedFor === null) return <AskForLink footer={backToSignIn} onAsked={setAskedFor} />;
  return (
    <AuthCard
      title="Check your email"
      description={
        <>
          If <strong className="font-medium text-ink">{askedFor}</strong> has an account, a link to
          choose a new password is on its way. It works once and expires after an hour.
        </>
      }
      footer={backToSignIn}
    >
      <div role="status" className="text-quiet">
        No email after a few minutes? Check your spam folder, or{' '}
        <button
          type="button"
          className={`cursor-pointer ${linkClass}`}
          onClick={() => setAskedFor(null)}
        >
          try another address
        </button>
        .
      </div>
    </AuthCard>
  );
}

interface AskForLinkProps {
  readonly footer: ReactNode;
  readonly onAsked: (email: string) => void;
}

function AskForLink({ footer, onAsked }: AskForLinkProps) {
  const { form, submit, formError } = useServerForm({
    schema: z.object({ email }),
    defaultValues: { email: '' },
    onSubmit: async (input) => {
      const data = await request(RequestPasswordResetDocument, { input });
      expectSuccess(data.requestPasswordReset, 'RequestPasswordResetSuccess');
      onAsked(input.email);
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthCard
      title="Forgot your password?"
      description="Enter your email address, and we’ll send you a link to choose a new password."
      footer={footer}
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="Email" error={errors.email?.message}>
          <Input
            {...form.register('email')}
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
          />
        </Field>
        <FormError>{formError}</FormError>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          Email me a link
        </Button>
      </form>
    </AuthCard>
  );
}
