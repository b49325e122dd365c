import type { JsonValue } from '#console/lib/model/json.ts';

import type { Reference } from './documents.ts';

/** The end of an id: of UUIDv7 ones made at about the same time, the beginning is the same. */
export const shortId = (id: string): string => `…${id.slice(-8)}`;

export const labelOf = ({ id, label }: Reference): string =>
  label == null || label === '' ? shortId(id) : String(label);

/** The documents ask for every to-one relation as a reference. */
export const referenceOf = (value: JsonValue | undefined): Reference | null =>
  value === null || value === undefined ? null : (value as unknown as Reference);

/** … and for every list as its length. */
export const totalOf = (value: JsonValue | undefined): number =>
  (value as { totalCount?: number } | null | undefined)?.totalCount ?? 0;

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const calendarDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** Where the reader is. */
export function momentText(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : moment.format(date);
}

/** A day is the same everywhere. */
export function dayText(value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? value : calendarDay.format(date);
}
