import { applyInTransaction, type ApplyOptions } from '../../src/data-plane/schema/apply-plan.ts';
import type { SqlClient } from '../../src/platform/db/sql-client.ts';
import type { MigrationPlan } from '../../src/engine/migrations.ts';

/**
 * Applies a plan in a new transaction. The connection must not have an open transaction.
 * @returns the result of `record` after the commit
 * @throws SchemaChangeError, or an error that `check` or `record` throws
 */
export async function applyPlan<Recorded>(
  client: SqlClient,
  plan: MigrationPlan,
  options: ApplyOptions<Recorded>,
): Promise<Recorded> {
  await client.query('BEGIN');
  try {
    const recorded = await applyInTransaction(client, plan, options);
    await client.query('COMMIT');
    return recorded;
  } catch (error) {
    // If the connection is lost, there is nothing to roll back, and the first error is more important.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
