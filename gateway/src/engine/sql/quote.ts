/** PostgreSQL cuts longer names silently (NAMEDATALEN - 1), so that two could become one. */
export const maxIdentifierBytes = 63;

/** A name or a value that cannot stand in SQL. It tells what was wrong, never the value itself. */
export class UnsafeSqlError extends Error {
  override readonly name = 'UnsafeSqlError';
}

/**
 * `a"b` → `"a""b"`. Always quoted, so keywords and capitals need no thought.
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

/** What PostgreSQL cannot store, or what UTF-8 would replace so that two texts become one. */
function refuseUnsendable(text: string, what: string): void {
  if (text.includes('\0')) throw new UnsafeSqlError(`${what} must not contain NUL.`);
  if (/\p{Surrogate}/u.test(text)) {
    throw new UnsafeSqlError(`${what} must not contain half of a surrogate pair.`);
  }
}
