import { useQueryClient } from '@tanstack/react-query';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { ChangePasswordDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { newPassword, newPasswordHelp } from '#console/lib/new-password.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardFooter, CardHeader } from '#console/ui/card.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { PasswordInput } from '#console/ui/password-input.tsx';
import { toast } from '#console/ui/toast.ts';

import { userSessionsQuery } from './account.queries.ts';

const schema = z.object({
  currentPassword: z.string().check(z.minLength(1, 'Enter your current password.')),
  newPassword,
});

export function PasswordCard({ email }: { email: string }) {
  const queryClient = useQueryClient();
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { currentPassword: '', newPassword: '' },
    failureFields: { INVALID_CREDENTIALS: 'currentPassword' },
    onSubmit: async (input) => {
      const data = await request(ChangePasswordDocument, { input });
      expectSuccess(data.changePassword, 'ChangePasswordSuccess');
      form.reset();
      toast.success('Password changed. Your other devices were signed out.');
      await Promise.all(
        [userSessionsQuery.queryKey, queryKeys.viewer.log].map((queryKey) =>
          queryClient.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <Card aria-labelledby="password-title">
      <CardHeader
        title="Password"
        titleId="password-title"
        description="Changing your password signs out all your other devices. This device stays signed in."
      />
      <form noValidate onSubmit={(event) => void submit(event)}>
        {/* Password managers need the username that belongs to the password. */}
        <input type="text" autoComplete="username" value={email} readOnly hidden />
        <CardBody className="flex flex-col gap-5">
          <Field
            label="Current password"
            error={errors.currentPassword?.message}
            className="max-w-md"
          >
            <PasswordInput
              {...form.register('currentPassword')}
              autoComplete="current-password"
              required
            />
          </Field>
          <Field
            label="New password"
            help={newPasswordHelp}
            error={errors.newPassword?.message}
            className="max-w-md"
          >
            <PasswordInput {...form.register('newPassword')} autoComplete="new-password" required />
          </Field>
          <FormError>{formError}</FormError>
        </CardBody>
        <CardFooter>
          <Button type="submit" variant="primary" isLoading={isSubmitting}>
            Change password
          </Button>
        </CardFooter>
      </form>
    </Card>
  );
}
