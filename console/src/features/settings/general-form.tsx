import type { ReactNode } from 'react';
import { useWatch } from 'react-hook-form';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { requiredName } from '#console/lib/required-name.ts';
import { slugPattern, slugRule } from '#console/lib/slug.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardFooter, CardHeader } from '#console/ui/card.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { toast } from '#console/ui/toast.ts';

export interface NameAndSlug {
  readonly name: string;
  readonly slug: string;
}

const schema = z.object({
  name: requiredName('Enter a name.'),
  slug: z.string().check(z.regex(slugPattern, slugRule)),
});

interface GeneralFormProps {
  readonly value: NameAndSlug;
  readonly nameHelp: ReactNode;
  readonly slugHelp: ReactNode;
  /** A warning shown while the slug differs from the saved one. */
  readonly slugWarning?: ReactNode;
  /** Why the form is read-only; null if it can be edited. */
  readonly reason: string | null;
  /** Resolves to the saved values. */
  readonly onSave: (value: NameAndSlug) => Promise<NameAndSlug>;
}

/** A form for the name and slug of an organization or a project. */
export function GeneralForm({
  value,
  nameHelp,
  slugHelp,
  slugWarning,
  reason,
  onSave,
}: GeneralFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: value,
    failureFields: { SLUG_TAKEN: 'slug' },
    onSubmit: async (values) => {
      const { name, slug } = await onSave(values);
      form.reset({ name, slug });
      toast.success('Saved.');
    },
  });
  const { errors, isSubmitting, isDirty } = form.formState;
  const slug = useWatch({ control: form.control, name: 'slug' });
  const isReadOnly = reason !== null;
  return (
    <Card aria-labelledby="general">
      <form noValidate onSubmit={(event) => void submit(event)}>
        <CardHeader title="General" titleId="general" />
        <CardBody className="flex flex-col gap-5">
          <Field label="Name" help={nameHelp} error={errors.name?.message}>
            <Input
              {...form.register('name')}
              autoComplete="off"
              readOnly={isReadOnly}
              className="sm:max-w-md"
            />
          </Field>
          <Field label="Slug" help={slugHelp} error={errors.slug?.message}>
            <Input
              {...form.register('slug')}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              readOnly={isReadOnly}
              className="font-mono sm:max-w-md"
            />
          </Field>
          <div role="status" className="empty:hidden">
            {slugWarning !== undefined && slug !== value.slug && (
              <Alert tone="warning" title="Changing the slug breaks links">
                {slugWarning}
              </Alert>
            )}
          </div>
          <FormError>{formError}</FormError>
        </CardBody>
        <CardFooter>
          <Button
            type="submit"
            variant="primary"
            isLoading={isSubmitting}
            disabledReason={reason ?? (isDirty ? null : 'No changes to save.')}
          >
            Save changes
          </Button>
        </CardFooter>
      </form>
    </Card>
  );
}
