import type { PgValue } from '../queries/statement.ts';

/** A statement with everything that one request fills in. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly PgValue[];
  /**
   * Will this text hardly come again? Then it takes no place among the connection's prepared statements.
   * @default false
   */
  readonly once?: boolean;
}

/** Rows of texts as PostgreSQL wrote them: nothing is parsed. */
export type Rows = readonly (readonly (string | null)[])[];

/**
 * One connection, bound to one project's role for as long as a request holds it. Statements run one after
 * the other.
 */
export interface StatementRunner {
  /**
   * @throws pg.DatabaseError
   * @throws RequestError `TIMEOUT` after the statement timeout
   * @throws ConnectionLostError
   * @throws the signal's reason (an AbortError) when the client went away; the statement is cancelled, and
   *   every later call throws the same: whoever holds the connection need not roll back
   */
  run(statement: BoundStatement): Promise<Rows>;
}
