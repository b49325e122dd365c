import {
  ident,
  join,
  literal,
  projectNames,
  renderStandalone,
  sql,
  type Sql,
} from '../../engine/migrations.ts';
import type { MigrationPlan, MigrationStep } from '../../engine/migrations.ts';
import { inspectProjectRole, restoreProjectRole } from './project-role.ts';
import { findObstacle } from './count-hazards.ts';
import { SchemaChangeError, toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

export interface ApplyOptions<Recorded> {
  /**
   * Runs while the project is locked, before anything is changed. Use it to check that the plan is still based on the
   * current version. Its errors propagate to the caller.
   */
  readonly check: (client: SqlClient) => Promise<void>;
  /** Runs after the last step in the same transaction, to write the version and its audit entry. */
  readonly record: (client: SqlClient) => Promise<Recorded>;
  /** Maximum total time to wait for locks, in milliseconds. @default 2000 */
  readonly lockTimeoutMs?: number;
  /** Timeout of each statement, in milliseconds. @default 300000 */
  readonly statementTimeoutMs?: number;
}

const defaults = { lockTimeoutMs: 2_000, statementTimeoutMs: 300_000 };

/**
 * Applies a plan in an open transaction. The caller begins and ends the transaction, for example with Prisma, and must
 * roll it back if this function throws. Settings that this function changes apply only to the transaction.
 * @returns the result of `record`
 * @throws SchemaChangeError, or an error of `check` or `record`
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
  await completeRole(client, plan);

  const obstacle = await findObstacle(client, plan.steps);
  if (obstacle !== null) throw new SchemaChangeError('ROWS_IN_THE_WAY', obstacle);
  for (const [index, step] of plan.steps.entries()) {
    for (const statement of step.sql) {
      await run(client, statement, index).catch((error: unknown) => {
        throw isOfDeletedRow(error, step)
          ? new SchemaChangeError('LOCKED', { step: index, sqlState: '54000' })
          : error;
      });
    }
  }
  return options.record(client);
}

/**
 * Whether a value was too long for an index (SQLSTATE 54000) although the rows with such values were counted, and there
 * were none. It is then in a row that was deleted or changed, and that an earlier transaction can still read.
 */
function isOfDeletedRow(error: unknown, { tooLong }: MigrationStep): boolean {
  return tooLong !== null && error instanceof SchemaChangeError && error.sqlState === '54000';
}

/** Restores the role of a project that was restored from a dump without roles, because steps grant it privileges. */
async function completeRole(client: SqlClient, { schema }: MigrationPlan): Promise<void> {
  const names = projectNames(schema.slice('p_'.length));
  try {
    const { isComplete } = await inspectProjectRole(client, names);
    if (!isComplete) await restoreProjectRole(client, names);
  } catch (error) {
    throw toSchemaChangeError(error);
  }
}

/** The first three settings affect casts to text. The last one ends the transaction if the gateway stops responding. */
async function prepareSession(client: SqlClient): Promise<void> {
  await run(client, "SET LOCAL TimeZone = 'UTC'");
  await run(client, "SET LOCAL DateStyle = 'ISO, YMD'");
  await run(client, 'SET LOCAL extra_float_digits = 1');
  await run(client, "SET LOCAL idle_in_transaction_session_timeout = '30s'");
}

/**
 * Only one migration per project can run at a time. The others wait for the lock for a limited time. The function is
 * called in FROM because clients such as Prisma cannot read its result, which has type void.
 */
function projectLock(schema: string): Sql {
  return sql`SELECT FROM pg_advisory_xact_lock(hashtextextended(${literal(`tessera:schema:${schema}`)}, 0))`;
}

/** Locks the tables in a fixed order, with one statement for each lock mode, so that migrations cannot deadlock. */
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

/** `lock_timeout` applies to each lock of a statement separately, so the statement timeout is set to the same value. */
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

/** Both timeouts are in milliseconds. */
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
