import type { KeyboardEvent, Ref } from 'react';

import type { ValueField } from '#console/domain/models/project-models.ts';
import { linesOf } from '#console/domain/models/values.ts';
import type { FieldControl } from '#console/ui/field.tsx';
import { Input, Textarea } from '#console/ui/input.tsx';
import { MultiSelect } from '#console/ui/multi-select.tsx';
import { Select } from '#console/ui/select.tsx';

import { DateTimeInput } from './date-time-input.tsx';
import {
  emptyDraft,
  noValue,
  textDraft,
  unset,
  type Draft,
  type WritableField,
  type Writing,
} from './drafts.ts';
import { JsonInput } from './json-input.tsx';

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

/** Whether a line break is part of the value, so that Enter does not save it. */
export function isMultiLine(field: WritableField, draft: Draft): boolean {
  if (field.kind !== 'VALUE') return false;
  if (field.isList) return field.type.kind !== 'ENUM';
  if (field.type.name === 'JSON') return true;
  return field.type.name === 'String' && draft.state === 'VALUE' && draft.text.includes('\n');
}

/** Whether the control consists of several inputs or buttons, between which Tab moves. */
export const isCompound = (field: WritableField): boolean =>
  field.kind === 'VALUE' &&
  (isJsonText(field) || (!field.isList && field.type.name === 'DateTime'));

/** Whether the value is edited as JSON. */
const isJsonText = ({ type, isList }: ValueField): boolean =>
  type.name === 'JSON' || (isList && type.name === 'String');

/**
 * The control for editing a value, chosen by the value's type. The placeholder shows what an empty control means, such
 * as null or default.
 */
export function ValueInput(props: ValueInputProps) {
  const { field, draft, onChange, writing, control, inputRef, onOpenChange } = props;
  const text = draft.state === 'VALUE' ? draft.text : '';
  const placeholder = placeholderOf(props);
  if (!field.isList && (field.type.kind === 'ENUM' || field.type.name === 'Boolean')) {
    return <ChoiceInput {...props} />;
  }
  const chosen = chosenOf(field, text);
  if (field.type.kind === 'ENUM' && chosen !== null) {
    return (
      <MultiSelect
        {...control}
        {...(inputRef !== undefined && { ref: inputRef })}
        options={field.type.values}
        value={chosen}
        placeholder={placeholder || 'Choose…'}
        onOpenChange={onOpenChange}
        onValueChange={(values) => onChange(textDraft(values.join('\n')))}
      />
    );
  }
  if (!field.isList && field.type.name === 'DateTime') {
    const empty = emptyDraft(field, writing);
    return (
      <DateTimeInput
        {...{ field, draft, empty, placeholder, onChange, control, inputRef, onOpenChange }}
      />
    );
  }
  if (isJsonText(field)) {
    return (
      <JsonInput
        {...control}
        name={field.name}
        ref={inputRef}
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        onKeyDown={submitOnEnter(true)}
        onValueChange={(next) =>
          onChange(next === '' && !field.isList ? emptyDraft(field, writing) : textDraft(next))
        }
      />
    );
  }
  return <TextInput {...props} />;
}

/** The chosen values of an enum list; null if only a text area can show them, because one occurs twice. */
function chosenOf({ type, isList }: ValueField, text: string): readonly string[] | null {
  if (type.kind !== 'ENUM' || !isList) return null;
  const values = linesOf(text);
  const isSet = new Set(values).size === values.length;
  return isSet && values.every((value) => type.values.includes(value)) ? values : null;
}

function TextInput(props: ValueInputProps) {
  const { field, draft, onChange, writing, control, inputRef } = props;
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
  if (!isText && !field.isList) return <Input {...shared} {...inputTypeOf(field)} />;
  return (
    <Textarea
      {...shared}
      rows={field.isList ? 3 : 1}
      onKeyDown={submitOnEnter(isMultiLine(field, draft))}
      className={`field-sizing-content max-h-80 ${field.isList ? 'font-mono text-[0.8125rem]' : ''}`}
    />
  );
}

/**
 * Submits the form on Enter or, if the text has several lines, on Ctrl+Enter. Shift+Enter adds a line. A touch screen has
 * none of these keys, so that Enter adds a line there.
 */
const submitOnEnter =
  (hasLines: boolean) =>
  (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.shiftKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (!isCommand && (hasLines || matchMedia('(pointer: coarse)').matches)) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };

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
      return { className: 'font-mono' };
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
  return '';
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
