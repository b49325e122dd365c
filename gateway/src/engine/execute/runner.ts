import type { PgValue } from '../compile/statement.ts';

/** A statement with everything that one request fills in. */
export interface BoundStatement {
  readonly text: string;
  readonly values: readonly PgValue[];
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
   * @throws AbortError when the client went away; the statement is cancelled
   */
  run(statement: BoundStatement): Promise<Rows>;
}
