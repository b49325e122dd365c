import type { ReactNode } from 'react';
import * as z from 'zod/mini';

import { slugFromName, slugPattern, slugRule } from '#console/lib/slug.ts';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';

import { useServerForm } from './use-server-form.ts';

const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, 'Enter a name.')),
  slug: z.union([z.literal(''), z.string().check(z.regex(slugPattern, slugRule))]),
});

interface NameAndSlugFormProps {
  readonly namePlaceholder: string;
  readonly slugHelp: ReactNode;
  /** @param input the name and slug; without a slug, the server derives one from the name */
  readonly onSubmit: (input: { readonly name: string; readonly slug?: string }) => Promise<unknown>;
  /** The buttons, including the submit button. */
  readonly footer: (isSubmitting: boolean) => ReactNode;
}

/**
 * A form for the name and slug of a new organization or project. The slug follows the name until the user edits the
 * slug.
 */
export function NameAndSlugForm({
  namePlaceholder,
  slugHelp,
  onSubmit,
  footer,
}: NameAndSlugFormProps) {
  const { form, submit, formError } = useServerForm({
    schema,
    defaultValues: { name: '', slug: '' },
    failureFields: { SLUG_TAKEN: 'slug' },
    onSubmit: ({ name, slug }) => onSubmit(slug === '' ? { name } : { name, slug }),
  });
  const { errors, isSubmitting } = form.formState;
  const [name, slug] = form.watch(['name', 'slug']);
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <Field label="Name" error={errors.name?.message}>
        <Input
          {...form.register('name')}
          autoFocus
          autoComplete="off"
          maxLength={120}
          placeholder={namePlaceholder}
        />
      </Field>
      <Field label="Slug" help={slugHelp} error={errors.slug?.message}>
        <Input
          {...form.register('slug')}
          value={slug === '' ? slugFromName(name) : slug}
          onChange={({ target }) =>
            form.setValue('slug', target.value, { shouldValidate: form.formState.isSubmitted })
          }
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono text-[0.8125rem]"
        />
      </Field>
      <FormError>{formError}</FormError>
      {footer(isSubmitting)}
    </form>
  );
}
