/** A Prisma client, or the transaction client inside `$transaction`. */
interface PrismaExecutor {
  $executeRaw(statement: TemplateStringsArray, ...values: unknown[]): PromiseLike<unknown>;
}

/** A `pg` pool or client. */
interface PgExecutor {
  query(statement: string, values: unknown[]): Promise<unknown>;
}

/** Runs a statement. With a transaction, the statement takes effect when the transaction commits. */
export type SqlExecutor = PrismaExecutor | PgExecutor;

/** Runs a statement and ignores its result. Values are sent as parameters: execute(tx)`SELECT f(${value}::text)`. */
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
