import { textOfBytes, type Bytes } from '../../platform/bytes.ts';

/** The value of a parameter: a scalar in a format that PostgreSQL can parse, a list of strings, or null. */
export type PgValue = string | number | boolean | null | readonly (string | null)[];

/** A statement with the values of one request. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly PgValue[];
  /**
   * Whether the text is unlikely to run again. If so, it is not added to the connection's prepared statements.
   * @default false
   */
  readonly once?: boolean;
  /** True for COMMIT. If its connection is lost, it is unknown whether the transaction was committed. */
  readonly commits?: boolean;
}

/** Rows of column values, as PostgreSQL sent them. */
export type Rows = readonly Row[];
export type Row = readonly (Bytes | null)[];

/** Decodes the value of a column, such as an id or a count. Null is an empty string. */
export function columnText(row: Row | undefined, column: number): string {
  const value = row?.[column] ?? null;
  return value === null ? '' : textOfBytes(value);
}

/** Decodes the value of a column that can be null. */
export function nullableText(row: Row | undefined, column: number): string | null {
  const value = row?.[column] ?? null;
  return value === null ? null : textOfBytes(value);
}

/** A connection that uses one project's role for the duration of a request. It runs one statement at a time. */
export interface StatementRunner {
  /**
   * Runs a statement and returns its rows.
   *
   * @throws an error that `databaseErrorOf` recognizes
   * @throws RequestError `TIMEOUT` if the statement exceeds the statement timeout
   * @throws ConnectionLostError, or RequestError `OUTCOME_UNKNOWN` if the lost statement might have committed a change
   * @throws the signal's reason (an AbortError) when the client disconnects. The statement is cancelled and later
   *   calls throw the same error. The caller does not have to roll back.
   */
  run(statement: BoundStatement): Promise<Rows>;
}
