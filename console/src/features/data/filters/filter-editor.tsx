import { useState, type SyntheticEvent } from 'react';

import { fieldNamed, modelNamed, type ModelField } from '#console/domain/models/project-models.ts';
import { linesOf } from '#console/domain/models/values.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { Field, type FieldControl } from '#console/ui/field.tsx';
import { Input, Textarea } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import type { Filter } from '../data-search.ts';
import type { DataSource } from '../data.queries.ts';
import { RowPicker } from '#console/components/row-picker.tsx';
import {
  canIgnoreCase,
  conditionOf,
  operatorNamed,
  operatorsOf,
  type Operator,
} from './filters.ts';

interface FilterEditorProps {
  readonly source: DataSource;
  readonly filter: Filter;
  readonly submitLabel: string;
  readonly onSubmit: (filter: Filter) => void;
}

/** The initial state of a new filter: the first value field that is not the ID. */
export function freshFilter(source: DataSource): Filter {
  const field =
    source.model.fields.find((each) => each.kind === 'VALUE' && !each.isId) ??
    source.model.fields.find(({ kind }) => kind !== 'KEY');
  return field === undefined ? { field: '', operator: '' } : filterOn(field);
}

/** A field's default operator. Strings default to "contains" with "Ignore case", the most common search. */
function filterOn(field: ModelField): Filter {
  const isText = field.kind === 'VALUE' && field.type.name === 'String' && !field.isList;
  if (isText) return { field: field.name, operator: 'contains', ignoreCase: true };
  return { field: field.name, operator: operatorsOf(field)[0]?.name ?? '' };
}

export function FilterEditor({ source, filter, submitLabel, onSubmit }: FilterEditorProps) {
  const { model } = source;
  const [draft, setDraft] = useState(filter);
  const [problem, setProblem] = useState<string | null>(null);
  const field = fieldNamed(model, draft.field);
  const operator = field === null ? null : operatorNamed(field, draft.operator);
  const caseMatters = field !== null && canIgnoreCase(field, draft.operator);
  const change = (next: Partial<Filter>) => {
    setDraft({ ...draft, ...next });
    setProblem(null);
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const given = withValue(draft, operator);
    const condition = conditionOf(model, given);
    if (condition.isOk) onSubmit(given);
    else setProblem(condition.problem);
  };
  return (
    <form noValidate onSubmit={submit} className="flex w-72 max-w-full flex-col gap-3">
      <Field label="Field">
        <Select
          options={model.fields
            .filter((each) => operatorsOf(each).length > 0)
            .map(({ name }) => ({ value: name, label: name }))}
          value={draft.field}
          onValueChange={(name) => {
            const next = fieldNamed(model, name);
            if (next !== null) setDraft(filterOn(next));
            setProblem(null);
          }}
        />
      </Field>
      {field !== null && (
        <Field label="Condition">
          <Select
            options={operatorsOf(field).map(({ name, words }) => ({ value: name, label: words }))}
            value={operator?.name ?? null}
            onValueChange={(name) => change({ operator: name })}
          />
        </Field>
      )}
      {field !== null && operator !== null && operator.operand !== 'NONE' && (
        <Field
          label="Value"
          error={problem}
          help={operator.operand === 'VALUES' ? 'Enter one value per line.' : null}
        >
          {(control) => (
            <Operand
              key={`${field.name} ${operator.operand}`}
              {...{ source, field, operator, control }}
              value={draft.value}
              onChange={(value) => change({ value })}
            />
          )}
        </Field>
      )}
      {caseMatters && (
        <Checkbox
          label="Ignore case"
          checked={draft.ignoreCase === true}
          onCheckedChange={(isOn) =>
            setDraft(({ ignoreCase: _, ...rest }) => (isOn ? { ...rest, ignoreCase: true } : rest))
          }
        />
      )}
      <Button type="submit" variant="primary">
        {submitLabel}
      </Button>
    </form>
  );
}

/** Removes the parts of the filter that the operator does not need, to keep the URL short. */
function withValue(
  { field, operator: name, value, ignoreCase }: Filter,
  operator: Operator | null,
): Filter {
  const base = { field, operator: name, ...(ignoreCase === true && { ignoreCase }) };
  switch (operator?.operand) {
    case 'VALUES':
      return { ...base, value: Array.isArray(value) ? value : (linesOf(value ?? '') as string[]) };
    case 'VALUE':
    case 'TEXT':
    case 'ROW':
      return { ...base, value: Array.isArray(value) ? (value[0] ?? '') : (value ?? '') };
    case 'NONE':
    case undefined:
      return base;
  }
}

interface OperandProps {
  readonly source: DataSource;
  readonly field: ModelField;
  readonly operator: Operator;
  readonly control: FieldControl;
  readonly value: Filter['value'];
  readonly onChange: (value: string) => void;
}

function Operand({ source, field, operator, control, value, onChange }: OperandProps) {
  const text = Array.isArray(value) ? value.join('\n') : (value ?? '');
  const target = 'target' in field ? modelNamed(source.models, field.target) : null;
  if (target !== null) {
    return (
      <RowPicker
        {...control}
        projectRef={source.ref}
        model={target}
        value={text === '' ? null : text}
        onValueChange={(id) => onChange(id ?? '')}
      />
    );
  }
  const choices = choicesOf(field);
  if (operator.operand === 'VALUE' && choices !== null) {
    return (
      <Select
        {...control}
        options={choices.map((choice) => ({ value: choice, label: choice }))}
        value={text === '' ? null : text}
        onValueChange={onChange}
      />
    );
  }
  if (operator.operand === 'VALUES') {
    return (
      <Textarea
        {...control}
        value={text}
        placeholder={choices?.join('\n')}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const isDay = field.kind === 'VALUE' && field.type.name === 'Date';
  const isMoment = field.kind === 'VALUE' && field.type.name === 'DateTime';
  return (
    <Input
      {...control}

      type={isDay ? 'date' : 'text'}
      value={text}
      placeholder={isMoment ? '2026-01-31 14:30' : undefined}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function choicesOf(field: ModelField): readonly string[] | null {
  if (field.kind !== 'VALUE') return null;
  if (field.type.kind === 'ENUM') return field.type.values;
  return field.type.name === 'Boolean' ? ['true', 'false'] : null;
}
