import { useId } from 'react';
import { useController, type UseFormReturn } from 'react-hook-form';

import type { UserSchema } from '#console/lib/sdl/user-schema.ts';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Input } from '#console/ui/input.tsx';
import { Select, type SelectOption } from '#console/ui/select.tsx';

import { issuerAlgorithms, type IssuerValues, type TrustedIssuer } from './issuer-values.ts';

/** The properties of inputs whose text is compared exactly. */
export const codeProps = {
  autoComplete: 'off',
  autoCapitalize: 'none',
  spellCheck: false,
  className: 'font-mono text-[0.8125rem]',
} as const;

/** The form of an issuer. */
export type IssuerFormState = UseFormReturn<IssuerValues, unknown, IssuerValues>;

export function Algorithms({ form }: { form: IssuerFormState }) {
  const id = useId();
  const chosen = form.watch('algorithms');
  const error = form.formState.errors.algorithms?.message;
  return (
    <div
      role="group"
      aria-labelledby={id}
      aria-describedby={`${id}-help`}
      className="flex flex-col gap-1.5"
    >
      <p id={id} className="font-medium">
        Algorithms <span className="ml-0.5 font-normal text-quiet">optional</span>
      </p>
      <div className="flex flex-wrap gap-x-6 gap-y-1.5">
        {issuerAlgorithms.map((algorithm) => (
          <Checkbox
            key={algorithm}
            label={algorithm}
            checked={chosen.includes(algorithm)}
            onCheckedChange={(isChosen) =>
              form.setValue(
                'algorithms',
                issuerAlgorithms.filter((each) =>
                  each === algorithm ? isChosen : chosen.includes(each),
                ),
                { shouldValidate: form.formState.isSubmitted },
              )
            }
          />
        ))}
      </div>
      <p id={`${id}-help`} className="text-[0.8125rem] text-quiet">
        The accepted signature algorithms. If none is selected, all three are accepted.
      </p>
      <FormError>{error}</FormError>
    </div>
  );
}

interface UserFieldProps {
  readonly form: IssuerFormState;
  readonly users: UserSchema;
  readonly others: readonly TrustedIssuer[];
}

/** Chooses the unique field that contains the value of the user claim. Without a `@user` model, it is text. */
export function UserField({ form, users, others }: UserFieldProps) {
  const { field, fieldState } = useController({ control: form.control, name: 'userField' });
  const { type, uniqueFields } = users;
  const options = uniqueFields.map((name): SelectOption => {
    const other = others.find(({ userField }) => userField === name);
    return {
      value: name,
      label: name,
      disabledReason: other === undefined ? null : `Used by ${other.issuer}`,
    };
  });
  return (
    <Field
      label="User field"
      help={`The unique field of ${type ?? 'the @user model'} that contains the value of the user claim.`}
      error={fieldState.error?.message}
    >
      {(control) =>
        options.length === 0 ? (
          <Input {...codeProps} {...control} {...field} />
        ) : (
          <Select
            {...control}
            ref={field.ref}
            options={withChosen(options, field.value)}
            value={field.value === '' ? null : field.value}
            onValueChange={field.onChange}
          />
        )
      }
    </Field>
  );
}

/** The options, and the stored value if the applied schema does not have it. */
export const withChosen = (
  options: readonly SelectOption[],
  chosen: string,
): readonly SelectOption[] =>
  chosen === '' || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: chosen, description: 'Not in the applied schema' }];
