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

/** @param token of the mailed link; null where the page was not opened with one */
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
      // It ended the sessions of its user; if one of them was this browser's, that is found out now.
      if (session.state === 'signed-in') await session.refresh();
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <AuthCard
      title="Choose a new password"
      description="All devices that are signed in to your account will be signed out."
    >
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="New password" help={newPasswordHelp} error={errors.newPassword?.message}>
          <PasswordInput {...form.register('newPassword')} autoComplete="new-password" required />
        </Field>
        <FormError>{formError}</FormError>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          Save the new password
        </Button>
      </form>
    </AuthCard>
  );
}

function Done() {
  return (
    <AuthCard
      title="Your password is changed"
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
      title="This link does not work any more"
      description="A link to choose a new password works once, and not for long. Ask for a new one, or open the newest mail that you got."
    >
      <Link to="/forgot-password" className={buttonClass('primary')}>
        Ask for a new link
      </Link>
    </AuthCard>
  );
}
