/** PostgreSQL truncates longer names silently (NAMEDATALEN - 1), which could make two names equal. */
export const maxIdentifierBytes = 63;

/** A name or a value that cannot be written in SQL. The message never contains the value. */
export class UnsafeSqlError extends Error {
  override readonly name = 'UnsafeSqlError';
}

/**
 * `a"b` → `"a""b"`. Always quoted, so that keywords and capitals are safe.
 *
 * @throws UnsafeSqlError for an empty name, NUL, a lone surrogate, or more than 63 bytes of UTF-8
 */
export function quoteIdentifier(name: string): string {
  refuseUnsendable(name, 'A name');
  if (name === '') throw new UnsafeSqlError('A name must not be empty.');
  if (Buffer.byteLength(name) > maxIdentifierBytes) {
    throw new UnsafeSqlError(`A name must not exceed ${maxIdentifierBytes} bytes.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * `it's` → `'it''s'`, `a\b` → `E'a\\b'`: reads the same whatever `standard_conforming_strings` is.
 * Only for DDL, where PostgreSQL takes no parameters.
 *
 * @throws UnsafeSqlError for NUL or a lone surrogate
 */
export function quoteString(value: string): string {
  refuseUnsendable(value, 'A text');
  const quoted = `'${value.replaceAll("'", "''")}'`;
  return value.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** NUL cannot be stored, and encoding half of a surrogate pair as UTF-8 would replace it. */
function refuseUnsendable(text: string, what: string): void {
  if (text.includes('\0')) throw new UnsafeSqlError(`${what} must not contain NUL.`);
  if (/\p{Surrogate}/u.test(text)) {
    throw new UnsafeSqlError(`${what} must not contain half of a surrogate pair.`);
  }
}

/** A list as the text of an array: `['a', null]` → `{"a",NULL}`. It is a parameter, not SQL. */
export function arrayText(items: readonly (string | null)[]): string {
  return `{${items.map(arrayItem).join()}}`;
}

/** Always quoted, so that no item is read as a brace, a comma or NULL (PostgreSQL manual, 8.15.6). */
function arrayItem(item: string | null): string {
  return item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
