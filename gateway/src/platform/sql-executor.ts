/** A Prisma client, or the transaction it gives to `$transaction`. */
interface PrismaExecutor {
  $executeRaw(statement: TemplateStringsArray, ...values: unknown[]): PromiseLike<unknown>;
}

/** A pool or client of `pg`. */
interface PgExecutor {
  query(statement: string, values: unknown[]): Promise<unknown>;
}

/** Whatever can run a statement: with a transaction, what it does happens exactly when that commits. */
export type SqlExecutor = PrismaExecutor | PgExecutor;

/** Runs a statement whose result nobody needs: execute(tx)`SELECT f(${value}::text)`, values as parameters. */
export function execute(executor: SqlExecutor) {
  return async (statement: TemplateStringsArray, ...values: unknown[]): Promise<void> => {
    if ('$executeRaw' in executor) {
      await executor.$executeRaw(statement, ...values);
    } else {
      const text = statement.reduce((before, after, index) => `${before}$${index}${after}`);
      await executor.query(text, values);
    }
  };
}
