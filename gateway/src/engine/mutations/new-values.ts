import { createId } from '@paralleldrive/cuid2';
import { nanoid } from 'nanoid';
import { randomUUID } from 'node:crypto';
import { assertNever } from '../../platform/assert-never.ts';
import type { ValueField, ValueGenerator } from '../sdl/model.ts';
import { instantText, timeText } from '../sdl/scalar-values.ts';
import { createUuidV7 } from './uuid-v7.ts';

/** Makes the values of new rows that are created without them. Each call returns another value. */
export interface NewValues {
  /** A version 7 UUID (RFC 9562), which is greater than the previous one. */
  readonly uuidV7: () => string;
  /** A random UUID, version 4. */
  readonly uuidV4: () => string;
  /** A CUID2 of 24 characters. */
  readonly cuid: () => string;
  /** A Nano ID of 21 characters. */
  readonly nanoId: () => string;
  /** The current time in UTC, in RFC 3339 format. */
  readonly instant: () => string;
}

/**
 * How a column makes its values. `NOW` is the time of the transaction, which only PostgreSQL knows. The value of a column
 * that identifies rows must be known before, so it comes from the gateway's clock.
 */
export type ColumnGenerator = ValueGenerator | 'UUID_V4' | ClockGenerator;

type ClockGenerator = 'CLOCK_INSTANT' | 'CLOCK_DATE' | 'CLOCK_TIME';

const clocks: Readonly<Record<string, ClockGenerator>> = {
  DateTime: 'CLOCK_INSTANT',
  Date: 'CLOCK_DATE',
  Time: 'CLOCK_TIME',
};

export function columnGenerator(
  { generate, role, type }: ValueField,
  identifiesRows: boolean,
): ColumnGenerator | null {
  if (generate === 'UUID' && role !== 'ID') return 'UUID_V4';
  return generate === 'NOW' && identifiesRows ? (clocks[type.name] ?? null) : generate;
}

/** @param now returns the Unix time in milliseconds */
export function createNewValues(now: () => number): NewValues {
  return {
    uuidV7: createUuidV7(now),
    uuidV4: randomUUID,
    cuid: createId,
    nanoId: () => nanoid(),
    instant: () => new Date(now()).toISOString(),
  };
}

/** PostgreSQL draws the numbers of a `SEQUENCE`. */
export function newValueOf(
  { uuidV7, uuidV4, cuid, nanoId, instant }: NewValues,
  generator: Exclude<ColumnGenerator, 'SEQUENCE'>,
): string {
  switch (generator) {
    case 'UUID':
      return uuidV7();
    case 'CUID':
      return cuid();
    case 'NANOID':
      return nanoId();
    case 'UUID_V4':
      return uuidV4();
    case 'NOW':
      // PostgreSQL reads this text as the time of the transaction (manual, 8.5.1.4).
      return 'now';
    case 'CLOCK_INSTANT':
      return instantText(instant()) ?? '';
    case 'CLOCK_DATE':
      return instant().slice(0, 10);
    case 'CLOCK_TIME':
      return timeText(instant().slice(11, -1)) ?? '';
    default:
      return assertNever(generator);
  }
}
