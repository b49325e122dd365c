import type { StatementRunner } from '../../engine/runtime.ts';
import { databaseTrouble } from '../../platform/db/database-trouble.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { ConnectionLostError, NotSentError } from './exchange.ts';

/** A runner for a transaction. Its statements before COMMIT have no effect if the connection is lost. */
export function explainingLostCommits(runner: StatementRunner): StatementRunner {
  return {
    run: (statement) => {
      const rows = runner.run(statement);
      return statement.commits === true ? rows.catch(explainLostCommit) : rows;
    },
  };
}

/** Translates the loss of a connection while a statement that commits ran. Statements that commit are writes. */
export function explainLostCommit(error: unknown): never {
  const isLost =
    error instanceof ConnectionLostError
      ? !(error instanceof NotSentError)
      : databaseTrouble(error) === 'lost';
  throw isLost ? requestErrors.outcomeUnknown(error) : error;
}
