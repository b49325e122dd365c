import { useId, useRef, useState, type KeyboardEvent } from 'react';

import type { JsonObject } from '#console/domain/models/json.ts';
import { modelNamed } from '#console/domain/models/project-models.ts';
import { ApiError, explainError } from '#console/lib/api/errors.ts';
import { cn } from '#console/ui/cn.ts';
import { toast } from '#console/ui/toast.ts';

import type { DataSource } from '../data.queries.ts';
import { referenceOf, type Row } from '#console/domain/models/rows.ts';
import {
  dataOf,
  draftOf,
  isNullable,
  noValue,
  textDraft,
  withPlaces,
  type Draft,
  type WritableField,
} from '../row/drafts.ts';
import { RowPicker } from '#console/components/row-picker.tsx';
import { isCompound, isMultiLine, ValueInput } from '../row/value-input.tsx';

/** Where focus moves after editing; `AWAY` if the user has already moved it elsewhere. */
export type Leaving = 'STAY' | 'NEXT' | 'PREVIOUS' | 'AWAY';

type Save = (data: JsonObject) => Promise<unknown>;

interface CellEditorProps {
  readonly source: DataSource;
  readonly field: WritableField;
  readonly row: Row;
  readonly save: Save;
  readonly onLeave: (leaving: Leaving) => void;
}

/**
 * An inline cell editor. Enter saves, Tab saves and moves to the next cell, and Escape cancels. A click outside saves,
 * and can be undone. If the API rejects the value, the editor stays open and shows the reason.
 */
export function CellEditor({ source, field, row, save, onLeave }: CellEditorProps) {
  const { name } = field;
  const before = draftOf(field, row);
  const [draft, setDraft] = useState<Draft>(before);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const hasLines = isMultiLine(field, draft);
  const id = useId();
  const isDone = useRef(false);
  /** An open list of options handles Enter and Escape itself. */
  const isListOpen = useRef(false);

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
        await withPlaces(source.model, save(data));
      } catch (error) {
        setIsSaving(false);
        setProblem(reasonOf(error));
        return;
      }
    }
    isDone.current = true;
    onLeave(leaving);
    // A click outside might not have been meant to save.
    if (leaving === 'AWAY' && Object.keys(data).length > 0) offerUndo(field, before, save);
  };
  const cancel = () => {
    // `onLeave` moves focus. The blur handler must not save in that case.
    isDone.current = true;
    onLeave('STAY');
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isCompound(field) && event.key === 'Tab' && hasNextControl(event)) return;
    const leaving = keyOf(event, { isListOpen: isListOpen.current, hasLines });
    if (leaving === null) return;
    // Handled in the capture phase, because the control would otherwise clear itself on Escape.
    event.preventDefault();
    event.stopPropagation();
    if (leaving === 'CANCEL') cancel();
    else if (leaving === 'NULL') void (isNullable(field) && commit('STAY', noValue));
    else void commit(leaving);
  };

  const onOpenChange = (isOpen: boolean) => {
    isListOpen.current = isOpen;
  };
  const described = {
    id,
    'aria-label': `Edit ${field.name}`,
    'aria-describedby': problem === null ? undefined : `${id}-problem`,
    'aria-invalid': problem === null ? undefined : (true as const),
    'aria-busy': isSaving || undefined,
  };
  const target = field.kind === 'TO_ONE' ? modelNamed(source.models, field.target) : null;
  return (
    <div
      className={cn(
        'scroll-m-3 py-1 text-left font-normal whitespace-normal',
        isCompound(field) ? 'min-w-80' : 'min-w-56',
      )}
      ref={showWhole}
      onKeyDownCapture={onKeyDown}
      // Do not propagate the event to the surrounding grid, which handles the same keys.
      onKeyDown={(event) => event.stopPropagation()}
      onBlur={({ currentTarget, relatedTarget }) => {
        // Do not save if focus stays inside this element or if no other element receives it (`relatedTarget` is null).
        // An open list of options is rendered outside this element, but moving focus to it must not save either.
        if (relatedTarget === null || currentTarget.contains(relatedTarget)) return;
        if (!isListOpen.current) void commit('AWAY');
      }}
    >
      {field.kind === 'VALUE' && (
        <ValueInput
          field={field}
          draft={draft}
          writing="UPDATE"
          control={described}
          inputRef={focusAndSelect}
          onOpenChange={onOpenChange}
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
          model={target}
          value={draft.state === 'VALUE' ? draft.text : null}
          known={referenceOf(row[field.name])}
          isClearable={isNullable(field)}
          inputRef={focusAndSelect}
          onOpenChange={onOpenChange}
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
        {hasLines ? 'Ctrl+Enter saves' : 'Enter saves'}, Esc cancels
        {isNullable(field) && ', Ctrl+Delete sets null'}
        {isSaving && <span role="status">. Saving…</span>}
      </p>
    </div>
  );
}

/** Scrolls the grid, so that the whole editor is in sight and not only the focused control. */
const showWhole = (editor: HTMLElement | null): void =>
  editor?.scrollIntoView({ block: 'nearest', inline: 'nearest' });

/** Focuses the control and selects its text, so that typing replaces the value. */
function focusAndSelect(control: HTMLElement | null): void {
  control?.focus();
  if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) {
    control.select();
  }
}

/** Whether Tab can move to another control of the editor. */
function hasNextControl({ currentTarget, target, shiftKey }: KeyboardEvent<HTMLElement>): boolean {
  const controls = [
    ...currentTarget.querySelectorAll('input, textarea, button:not([tabindex="-1"])'),
  ].filter((control) => control.getAttribute('aria-hidden') !== 'true');
  return target !== controls.at(shiftKey ? 0 : -1);
}

/** Shows a message with a button that restores the value before the edit. */
function offerUndo(field: WritableField, before: Draft, save: Save): void {
  const { data } = dataOf([field], { [field.name]: before }, {});
  const undo = async () => {
    try {
      await save(data);
      toast.success(`${field.name} restored.`);
    } catch (error) {
      toast.error(`${field.name} could not be restored. ${reasonOf(error)}`);
    }
  };
  toast.success(`${field.name} saved.`, { label: 'Undo', run: () => void undo() });
}

interface KeyContext {
  readonly isListOpen: boolean;
  /** Whether Enter adds a line. */
  readonly hasLines: boolean;
}

function keyOf(
  event: KeyboardEvent,
  { isListOpen, hasLines }: KeyContext,
): Leaving | 'CANCEL' | 'NULL' | null {
  const isCommand = event.ctrlKey || event.metaKey;
  if (event.nativeEvent.isComposing) return null;
  switch (event.key) {
    case 'Tab':
      return event.shiftKey ? 'PREVIOUS' : 'NEXT';
    case 'Enter':
      return isListOpen || event.shiftKey || (hasLines && !isCommand) ? null : 'STAY';
    case 'Escape':
      return isListOpen ? null : 'CANCEL';
    case 'Delete':
      return isCommand ? 'NULL' : null;
    default:
      return null;
  }
}

function reasonOf(error: unknown): string {
  const issue = error instanceof ApiError ? error.issues[0] : undefined;
  return issue?.message ?? explainError(error);
}
