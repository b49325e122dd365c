import { useState, type Ref } from 'react';

import type { ValueField } from '#console/domain/models/project-models.ts';
import { readValue } from '#console/domain/models/values.ts';
import { cn } from '#console/ui/cn.ts';
import type { FieldControl } from '#console/ui/field.tsx';
import { Input } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import {
  dateTimeParts,
  dateTimeText,
  isLocalUtc,
  localZoneText,
  noParts,
  type DateTimeParts,
  type Zone,
} from './date-time-parts.ts';
import { textDraft, type Draft } from './drafts.ts';

interface DateTimeInputProps {
  readonly field: ValueField;
  readonly draft: Draft;
  /** The draft for empty inputs. */
  readonly empty: Draft;
  /** What empty inputs mean, such as null. */
  readonly placeholder: string;
  readonly onChange: (draft: Draft) => void;
  readonly control: Partial<FieldControl>;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
  readonly onOpenChange?: ((isOpen: boolean) => void) | undefined;
}

/**
 * A date, a time and a time zone. A value that is not edited keeps its microseconds. The text below the
 * inputs is the value that will be stored.
 */
export function DateTimeInput(props: DateTimeInputProps) {
  const { field, draft, empty, placeholder, onChange, control, inputRef, onOpenChange } = props;
  const [zone, setZone] = useState<Zone>(isLocalUtc() ? 'UTC' : 'LOCAL');
  const text = draft.state === 'VALUE' ? draft.text : '';
  const parts = dateTimeParts(text, zone);
  // Keep the input for the fraction while its text is being replaced.
  const [hasFraction, setHasFraction] = useState(false);
  if (!hasFraction && parts !== null && parts.fraction !== '') setHasFraction(true);
  const write = (next: string) => onChange(next === '' ? empty : textDraft(next));
  const { id, ...described } = control;
  const reading = readValue(field.type, text);
  const stored =
    reading.isOk && typeof reading.value === 'string'
      ? reading.value.replace(/\+00:00$/, 'Z')
      : null;

  if (parts === null) {
    return (
      <Input
        {...described}
        id={id}
        ref={inputRef}
        value={text}
        onChange={({ target }) => write(target.value)}
      />
    );
  }
  const change = (changed: Partial<DateTimeParts>) =>
    write(dateTimeText({ ...noParts, ...parts, ...changed }, zone));
  return (
    <div role="group" aria-label={field.name} className="space-y-1.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <Input
          {...described}
          id={id}
          ref={inputRef}
          type="date"
          max="9999-12-31"
          aria-label={`Date of ${field.name}`}
          className="w-40"
          value={parts.date}
          onChange={({ target }) => change({ date: target.value })}
        />
        <Input
          {...described}
          type="time"
          step={1}
          aria-label={`Time of ${field.name}`}
          className="w-36"
          value={parts.time}
          onChange={({ target }) => change({ time: target.value })}
        />
        {hasFraction && (
          <span className="inline-flex items-center gap-1 font-mono">
            .
            <Input
              {...described}
              inputMode="numeric"
              maxLength={6}
              aria-label={`Fraction of a second of ${field.name}`}
              className="w-24 font-mono"
              value={parts.fraction}
              onChange={({ target }) => change({ fraction: target.value.replace(/\D/g, '') })}
            />
          </span>
        )}
        <ZoneSelect
          field={field}
          zone={zone}
          moment={stored}
          onOpenChange={onOpenChange}
          onChange={(next) => {
            // The same moment, so that only its text in the inputs changes.
            if (stored !== null) onChange(textDraft(stored));
            setZone(next);
          }}
        />
      </div>
      <p className={cn('text-xs text-quiet', stored !== null && 'font-mono')}>
        {stored ?? (draft.state === 'VALUE' ? 'Enter a date and a time.' : placeholder)}
      </p>
    </div>
  );
}

interface ZoneSelectProps {
  readonly field: ValueField;
  readonly zone: Zone;
  /** The value, on which the offset of the time zone depends; null if it is incomplete. */
  readonly moment: string | null;
  readonly onChange: (zone: Zone) => void;
  readonly onOpenChange: ((isOpen: boolean) => void) | undefined;
}

function ZoneSelect({ field, zone, moment, onChange, onOpenChange }: ZoneSelectProps) {
  if (isLocalUtc()) return <span className="text-quiet">UTC</span>;
  const time = moment === null ? new Date() : new Date(moment);
  return (
    <Select<Zone>
      label={`Time zone of ${field.name}`}
      className="w-fit max-w-full"
      options={[
        { value: 'LOCAL', label: localZoneText(time) },
        { value: 'UTC', label: 'UTC' },
      ]}
      value={zone}
      onOpenChange={onOpenChange}
      onValueChange={onChange}
    />
  );
}
