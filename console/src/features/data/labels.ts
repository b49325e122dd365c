import type { JsonValue } from '#console/domain/models/json.ts';
import type { ModelField } from '#console/domain/models/project-models.ts';

import type { Reference } from './documents.ts';

/**
 * The end of an ID. The start does not distinguish rows, because UUIDv7 values created at about the same time start
 * with the same digits.
 */
export const shortId = (id: string): string => `…${id.slice(-8)}`;

export const labelOf = ({ id, label }: Reference): string =>
  label == null || label === '' ? shortId(id) : String(label);

/** The value of a to-one relation. All documents select it as a `Reference`, so the cast is safe. */
export const referenceOf = (value: JsonValue | undefined): Reference | null =>
  value === null || value === undefined ? null : (value as unknown as Reference);

/** The number of rows in a to-many relation. All documents select it as `{ totalCount }`, so the cast is safe. */
export const totalOf = (value: JsonValue | undefined): number =>
  (value as { totalCount?: number } | null | undefined)?.totalCount ?? 0;

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const calendarDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** Formats a DateTime in the browser's time zone. */
export function momentText(value: string): string {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : moment.format(date);
}

/** Formats a Date, which has no time zone. */
export function dayText(value: string): string {
  const date = new Date(`${value}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? value : calendarDay.format(date);
}

/** The type in SDL syntax: `String!`. */
export function typeText(field: ModelField): string {
  switch (field.kind) {
    case 'VALUE': {
      const name = field.isList ? `[${field.type.name}]` : field.type.name;
      return field.isRequired ? `${name}!` : name;
    }
    case 'TO_ONE':
      return field.isRequired ? `${field.target}!` : field.target;
    case 'TO_MANY':
      return `[${field.target}]`;
  }
}
