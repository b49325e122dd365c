import { useState, type SubmitEvent } from 'react';

import { audienceMeanings, operationMeanings } from '#console/lib/sdl/access-directives.ts';
import { filterProblem } from '#console/lib/sdl/edit-rules.ts';
import {
  accessOperations,
  audiences,
  type AccessOperation,
  type RuleDraft,
} from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { Select } from '#console/ui/select.tsx';

import { RuleInput } from './rule-input.tsx';

/** What a rule is about: a model, or one of its fields. */
export interface RuleTarget {
  readonly type: string;
  readonly field: string | null;
}

interface RuleFormProps {
  readonly target: RuleTarget;
  readonly initial: RuleDraft;
  /** The whole SDL, for completion. */
  readonly sdl: string;
  readonly submitLabel: string;
  readonly onSubmit: (rule: RuleDraft) => void;
  readonly onCancel: () => void;
}

type Errors = Partial<Record<'to' | FilterName, string>>;
type FilterName = 'where' | 'check' | 'user' | 'claims';

/** A form for a rule of a model or a field. */
export function RuleForm(props: RuleFormProps) {
  const { target, initial, submitLabel, onSubmit, onCancel } = props;
  const [rule, setRule] = useState(initial);
  const [errors, setErrors] = useState<Errors>({});
  const set = (part: Partial<RuleDraft>) => setRule((current) => ({ ...current, ...part }));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const checked = withoutUnused(rule);
    const found = errorsOf(checked);
    setErrors(found);
    if (Object.keys(found).length === 0) onSubmit(checked);
  };
  const known = target.field === null ? accessOperations : fieldOperations;
  return (
    <form
      noValidate
      aria-label={submitLabel}
      onSubmit={submit}
      className="space-y-4 rounded-lg border border-line bg-paper p-4"
    >
      {target.field === null && (
        <Segmented
          label="Kind of rule"
          options={kinds}
          value={rule.directive}
          onValueChange={(directive) => set({ directive })}
        />
      )}
      <p className="text-pretty text-quiet">{aboutOf(target, rule)}</p>
      <Operations
        known={known}
        value={rule.to}
        onValueChange={(to) => set({ to })}
        error={errors.to}
      />
      {rule.directive === 'allow' && (
        <Field label="Who" help={audienceMeanings[rule.as]}>
          <Select
            options={audiences.map((value) => ({ value, label: audienceLabels[value] }))}
            value={rule.as}
            onValueChange={(as) => set({ as })}
          />
        </Field>
      )}
      <Filters {...props} rule={rule} errors={errors} onChange={set} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary">
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

const kinds = [
  { value: 'allow', label: 'Allow' },
  { value: 'require', label: 'Require' },
] as const;

const audienceLabels = {
  PUBLIC: 'Everyone',
  GUEST: 'Guests and signed-in users',
  USER: 'Signed-in users',
} as const;

const fieldOperations = ['READ', 'CREATE', 'UPDATE'] as const satisfies readonly AccessOperation[];

function aboutOf({ type, field }: RuleTarget, { directive }: RuleDraft): string {
  if (field !== null) {
    return `Permits these operations on ${field}, within the rules of ${type}. All others are not possible.`;
  }
  return directive === 'allow'
    ? 'Permits these operations. One of the rules that allow an operation must hold.'
    : 'Must also hold for these operations, in addition to a rule that allows them.';
}

/** `check` has a meaning only for updates, and the audience only for a rule that allows. */
const withoutUnused = (rule: RuleDraft): RuleDraft => ({
  ...rule,
  ...(!rule.to.includes('UPDATE') && { check: '' }),
  ...(rule.directive === 'require' && { as: 'USER' }),
});

function errorsOf(rule: RuleDraft): Errors {
  const filters = (['where', 'check', 'user', 'claims'] as const).flatMap((name) => {
    const problem = filterProblem(rule[name]);
    return problem === null ? [] : [[name, problem] as const];
  });
  return {
    ...Object.fromEntries(filters),
    ...(rule.to.length === 0 && { to: 'Select at least one operation.' }),
  };
}

interface OperationsProps {
  readonly known: readonly AccessOperation[];
  readonly value: readonly AccessOperation[];
  readonly onValueChange: (value: readonly AccessOperation[]) => void;
  readonly error: string | undefined;
}

function Operations({ known, value, onValueChange, error }: OperationsProps) {
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1.5 font-medium">Operations</legend>
      {known.map((operation) => (
        <Checkbox
          key={operation}
          label={operationLabels[operation]}
          description={operationMeanings[operation]}
          checked={value.includes(operation)}
          onCheckedChange={(isChecked) =>
            onValueChange(
              isChecked ? [...value, operation] : value.filter((each) => each !== operation),
            )
          }
        />
      ))}
      <FormError>{error}</FormError>
    </fieldset>
  );
}

const operationLabels: Readonly<Record<AccessOperation, string>> = {
  READ: 'Read',
  CREATE: 'Create',
  UPDATE: 'Update',
  DELETE: 'Delete',
  LINK: 'Link',
};

interface FiltersProps extends Pick<RuleFormProps, 'target' | 'initial' | 'sdl'> {
  readonly rule: RuleDraft;
  readonly errors: Errors;
  readonly onChange: (part: Partial<RuleDraft>) => void;
}

function Filters({ target, initial, sdl, rule, errors, onChange }: FiltersProps) {
  const input = (name: FilterName) => ({
    initial: initial[name],
    before: `${sdl}\ntype ${target.type} @allow(${name}: `,
    error: errors[name] ?? null,
    isOptional: true,
    onChange: (text: string) => onChange({ [name]: text }),
  });
  return (
    <>
      <RuleInput
        {...input('where')}
        label="Which rows"
        help="Conditions on the row. Leave empty for all rows."
        placeholder={'{ ownerId: { eq: "$user.id" } }'}
      />
      {rule.to.includes('UPDATE') && (
        <RuleInput
          {...input('check')}
          label="After an update"
          help="Conditions on the changed row. Leave empty to use the conditions above."
          placeholder="{}"
        />
      )}
      <RuleInput
        {...input('user')}
        label="Which users"
        help="Conditions on the caller’s own row in the @user model."
        placeholder="{ isAdmin: { eq: true } }"
      />
      <RuleInput
        {...input('claims')}
        label="Which claims"
        help="Conditions on the caller’s token. They need a type with @claims."
        placeholder={'{ role: { eq: "admin" } }'}
      />
    </>
  );
}
