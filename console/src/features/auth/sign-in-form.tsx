import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { LoginDocument } from '#console/gql/graphql.ts';
import { isApiError } from '#console/lib/api/errors.ts';
import { requestAsNobody } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { email } from '#console/lib/email.ts';
import { session } from '#console/lib/session/session.ts';
import { Button } from '#console/ui/button.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { PasswordInput } from '#console/ui/password-input.tsx';

const schema = z.object({
  email,
  password: z.string().check(z.minLength(1, 'Enter your password.')),
});

interface SignInFormProps {
  /** An address that the user cannot change. */
  readonly fixedEmail?: string;
  /** Called if the password is right, but the address must be verified before the first sign-in. */
  readonly onVerify: (email: string) => void;
}

/** Signs in. The page reacts to the session change. */
export function SignInForm({ fixedEmail, onVerify }: SignInFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { email: fixedEmail ?? '', password: '' },
    onSubmit: async (input) => {
      try {
        await session.signIn(
          async () =>
            expectSuccess((await requestAsNobody(LoginDocument, { input })).login, 'LoginSuccess')
              .session,
        );
      } catch (error) {
        if (!isApiError(error, 'EMAIL_NOT_VERIFIED')) throw error;
        onVerify(input.email);
      }
    },
  });
  const { errors, isSubmitting, isSubmitSuccessful } = form.formState;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label="Email" error={errors.email?.message}>
        <Input
          {...form.register('email')}
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          readOnly={fixedEmail !== undefined}
        />
      </Field>
      <Field label="Password" error={errors.password?.message}>
        <PasswordInput {...form.register('password')} autoComplete="current-password" required />
      </Field>
      <FormError>{formError}</FormError>
      <Button type="submit" variant="primary" isLoading={isSubmitting || isSubmitSuccessful}>
        Sign in
      </Button>
    </form>
  );
}
