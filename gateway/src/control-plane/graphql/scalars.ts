import { Kind, valueFromASTUntyped } from 'graphql';

import { documentErrors } from '../../graphql/document-errors.ts';
import { builder } from './builder.ts';

// RFC 3339, section 5.6: a full date, a time and an offset.
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i;

function parseDateTime(value: unknown): Date {
  if (typeof value === 'string' && rfc3339.test(value)) {
    const date = new Date(value);
    // `new Date` converts 30 February to 1 or 2 March. Such a date is rejected.
    const day = Number(value.slice(8, 10));
    const local = new Date(`${value.slice(0, 10)}T00:00:00Z`);
    if (isInRange(date) && local.getUTCDate() === day) return date;
  }
  throw documentErrors.valueNotTaken(
    'A DateTime must be an RFC 3339 string such as "2030-01-31T12:00:00Z".',
  );
}

/**
 * Reports whether a date is within the years 1 to 9999 in UTC. PostgreSQL has no year 0, and RFC 3339 has no years with
 * five digits.
 */
function isInRange(date: Date): boolean {
  return date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999;
}

builder.scalarType('DateTime', {
  description: 'A date and time, as an RFC 3339 string in UTC: `2030-01-31T12:00:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6',
  serialize: (value) => value.toISOString(),
  parseValue: parseDateTime,
  parseLiteral: (node) => parseDateTime(node.kind === Kind.STRING ? node.value : null),
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => valueFromASTUntyped(node, variables),
});
