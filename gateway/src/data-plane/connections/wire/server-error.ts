import pg from 'pg';

type Field =
  | 'severity'
  | 'code'
  | 'detail'
  | 'hint'
  | 'position'
  | 'where'
  | 'schema'
  | 'table'
  | 'column'
  | 'dataType'
  | 'constraint'
  | 'routine';

/** Error fields by PostgreSQL field code (manual, 54.8). */
const fields: ReadonlyMap<string, Field> = new Map([
  ['C', 'code'],
  ['D', 'detail'],
  ['H', 'hint'],
  ['P', 'position'],
  ['W', 'where'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
  ['R', 'routine'],
  // The severity that is never localized.
  ['V', 'severity'],
]);

/**
 * Parses the content of an ErrorResponse: pairs of a field code and a zero-terminated string, followed by a final zero
 * byte.
 */
export function serverError(bytes: Buffer, start: number, end: number): pg.DatabaseError {
  const parts = bytes
    .toString('utf8', start, end)
    .split('\0')
    .filter((part) => part !== '');
  const message = parts.find((part) => part.startsWith('M'))?.slice(1) ?? '';
  const error = new pg.DatabaseError(message, end - start, 'error');
  for (const part of parts) {
    const field = fields.get(part.slice(0, 1));
    if (field !== undefined) error[field] = part.slice(1);
  }
  return error;
}

/** Reports whether PostgreSQL closes the connection after this error. */
export function isFatal({ severity }: pg.DatabaseError): boolean {
  return severity === 'FATAL' || severity === 'PANIC';
}
