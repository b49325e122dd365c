import type { MigrationPlan, MigrationStep } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

/**
 * Returns the number of rows that each step's hazard affects, in the order of the steps. The number is null for a step
 * without a hazard. Call this before the first step runs, because the queries refer to the current tables.
 * @throws SchemaChangeError
 */
export async function countHazards(
  client: SqlClient,
  plan: Pick<MigrationPlan, 'steps'>,
): Promise<readonly (number | null)[]> {
  // Several steps on one table often have the same count query.
  const known = new Map<string, number>();
  const counts: (number | null)[] = [];
  for (const [index, { count }] of plan.steps.entries()) {
    if (count === null) {
      counts.push(null);
      continue;
    }
    const found = known.get(count) ?? (await countRows(client, count, index));
    known.set(count, found);
    counts.push(found);
  }
  return counts;
}

async function countRows(client: SqlClient, query: string, step: number): Promise<number> {
  try {
    const { rows } = await client.query(query);
    return Number(rows[0]?.['count'] ?? 0);
  } catch (error) {
    throw toSchemaChangeError(error, step);
  }
}

/** Returns the first step that existing rows would make fail, or null. @throws SchemaChangeError */
export async function findObstacle(
  client: SqlClient,
  steps: readonly MigrationStep[],
): Promise<{ readonly step: number; readonly rows: number } | null> {
  for (const [step, { hazard, count }] of steps.entries()) {
    if (hazard !== 'MAY_FAIL' || count === null) continue;
    const rows = await countRows(client, count, step);
    if (rows > 0) return { step, rows };
  }
  return null;
}
