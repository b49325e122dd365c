import { applyInTransaction, type ApplyOptions } from '../../src/data-plane/schema/apply-plan.ts';
import type { SqlClient } from '../../src/platform/db/sql-client.ts';
import type { MigrationPlan } from '../../src/engine/migrations.ts';

/**
 * Applies a plan in a transaction of its own, on a connection without an open transaction.
 * @returns what `record` returned, once it is committed
 * @throws SchemaChangeError, or what `check` or `record` threw
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
    // A lost connection has nothing to roll back, and the first error matters more.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
