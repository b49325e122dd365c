/**
 * The maximum length of a name (NAMEDATALEN - 1). PostgreSQL silently truncates longer names, so two different names
 * could become equal.
 */
export const maxIdentifierBytes = 63;

/** Thrown for a name or value that cannot be written safely in SQL. The message never contains the value. */
export class UnsafeSqlError extends Error {
  override readonly name = 'UnsafeSqlError';
}

/**
 * Quotes an identifier: `a"b` → `"a""b"`. All identifiers are quoted, so keywords and uppercase letters are allowed.
 *
 * @throws UnsafeSqlError for an empty name, NUL, an unpaired surrogate, or more than 63 bytes of UTF-8
 */
export function quoteIdentifier(name: string): string {
  refuseUnsendable(name, 'An identifier');
  if (name === '') throw new UnsafeSqlError('An identifier must not be empty.');
  if (Buffer.byteLength(name) > maxIdentifierBytes) {
    throw new UnsafeSqlError(`An identifier must not exceed ${maxIdentifierBytes} bytes.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * Quotes a string: `it's` → `'it''s'`, `a\b` → `E'a\\b'`. The result does not depend on `standard_conforming_strings`.
 * Use it only for DDL, where PostgreSQL accepts no parameters.
 *
 * @throws UnsafeSqlError for NUL or an unpaired surrogate
 */
export function quoteString(value: string): string {
  refuseUnsendable(value, 'A string');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/**
 * Rejects NUL and unpaired surrogates: PostgreSQL cannot store NUL, and UTF-8 encoding would replace an unpaired
 * surrogate with another character.
 */
function refuseUnsendable(text: string, what: string): void {
  if (text.includes('\0')) throw new UnsafeSqlError(`${what} must not contain NUL.`);
  if (/\p{Surrogate}/u.test(text)) {
    throw new UnsafeSqlError(`${what} must not contain an unpaired surrogate.`);
  }
}

/** The text of a bytea value, as PostgreSQL reads and prints it: `aGk=` → `\x6869`. @param base64 valid base64 */
export function byteaText(base64: string): string {
  return `\\x${Buffer.from(base64, 'base64').toString('hex')}`;
}

/** Writes a list as the value of an array parameter: `['a', null]` → `{"a",NULL}`. The result is not SQL. */
export function arrayText(items: readonly (string | null)[]): string {
  return `{${items.map(arrayItem).join()}}`;
}

/** Quotes every item, because braces, commas and NULL are special without quotes (PostgreSQL manual, 8.15.6). */
function arrayItem(item: string | null): string {
  return item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
