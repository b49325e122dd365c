import { Link } from '@tanstack/react-router';

import { useServerForm } from '#console/components/use-server-form.ts';
import type { TrustedIssuerInput } from '#console/gql/graphql.ts';
import type { UserSchema } from '#console/lib/sdl/user-schema.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { DialogFooter } from '#console/ui/dialog.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';

import { ClaimRows } from './claim-rows.tsx';
import { Algorithms, codeProps, UserField } from './issuer-fields.tsx';
import { issuerInput, issuerSchema, issuerValues, type TrustedIssuer } from './issuer-values.ts';

interface IssuerFormProps {
  readonly projectRef: string;
  /** The issuer to edit; null for a new one. */
  readonly issuer: TrustedIssuer | null;
  readonly others: readonly TrustedIssuer[];
  /** The users and claims of the applied schema. */
  readonly users: UserSchema;
  readonly onCancel: () => void;
  readonly onSubmit: (issuer: TrustedIssuerInput) => Promise<unknown>;
}

/** A form for a trusted issuer. */
export function IssuerForm(props: IssuerFormProps) {
  const { projectRef, issuer, others, users, onCancel, onSubmit } = props;
  const { form, submit, formError } = useServerForm({
    schema: issuerSchema(others),
    defaultValues: issuerValues(issuer),
    onSubmit: (values) => onSubmit(issuerInput(values)),
  });
  const { errors, isSubmitting } = form.formState;
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      {users.type === null && <NoUserModel projectRef={projectRef} />}
      <Field
        label="Issuer"
        help="The claim iss of its tokens. It must be exactly the same, including a slash at the end."
        error={errors.issuer?.message}
      >
        <Input
          {...codeProps}
          {...form.register('issuer')}
          type="url"
          autoFocus
          placeholder="https://login.example.com/"
        />
      </Field>
      <Field
        label="Audience"
        help="The claim aud of its tokens must be or contain this text."
        error={errors.audience?.message}
      >
        <Input {...codeProps} {...form.register('audience')} placeholder="my-app" />
      </Field>
      <Field
        label="Key URL"
        isOptional
        help="Where the issuer publishes its public keys (JWKS). Leave empty to use OpenID Connect discovery."
        error={errors.jwksUrl?.message}
      >
        <Input
          {...codeProps}
          {...form.register('jwksUrl')}
          type="url"
          placeholder="https://login.example.com/.well-known/jwks.json"
        />
      </Field>
      <Algorithms form={form} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field
          label="User claim"
          help="The claim that identifies the user, usually sub. With email, the address must be verified."
          error={errors.userClaim?.message}
        >
          <Input {...codeProps} {...form.register('userClaim')} />
        </Field>
        <UserField form={form} users={users} others={others} />
      </div>
      <ClaimRows form={form} known={users.claims} />
      <FormError>{formError}</FormError>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          {issuer === null ? 'Add issuer' : 'Save changes'}
        </Button>
      </DialogFooter>
    </form>
  );
}

function NoUserModel({ projectRef }: { projectRef: string }) {
  return (
    <Alert tone="warning" title="The applied schema has no users.">
      An issuer needs a model with @user, whose rows are the users of your apps.{' '}
      <Link
        to="/projects/$ref/schema"
        params={{ ref: projectRef }}
        className="font-medium text-accent underline underline-offset-2"
      >
        Go to the schema
      </Link>
    </Alert>
  );
}
