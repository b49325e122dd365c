import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import * as z from 'zod/mini';

import { useServerForm } from '#console/components/use-server-form.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import type { Project } from '#console/domain/project.queries.ts';
import type { ApiKeyKind } from '#console/gql/graphql.ts';
import { requiredName } from '#console/lib/required-name.ts';
import { Button } from '#console/ui/button.tsx';
import { DialogFooter } from '#console/ui/dialog.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { RadioCards } from '#console/ui/radio-cards.tsx';
import { Select } from '#console/ui/select.tsx';

import { expiresAt, expiries, expiryOptions, type Expiry } from './expiry.ts';
import { presets } from './scopes.ts';
import { ScopesPicker } from './scopes-picker.tsx';

const limitMessage = 'Enter a whole number from 1 to 1,000,000, or leave the field empty.';

const schema = z
  .object({
    name: requiredName('Enter a name.'),
    kind: z.enum(['SECRET', 'PUBLISHABLE']),
    scopes: z.array(z.string()).check(z.minLength(1, 'Select at least one scope.')),
    expiry: z.enum(expiries),
    day: z.string(),
    limit: z.string().check(
      z.trim(),
      z.refine((text) => text === '' || /^[1-9]\d{0,5}$|^1000000$/.test(text), limitMessage),
    ),
  })
  .check(
    z.refine(
      ({ expiry, day }) => expiry !== 'ON_DAY' || Date.parse(`${day}T23:59:59`) > Date.now(),
      { path: ['day'], message: 'Choose today or a later date.' },
    ),
  );

const kinds = [
  {
    value: 'SECRET',
    label: 'Secret',
    description: 'For servers and pipelines. It can see all rows that its scopes allow.',
  },
  {
    value: 'PUBLISHABLE',
    label: 'Publishable',
    description: 'For browsers and apps. The access rules of the schema apply.',
  },
] as const;

/** A key's properties, in the API's format. */
export interface KeyTerms {
  readonly name: string;
  readonly kind: ApiKeyKind;
  readonly scopes: string[];
  readonly rateLimitPerMinute: number | null;
}

interface KeyFormProps {
  readonly project: Project;
  /** The initial values. */
  readonly initial: KeyTerms;
  /** Whether to show the kind and the expiry, which can be set only when a key is created. */
  readonly isNew: boolean;
  readonly submitLabel: string;
  readonly onCancel: () => void;
  readonly onSubmit: (terms: KeyTerms, expiresAt: string | null) => Promise<unknown>;
}

/** A form for a key's name, scopes, expiry and rate limit. */
export function KeyForm(props: KeyFormProps) {
  const { project, initial, isNew, submitLabel, onCancel, onSubmit } = props;
  const version = project.schema?.version ?? null;
  const models = useQuery({
    ...projectModelsQuery(project.ref, version ?? 0),
    enabled: version !== null,
  });
  const { form, submit, formError } = useServerForm<
    z.input<typeof schema>,
    z.output<typeof schema>
  >({
    schema,
    defaultValues: {
      name: initial.name,
      kind: initial.kind,
      scopes: initial.scopes,
      expiry: 'DAYS_90',
      day: '',
      limit: initial.rateLimitPerMinute?.toString() ?? '',
    },
    renamedFields: { expiresAt: 'expiry', rateLimitPerMinute: 'limit' },
    onSubmit: ({ name, kind, scopes, expiry, day, limit }) =>
      onSubmit(
        { name, kind, scopes, rateLimitPerMinute: limit === '' ? null : Number(limit) },
        expiresAt(expiry, day, new Date()),
      ),
  });
  const { errors, isSubmitting } = form.formState;
  const kind = form.watch('kind');
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
      <Field label="Name" help="Which service uses this key?" error={errors.name?.message}>
        <Input {...form.register('name')} autoFocus autoComplete="off" placeholder="Backend" />
      </Field>
      {isNew && (
        <RadioCards
          label="Kind"
          columns={2}
          options={kinds}
          value={kind}
          onValueChange={(next) => {
            form.setValue('kind', next);
            form.setValue('scopes', [...(next === 'PUBLISHABLE' ? presets.FULL : presets.READ)]);
            form.setValue('expiry', next === 'PUBLISHABLE' ? 'NEVER' : 'DAYS_90');
          }}
        />
      )}
      <ScopesPicker
        key={kind}
        kind={kind}
        value={form.watch('scopes')}
        onValueChange={(scopes) =>
          form.setValue('scopes', scopes, { shouldValidate: form.formState.isSubmitted })
        }
        models={models.data?.map(({ name }) => name) ?? []}
        error={errors.scopes?.message}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        {isNew && (
          <ExpiryFields
            expiry={form.watch('expiry')}
            onExpiry={(expiry) => form.setValue('expiry', expiry)}
            error={errors.expiry?.message}
            day={
              <Field label="Last day" error={errors.day?.message}>
                <Input {...form.register('day')} type="date" />
              </Field>
            }
          />
        )}
        <Field
          label="Requests per minute"
          isOptional
          help="Leave empty to use the default limit."
          error={errors.limit?.message}
        >
          <Input {...form.register('limit')} inputMode="numeric" autoComplete="off" />
        </Field>
      </div>
      <FormError>{formError}</FormError>
      <DialogFooter>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" isLoading={isSubmitting}>
          {submitLabel}
        </Button>
      </DialogFooter>
    </form>
  );
}

interface ExpiryFieldsProps {
  readonly expiry: Expiry;
  readonly onExpiry: (expiry: Expiry) => void;
  readonly error: string | undefined;
  /** The date field for `ON_DAY`. */
  readonly day: ReactNode;
}

function ExpiryFields({ expiry, onExpiry, error, day }: ExpiryFieldsProps) {
  return (
    <>
      <Field label="Expires" help="This can’t be changed later." error={error}>
        <Select options={expiryOptions} value={expiry} onValueChange={onExpiry} />
      </Field>
      {expiry === 'ON_DAY' && day}
    </>
  );
}
