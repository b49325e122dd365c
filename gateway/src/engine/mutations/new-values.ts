import { createId } from '@paralleldrive/cuid2';
import { nanoid } from 'nanoid';
import type { ValueGenerator } from '../sdl/model.ts';
import { createUuidV7 } from './uuid-v7.ts';

/** Makes the values of new rows that are created without them. Each call returns another value. */
export interface NewValues {
  /** A version 7 UUID (RFC 9562), which is greater than the previous one. */
  readonly uuidV7: () => string;
  /** A CUID2 of 24 characters. */
  readonly cuid: () => string;
  /** A Nano ID of 21 characters. */
  readonly nanoId: () => string;
}

/** @param now returns the Unix time in milliseconds */
export function createNewValues(now: () => number): NewValues {
  return { uuidV7: createUuidV7(now), cuid: createId, nanoId: () => nanoid() };
}

/** PostgreSQL draws the numbers of a `SEQUENCE`. */
export function newValueOf(
  { uuidV7, cuid, nanoId }: NewValues,
  generator: Exclude<ValueGenerator, 'SEQUENCE'>,
): string {
  switch (generator) {
    case 'UUID':
      return uuidV7();
    case 'CUID':
      return cuid();
    case 'NANOID':
      return nanoId();
  }
}
