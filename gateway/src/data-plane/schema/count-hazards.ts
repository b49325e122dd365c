import type { MigrationPlan, MigrationStep } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

/**
 * Counts on the live data what each step's hazard concerns, in the order of the steps; null where there
 * is no hazard. Meaningful before the first step, since that is what the queries are written for.
 *
 * @throws SchemaChangeError
 */
export async function countHazards(
  client: SqlClient,
  plan: Pick<MigrationPlan, 'steps'>,
): Promise<readonly (number | null)[]> {
  // Steps of one table often ask the same.
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

/** The first step that existing rows violate. @throws SchemaChangeError */
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
