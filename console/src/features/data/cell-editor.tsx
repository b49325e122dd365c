import { useId, useRef, useState, type KeyboardEvent } from 'react';

import { ApiError, explainError } from '#console/lib/api/errors.ts';
import { typeNamed } from '#console/lib/model/data-model.ts';
import type { JsonObject } from '#console/lib/model/json.ts';

import type { DataSource, Row } from './data.queries.ts';
import {
  dataOf,
  draftOf,
  inputName,
  isNullable,
  noValue,
  textDraft,
  withPlaces,
  type Draft,
  type WritableField,
} from './drafts.ts';
import { referenceOf } from './labels.ts';
import { RowPicker } from './row-picker.tsx';
import { ValueInput } from './value-input.tsx';

/** Where one goes on after a cell; `AWAY` is where one has gone already. */
export type Leaving = 'STAY' | 'NEXT' | 'PREVIOUS' | 'AWAY';

interface CellEditorProps {
  readonly source: DataSource;
  readonly field: WritableField;
  readonly row: Row;
  readonly save: (data: JsonObject) => Promise<unknown>;
  readonly onLeave: (leaving: Leaving) => void;
}

/**
 * In the place of a cell: Enter saves, Tab saves and goes on, Escape leaves it as it was. What is refused stays,
 * with the reason below it.
 */
export function CellEditor({ source, field, row, save, onLeave }: CellEditorProps) {
  const name = inputName(field);
  const before = draftOf(field, row);
  const [draft, setDraft] = useState<Draft>(before);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const id = useId();
  const isDone = useRef(false);

  const commit = async (leaving: Leaving, chosen: Draft = draft) => {
    if (isSaving || isDone.current) return;
    const { data, problems } = dataOf([field], { [name]: chosen }, { [name]: before });
    const [wrong] = problems;
    if (wrong !== undefined) {
      setProblem(wrong.message);
      return;
    }
    if (Object.keys(data).length > 0) {
      setIsSaving(true);
      try {
        await withPlaces(source.type, save(data));
      } catch (error) {
        setIsSaving(false);
        setProblem(reasonOf(error));
        return;
      }
    }
    isDone.current = true;
    onLeave(leaving);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const leaving = keyOf(event, isListOpen(event.currentTarget));
    if (leaving === null) return;
    // Ahead of the control, which would clear itself at Escape.
    event.preventDefault();
    event.stopPropagation();
    if (leaving === 'CANCEL') onLeave('STAY');
    else if (leaving === 'NULL') void (isNullable(field) && commit('STAY', noValue));
    else void commit(leaving);
  };

  const described = {
    id,
    'aria-label': `Edit ${field.name}`,
    'aria-describedby': problem === null ? undefined : `${id}-problem`,
    'aria-invalid': problem === null ? undefined : (true as const),
    'aria-busy': isSaving || undefined,
  };
  const target = field.kind === 'TO_ONE' ? typeNamed(source.model, field.target) : null;
  return (
    <div
      className="min-w-56 py-1 text-left font-normal whitespace-normal"
      onKeyDownCapture={onKeyDown}
      // The grid around it has keys of its own.
      onKeyDown={(event) => event.stopPropagation()}
      onBlur={({ currentTarget, relatedTarget }) => {
        // A list of choices stands elsewhere in the document; and nothing focused is a press on nothing.
        if (relatedTarget === null || currentTarget.contains(relatedTarget)) return;
        if (!isListOpen(currentTarget)) void commit('AWAY');
      }}
      ref={focusFirst}
    >
      {field.kind === 'VALUE' && (
        <ValueInput
          field={field}
          draft={draft}
          writing="UPDATE"
          control={described}
          onChange={(changed) => {
            setDraft(changed);
            setProblem(null);
          }}
        />
      )}
      {target !== null && (
        <RowPicker
          {...described}
          label={`Edit ${field.name}`}
          projectRef={source.ref}
          type={target}
          value={draft.state === 'VALUE' ? draft.text : null}
          known={referenceOf(row[field.name])}
          isClearable={isNullable(field)}
          onValueChange={(chosen) => {
            const next = chosen === null ? noValue : textDraft(chosen);
            setDraft(next);
            setProblem(null);
          }}
        />
      )}
      <p id={`${id}-problem`} role="alert" className="mt-1 text-xs text-danger empty:hidden">
        {problem}
      </p>
      <p className="mt-1 text-xs text-quiet">
        Enter saves, Esc cancels{isNullable(field) && ', Ctrl+Delete sets null'}
        {isSaving && <span role="status">. Saving…</span>}
      </p>
    </div>
  );
}

/** The editor opens because somebody wants to type. */
function focusFirst(box: HTMLElement | null): void {
  const control = box?.querySelector<HTMLElement>('input, textarea, button');
  if (box?.contains(document.activeElement) === true) return;
  control?.focus();
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    control.select();
  }
}

/** A list of choices takes Enter and Escape for itself. */
const isListOpen = (box: HTMLElement): boolean =>
  box.querySelector('[aria-expanded="true"]') !== null;

function keyOf(event: KeyboardEvent, isChoosing: boolean): Leaving | 'CANCEL' | 'NULL' | null {
  if (event.nativeEvent.isComposing) return null;
  switch (event.key) {
    case 'Tab':
      return event.shiftKey ? 'PREVIOUS' : 'NEXT';
    case 'Enter':
      return isChoosing || event.shiftKey ? null : 'STAY';
    case 'Escape':
      return isChoosing ? null : 'CANCEL';
    case 'Delete':
      return event.ctrlKey || event.metaKey ? 'NULL' : null;
    default:
      return null;
  }
}

function reasonOf(error: unknown): string {
  const issue = error instanceof ApiError ? error.issues[0] : undefined;
  return issue?.message ?? explainError(error);
}
