import { useEffect, useId, useRef } from 'react';
import { useController, type UseFormReturn } from 'react-hook-form';

import { useServerForm } from '#console/components/use-server-form.ts';
import type { JsonObject } from '#console/domain/models/json.ts';
import { modelNamed } from '#console/domain/models/project-models.ts';
import { Button } from '#console/ui/button.tsx';
import { Field, type FieldControl } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { firstFieldOf } from '#console/ui/side-panel.tsx';

import type { DataSource } from '../data.queries.ts';
import { typeText } from '../labels.ts';
import type { Reference } from '#console/domain/models/rows.ts';
import { useDiscardDialog } from './discard-dialog.tsx';
import {
  draftsSchema,
  isNullable,
  mustBeGiven,
  noValue,
  textDraft,
  unset,
  withPlaces,
  type Draft,
  type Drafts,
  type WritableField,
  type Writing,
} from './drafts.ts';
import { RowPicker } from '#console/components/row-picker.tsx';
import { ValueInput } from './value-input.tsx';

/** The related row of a relation, if its label is already loaded. */
type KnownOf = (field: WritableField) => Reference | null;

interface RowFormProps<Saved> {
  readonly source: DataSource;
  readonly fields: readonly WritableField[];
  readonly writing: Writing;
  readonly initial: Drafts;
  readonly knownOf: KnownOf;
  /** The path of the row inside the data of the mutation, if the mutation writes it through a relation. */
  readonly errorsBelow?: readonly string[];
  readonly submitLabel: string;
  readonly onSubmit: (data: JsonObject) => Promise<Saved>;
  readonly onSaved: (saved: Saved) => void;
  readonly onCancel: () => void;
}

/**
 * A form with a control for each writable field of a row. Server errors about a field are shown below that field. The
 * first field receives focus, and a changed form asks before it is closed.
 */
export function RowForm<Saved>(props: RowFormProps<Saved>) {
  const { source, fields, writing, initial, knownOf, submitLabel, onCancel } = props;
  const isSaved = useRef(false);
  const { form, submit, formError } = useServerForm<Drafts, JsonObject>({
    schema: draftsSchema(fields, writing === 'UPDATE' ? initial : null),
    defaultValues: initial,
    onSubmit: async (data) => {
      const { onSubmit, onSaved, errorsBelow } = props;
      const saved = await withPlaces(source.model, onSubmit(data), errorsBelow);
      isSaved.current = true;
      onSaved(saved);
    },
  });
  const { leaving, dialog } = useDiscardDialog(form.formState.isDirty, isSaved);
  const errorId = useId();
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => firstFieldOf(root.current)?.focus(), []);
  return (
    <div ref={root}>
      <form noValidate onSubmit={(event) => void submit(event)} className="space-y-5">
        {fields.map((field) => (
          <DraftField
            key={field.name}
            source={source}
            form={form}
            field={field}
            writing={writing}
            known={knownOf(field)}
          />
        ))}
        <div id={errorId}>
          <FormError>{formError}</FormError>
        </div>
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-surface px-5 py-3">
          <Button onClick={() => leaving(onCancel)}>Cancel</Button>
          <Button type="submit" variant="primary" isLoading={form.formState.isSubmitting}>
            {submitLabel}
          </Button>
        </div>
      </form>
      {dialog}
    </div>
  );
}

interface DraftFieldProps {
  readonly source: DataSource;
  readonly form: UseFormReturn<Drafts, unknown, JsonObject>;
  readonly field: WritableField;
  readonly writing: Writing;
  readonly known: Reference | null;
}

function DraftField({ source, form, field, writing, known }: DraftFieldProps) {
  const { field: control, fieldState } = useController({ control: form.control, name: field.name });
  const draft = control.value ?? unset;
  return (
    <div className="relative">
      <Field
        label={
          <>
            {field.name}{' '}
            <span className="ml-1 font-mono text-xs font-normal text-quiet">{typeText(field)}</span>
          </>
        }
        help={helpOf(field, writing)}
        error={fieldState.error?.message}
        isOptional={writing === 'CREATE' && !mustBeGiven(field)}
      >
        {(described) => (
          <DraftControl
            source={source}
            field={field}
            draft={draft}
            writing={writing}
            known={known}
            described={described}
            inputRef={control.ref}
            onChange={control.onChange}
          />
        )}
      </Field>
      <ResetButton field={field} draft={draft} writing={writing} onChange={control.onChange} />
    </div>
  );
}

interface DraftControlProps {
  readonly source: DataSource;
  readonly field: WritableField;
  readonly draft: Draft;
  readonly writing: Writing;
  readonly known: Reference | null;
  readonly described: FieldControl;
  readonly inputRef: React.RefCallback<HTMLElement>;
  readonly onChange: (draft: Draft) => void;
}

function DraftControl(props: DraftControlProps) {
  const { source, field, draft, writing, known, described, inputRef, onChange } = props;
  if (field.kind === 'VALUE') {
    const control = { ...described, 'aria-required': isNeeded(field, writing) };
    return <ValueInput {...{ field, draft, writing, control, inputRef, onChange }} />;
  }
  const target = modelNamed(source.models, field.target);
  if (target === null) return null;
  return (
    <RowPicker
      {...described}
      projectRef={source.ref}
      model={target}
      value={draft.state === 'VALUE' ? draft.text : null}
      known={known}
      inputRef={inputRef}
      isClearable={isNullable(field)}
      onValueChange={(id) => onChange(id === null ? noValue : textDraft(id))}
    />
  );
}

const isNeeded = (field: WritableField, writing: Writing): true | undefined =>
  (writing === 'CREATE' ? mustBeGiven(field) : field.isRequired) || undefined;

function ResetButton({
  field,
  draft,
  writing,
  onChange,
}: Pick<DraftControlProps, 'field' | 'draft' | 'writing' | 'onChange'>) {
  if (field.kind !== 'VALUE' || draft.state !== 'VALUE') return null;
  if (field.type.kind === 'ENUM' && !field.isList) return null;
  const canDefault = writing === 'CREATE' && field.isRequired && !mustBeGiven(field);
  if (!canDefault && !isNullable(field)) return null;
  return (
    <button
      type="button"
      aria-label={canDefault ? `Use default: ${field.name}` : `Set to null: ${field.name}`}
      className="absolute top-0 right-0 cursor-pointer rounded-sm text-xs text-quiet underline underline-offset-2 hover:text-ink"
      onClick={() => onChange(canDefault ? unset : noValue)}
    >
      {canDefault ? 'Use default' : 'Set to null'}
    </button>
  );
}

/** The field's rules, without the Markdown backticks of API descriptions. */
function helpOf(field: WritableField, writing: Writing): string | null {
  if (field.kind === 'TO_ONE') return field.description;
  const rules = field.create?.rules ?? field.description;
  const ruleText = writing === 'UPDATE' ? rules?.replace(/Default: .*$/s, '') : rules;
  const form = formOf(field);
  return (
    [ruleText, form]
      .filter((each) => each != null && each !== '')
      .join(' ')
      .replaceAll('`', '') || null
  );
}

function formOf({ type, isList }: WritableField & { kind: 'VALUE' }): string | null {
  if (!isList || type.kind === 'ENUM') return null;
  const isJson = type.name === 'String' || type.name === 'JSON';
  return isJson ? 'Enter a JSON array, such as ["one", "two"].' : 'Enter one item per line.';
}
