import type { Ref } from 'react';

import type { ValueField } from '#console/domain/models/project-models.ts';
import type { FieldControl } from '#console/ui/field.tsx';
import { Input, Textarea } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import { emptyDraft, noValue, textDraft, unset, type Draft, type Writing } from './drafts.ts';

interface ValueInputProps {
  readonly field: ValueField;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  readonly writing: Writing;
  readonly control: Partial<FieldControl>;
  readonly inputRef?: Ref<HTMLInputElement & HTMLTextAreaElement & HTMLButtonElement>;
  /** Called when a list of options opens or closes. */
  readonly onOpenChange?: (isOpen: boolean) => void;
}

/**
 * The control for editing a value, chosen by the value's type. The placeholder shows what an empty control means, such
 * as null or default.
 */
export function ValueInput(props: ValueInputProps) {
  const { field, draft, onChange, writing, control, inputRef } = props;
  if (!field.isList && (field.type.kind === 'ENUM' || field.type.name === 'Boolean')) {
    return <ChoiceInput {...props} />;
  }
  const isText = !field.isList && field.type.name === 'String';
  const shared = {
    ...control,
    ref: inputRef,
    value: draft.state === 'VALUE' ? draft.text : '',
    placeholder: placeholderOf(props),
    spellCheck: isText,
    autoComplete: 'off',
    onChange: ({ target }: { target: { value: string } }) =>
      onChange(
        target.value === '' && !isText && !field.isList
          ? emptyDraft(field, writing)
          : textDraft(target.value),
      ),
  };
  const isCode = field.isList || field.type.name === 'JSON';
  if (isText || isCode) {
    return (
      <Textarea
        {...shared}
        rows={isCode ? 3 : 1}
        className={`field-sizing-content max-h-80 ${isCode ? 'font-mono text-[0.8125rem]' : ''}`}
      />
    );
  }
  return <Input {...shared} {...inputTypeOf(field)} />;
}

function inputTypeOf({ type }: ValueField) {
  switch (type.name) {
    case 'Date':
      return { type: 'date' } as const;
    case 'Int':
    case 'BigInt':
      return { inputMode: 'numeric' } as const;
    case 'Float':
    case 'Decimal':
      return { inputMode: 'decimal' } as const;
    default:
      return { className: type.name === 'DateTime' ? '' : 'font-mono' };
  }
}

function placeholderOf({ field, draft, writing }: ValueInputProps): string {
  if (draft.state === 'NULL') return 'null';
  if (draft.state === 'VALUE') return field.isList ? 'empty list' : 'empty string';
  if (writing === 'UPDATE' || field.create?.mustBeGiven === true) return hintOf(field);
  return field.isRequired ? 'default' : 'null';
}

function hintOf({ type, isList }: ValueField): string {
  if (isList) return type.name === 'String' ? '["one", "two"]' : 'One per line';
  return type.name === 'DateTime' ? '2026-01-31 14:30' : '';
}

// Enum value names cannot contain parentheses, so they cannot conflict with these special values.
const nullOption = '(null)';
const defaultOption = '(default)';

function ChoiceInput(props: ValueInputProps) {
  const { field, draft, onChange, writing, control, inputRef, onOpenChange } = props;
  const values = field.type.kind === 'ENUM' ? field.type.values : ['true', 'false'];
  const hasDefault =
    writing === 'CREATE' && field.isRequired && field.create?.mustBeGiven === false;
  const options = [
    ...(hasDefault ? [{ value: defaultOption, label: 'default' }] : []),
    ...(field.isRequired ? [] : [{ value: nullOption, label: 'null' }]),
    ...values.map((value) => ({ value, label: value })),
  ];
  const resting = hasDefault ? defaultOption : null;
  const value =
    draft.state === 'VALUE' ? draft.text : draft.state === 'NULL' ? nullOption : resting;
  return (
    <Select
      {...control}
      {...(inputRef !== undefined && { ref: inputRef })}
      options={options}
      value={value}
      onOpenChange={onOpenChange}
      onValueChange={(chosen) => {
        if (chosen === nullOption) onChange(noValue);
        else onChange(chosen === defaultOption ? unset : textDraft(chosen));
      }}
    />
  );
}
