import type { ModelField } from '#console/domain/models/project-models.ts';

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
    case 'KEY':
      return 'key';
    case 'TO_ONE':
      return field.isRequired ? `${field.target}!` : field.target;
    case 'TO_MANY':
      return `[${field.target}]`;
  }
}
