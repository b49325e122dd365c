/** A parameter of a statement: text as PostgreSQL reads it, a list of such texts, or null. */
export type PgValue = string | number | boolean | null | readonly (string | null)[];

/** A statement with the values of one request. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly PgValue[];
  /**
   * Is this text unlikely to be run again? Then it is not added to the connection's prepared statements.
   * @default false
   */
  readonly once?: boolean;
}

/** Rows of unparsed texts, as PostgreSQL sent them. */
export type Rows = readonly (readonly (string | null)[])[];

/** A connection that is bound to one project's role during a request. It runs one statement at a time. */
export interface StatementRunner {
  /**
   * @throws pg.DatabaseError
   * @throws RequestError `TIMEOUT` after the statement timeout
   * @throws ConnectionLostError
   * @throws the signal's reason (an AbortError) when the client disconnects: the statement is cancelled,
   *   later calls throw the same error, and the caller need not roll back
   */
  run(statement: BoundStatement): Promise<Rows>;
}
