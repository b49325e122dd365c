import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { RegisterDocument } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { requestAsNobody } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { email } from '#console/lib/email.ts';
import { newPassword, newPasswordHelp } from '#console/lib/new-password.ts';
import { requiredName } from '#console/lib/required-name.ts';
import { session } from '#console/lib/session/session.ts';
import { Button } from '#console/ui/button.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { PasswordInput } from '#console/ui/password-input.tsx';

const schema = z.object({
  name: requiredName('Enter your name.'),
  email,
  password: newPassword,
});

interface RegisterFormProps {
  /** An invitation, and the address that it was sent to, which the user cannot change. */
  readonly invitation?: { readonly email: string; readonly token: string };
  /** Called if the address must be verified before the first sign-in. */
  readonly onVerify: (email: string) => void;
}

/** Creates an account and signs in. The page reacts to the session change. */
export function RegisterForm({ invitation, onVerify }: RegisterFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { name: '', email: invitation?.email ?? '', password: '' },
    failureFields: { EMAIL_TAKEN: 'email' },
    onSubmit: async (registration) => {
      const input = { ...registration, invitationToken: invitation?.token ?? null };
      try {
        await session.signIn(
          async () =>
            expectSuccess(
              (await requestAsNobody(RegisterDocument, { input })).register,
              'RegisterSuccess',
            ).session,
        );
      } catch (error) {
        if (!isApiError(error, 'EMAIL_NOT_VERIFIED')) throw error;
        onVerify(registration.email);
      }
    },
  });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label="Name" error={errors.name?.message}>
        <Input {...form.register('name')} autoComplete="name" required />
      </Field>
      <Field label="Email" error={errors.email?.message}>
        <Input
          {...form.register('email')}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          readOnly={invitation !== undefined}
        />
      </Field>
      <Field label="Password" help={newPasswordHelp} error={errors.password?.message}>
        <PasswordInput {...form.register('password')} autoComplete="new-password" required />
      </Field>
      <FormError>{formError}</FormError>
      <Button type="submit" variant="primary" isLoading={isSubmitting || isSubmitSuccessful}>
        Create account
      </Button>
    </form>
  );
}
