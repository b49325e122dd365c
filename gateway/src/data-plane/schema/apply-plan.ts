import { ident, join, literal, renderStandalone, sql, type Sql } from '../../engine/migrations.ts';
import type { MigrationPlan } from '../../engine/migrations.ts';
import { findObstacle } from './count-hazards.ts';
import { SchemaChangeError, toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from './sql-client.ts';

export interface ApplyOptions<Recorded> {
  /**
   * Runs under the project's lock, before anything is changed: the place to see that the plan still
   * starts from the version that is there. What it throws is thrown.
   */
  readonly check: (client: SqlClient) => Promise<void>;
  /** Runs after the last step, in the same transaction: the version and its audit entry. */
  readonly record: (client: SqlClient) => Promise<Recorded>;
  /** For all locks together. @default 2000 */
  readonly lockTimeoutMs?: number;
  /** For each statement. @default 300000 */
  readonly statementTimeoutMs?: number;
}

const defaults = { lockTimeoutMs: 2_000, statementTimeoutMs: 300_000 };

/**
 * Applies a plan in one transaction of its own, on a connection that no transaction is open on. A crash
 * at any moment leaves everything as it was, or everything done.
 *
 * @returns what `record` returned, once it is committed
 * @throws SchemaChangeError, or what `check` or `record` threw
 */
export async function applyPlan<Recorded>(
  client: SqlClient,
  plan: MigrationPlan,
  options: ApplyOptions<Recorded>,
): Promise<Recorded> {
  await run(client, 'BEGIN');
  let recorded: Recorded;
  try {
    recorded = await applyInTransaction(client, plan, options);
  } catch (error) {
    // A connection that is lost has nothing left to roll back, and what went wrong matters more.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  try {
    await client.query('COMMIT');
  } catch (error) {
    const { sqlState } = toSchemaChangeError(error);
    throw new SchemaChangeError('OUTCOME_UNKNOWN', sqlState === null ? {} : { sqlState });
  }
  return recorded;
}

/**
 * The same within a transaction that the caller has begun and will end, such as Prisma's. It must roll
 * back when this throws. Settings that are made here end with the transaction.
 */
export async function applyInTransaction<Recorded>(
  client: SqlClient,
  plan: MigrationPlan,
  options: ApplyOptions<Recorded>,
): Promise<Recorded> {
  const { lockTimeoutMs, statementTimeoutMs } = { ...defaults, ...options };
  const deadline = performance.now() + lockTimeoutMs;
  const lock = async (statement: Sql) => {
    const left = Math.max(leastTimeoutMs, Math.ceil(deadline - performance.now()));
    await takeLock(client, statement, left);
    await setTimeouts(client, { lock: lockTimeoutMs, statement: statementTimeoutMs });
  };
  await prepareSession(client);
  await lock(projectLock(plan.schema));
  await options.check(client);
  for (const statement of tableLocks(plan)) await lock(statement);

  const obstacle = await findObstacle(client, plan.steps);
  if (obstacle !== null) throw new SchemaChangeError('ROWS_IN_THE_WAY', obstacle);
  for (const [index, step] of plan.steps.entries()) {
    for (const statement of step.sql) await run(client, statement, index);
  }
  return options.record(client);
}

/** Casts to text depend on the first three; the last ends a transaction whose gateway went silent. */
async function prepareSession(client: SqlClient): Promise<void> {
  await run(client, "SET LOCAL TimeZone = 'UTC'");
  await run(client, "SET LOCAL DateStyle = 'ISO, YMD'");
  await run(client, 'SET LOCAL extra_float_digits = 1');
  await run(client, "SET LOCAL idle_in_transaction_session_timeout = '30s'");
}

/**
 * One at a time for each project; waits in line rather than failing where others are quick. In FROM, since
 * clients such as Prisma cannot read the function's result, which is of no type.
 */
function projectLock(schema: string): Sql {
  return sql`SELECT FROM pg_advisory_xact_lock(hashtextextended(${literal(`tessera:schema:${schema}`)}, 0))`;
}

/** All of a kind in one statement and in one order, so that no two migrations wait for each other. */
function tableLocks({ schema, locks }: MigrationPlan): readonly Sql[] {
  const modes = [
    [locks.exclusive, sql`ACCESS EXCLUSIVE`],
    [locks.shared, sql`SHARE ROW EXCLUSIVE`],
  ] as const;
  return modes.flatMap(([tables, mode]) => {
    if (tables.length === 0) return [];
    const names = tables.map((table) => ident(schema, table));
    return [sql`LOCK TABLE ${join(names, sql`, `)} IN ${mode} MODE`];
  });
}

const leastTimeoutMs = 10;

/**
 * `lock_timeout` counts for each lock of a statement anew, so the statement as a whole may take no longer
 * either.
 */
async function takeLock(client: SqlClient, statement: Sql, timeoutMs: number): Promise<void> {
  await setTimeouts(client, { lock: timeoutMs, statement: timeoutMs });
  try {
    await client.query(renderStandalone(statement));
  } catch (error) {
    const { code, sqlState } = toSchemaChangeError(error);
    const facts = sqlState === null ? {} : { sqlState };
    throw new SchemaChangeError(code === 'TIMED_OUT' ? 'LOCKED' : code, facts);
  }
}

/** In milliseconds. */
async function setTimeouts(
  client: SqlClient,
  { lock, statement }: { readonly lock: number; readonly statement: number },
): Promise<void> {
  await run(client, renderStandalone(sql`SET LOCAL lock_timeout = ${literal(lock)}`));
  await run(client, renderStandalone(sql`SET LOCAL statement_timeout = ${literal(statement)}`));
}

async function run(client: SqlClient, statement: string, step?: number): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    throw toSchemaChangeError(error, step);
  }
}
