import { Plus, X } from 'lucide-react';
import { useId, useRef } from 'react';
import { useController, useFieldArray } from 'react-hook-form';

import { Button } from '#console/ui/button.tsx';
import { cn } from '#console/ui/cn.ts';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Input } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import { codeProps, withChosen, type IssuerFormState } from './issuer-fields.tsx';

interface ClaimRowsProps {
  readonly form: IssuerFormState;
  /** The fields of the `@claims` type in the applied schema. */
  readonly known: readonly string[];
}

/** The claims of an issuer's tokens that access rules can use, with one row for each. */
export function ClaimRows({ form, known }: ClaimRowsProps) {
  const id = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const { fields, append, remove } = useFieldArray({ control: form.control, name: 'claims' });
  const errors = form.formState.errors.claims;
  return (
    <div
      role="group"
      aria-labelledby={id}
      aria-describedby={`${id}-help`}
      className="flex flex-col gap-3"
    >
      <div className="space-y-0.5">
        <p id={id} className="font-medium">
          Claims <span className="ml-0.5 font-normal text-quiet">optional</span>
        </p>
        <p id={`${id}-help`} className="text-[0.8125rem] text-pretty text-quiet">
          Where the token contains the claims that access rules use. A claim that is not in this
          list is missing in rules.
        </p>
      </div>
      {fields.map(({ id: key }, index) => (
        <ClaimRow
          key={key}
          form={form}
          index={index}
          known={known}
          onRemove={() => {
            remove(index);
            // The button that had the focus no longer exists.
            addButton.current?.focus();
          }}
        />
      ))}
      <Button
        ref={addButton}
        size="sm"
        icon={Plus}
        className="self-start"
        disabledReason={
          known.length === 0
            ? 'The applied schema has no type with @claims, so it has no claims.'
            : null
        }
        onClick={() => append({ name: '', path: '' })}
      >
        Add claim
      </Button>
      <FormError>{errors?.root?.message ?? errors?.message}</FormError>
    </div>
  );
}

interface ClaimRowProps extends ClaimRowsProps {
  readonly index: number;
  readonly onRemove: () => void;
}

function ClaimRow({ form, index, known, onRemove }: ClaimRowProps) {
  const { field, fieldState } = useController({
    control: form.control,
    name: `claims.${index}.name`,
  });
  const errors = form.formState.errors.claims?.[index];
  // On wide screens, the labels of the first row are the heads of the columns.
  const labelClass = index === 0 ? undefined : 'sm:sr-only';
  return (
    <div
      role="group"
      aria-label={`Claim ${index + 1}`}
      className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-2 gap-y-3 sm:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]"
    >
      <Field label={<span className={labelClass}>Claim</span>} error={fieldState.error?.message}>
        {(control) =>
          known.length === 0 ? (
            <Input {...codeProps} {...control} {...field} />
          ) : (
            <Select
              {...control}
              ref={field.ref}
              options={withChosen(
                known.map((name) => ({ value: name, label: name })),
                field.value,
              )}
              value={field.value === '' ? null : field.value}
              onValueChange={field.onChange}
            />
          )
        }
      </Field>
      <Field
        label={<span className={labelClass}>Path in the token</span>}
        error={errors?.path?.message}
        className="max-sm:col-start-1 max-sm:row-start-2"
      >
        <Input
          {...codeProps}
          {...form.register(`claims.${index}.path`)}
          placeholder="app_metadata.role"
        />
      </Field>
      <IconButton
        label={`Remove claim ${index + 1}`}
        icon={X}
        onClick={onRemove}
        // Beside the control, below its label.
        className={cn(
          'self-start max-sm:col-start-2 max-sm:row-start-1 max-sm:mt-6.5',
          index === 0 && 'sm:mt-6.5',
        )}
      />
    </div>
  );
}
