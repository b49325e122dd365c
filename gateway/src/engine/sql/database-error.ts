/**
 * An error that PostgreSQL reported for a statement. This interface keeps the engine independent of the driver. The
 * field names are those of the PostgreSQL manual, section 54.8.
 */
export interface DatabaseError {
  /** The SQLSTATE, such as `23505`. */
  readonly sqlState: string;
  readonly constraint: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly detail: string | null;
}

/**
 * Whether a value or a result was out of range for its type, or had the wrong format: SQLSTATE class 22, data
 * exceptions (PostgreSQL manual, appendix A). `22023` (invalid_parameter_value) is excluded. PostgreSQL reports it for
 * settings, roles and arguments that the gateway chose, not for values of a request.
 */
export function isDataException(sqlState: string): boolean {
  return sqlState.startsWith('22') && sqlState !== '22023';
}

/**
 * Recognizes errors from `pg` and from any other client that uses the same field names.
 *
 * @returns null for any other error, such as a network error
 */
export function databaseErrorOf(error: unknown): DatabaseError | null {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return null;
  const { code, severity } = error;
  if (typeof code !== 'string' || typeof severity !== 'string') return null;
  const field = (name: 'constraint' | 'table' | 'column' | 'detail'): string | null => {
    const value: unknown = Reflect.get(error, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    sqlState: code,
    constraint: field('constraint'),
    table: field('table'),
    column: field('column'),
    detail: field('detail'),
  };
}
