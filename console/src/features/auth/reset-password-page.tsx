import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { ResetPasswordDocument } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { newPassword, newPasswordHelp } from '#console/lib/new-password.ts';
import { session } from '#console/lib/session/session.ts';
import { Button, buttonClass } from '#console/ui/button.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { PasswordInput } from '#console/ui/password-input.tsx';

import { AuthCard } from './auth-card.tsx';
import { MailedLinkMissing } from './mailed-link-missing.tsx';

type Step = 'choose' | 'done' | 'used-up';

/**
 * Sets a new password with the token from an emailed link.
 *
 * @param token null if the page was opened without a token
 */
export function ResetPasswordPage({ token }: { token: string | null }) {
  const [step, setStep] = useState<Step>('choose');
  if (token === null) return <MailedLinkMissing />;
  if (step === 'done') return <Done />;
  if (step === 'used-up') return <UsedUp />;
  return <ChoosePassword token={token} onStep={setStep} />;
}

interface ChoosePasswordProps {
  readonly token: string;
  readonly onStep: (step: Step) => void;
}

function ChoosePassword({ token, onStep }: ChoosePasswordProps) {
  const { form, submit, formError } = useServerForm({
    schema: z.object({ newPassword }),
    defaultValues: { newPassword: '' },
    onSubmit: async (input) => {
      try {
        const data = await request(ResetPasswordDocument, { input: { ...input, token } });
        expectSuccess(data.resetPassword, 'ResetPasswordSuccess');
      } catch (error) {
        if (!isApiError(error, 'INVALID_TOKEN')) throw error;
        onStep('used-up');
        return;
      }
      onStep('done');
      // The reset revoked all of the user's sessions. The refresh detects whether this browser's session was one of
      // them.
      if (session.state === 'signed-in') await session.refresh();
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthCard
      title="Choose a new password"
      description="All devices signed in to your account will be signed out."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="New password" help={newPasswordHelp} error={errors.newPassword?.message}>
          <PasswordInput {...form.register('newPassword')} autoComplete="new-password" required />
        </Field>
        <FormError>{formError}</FormError>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          Save new password
        </Button>
      </form>
    </AuthCard>
  );
}

function Done() {
  return (
    <AuthCard
      title="Password changed"
      description="All devices were signed out. Sign in with the new password."
    >
      <Link to="/sign-in" className={buttonClass('primary')}>
        Sign in
      </Link>
    </AuthCard>
  );
}

function UsedUp() {
  return (
    <AuthCard
      title="This link no longer works"
      description="A link to choose a new password works once and expires after an hour. Request a new link, or open the most recent email that you received."
    >
      <Link to="/forgot-password" className={buttonClass('primary')}>
        Request a new link
      </Link>
    </AuthCard>
  );
}
