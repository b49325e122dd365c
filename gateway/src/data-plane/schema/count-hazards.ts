import type { Hazard, MigrationPlan, MigrationStep } from '../../engine/migrations.ts';
import { toSchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

/** The hazard of a step in the live data. */
export interface CountedHazard {
  /** `MAY_FAIL` instead of a lower hazard if rows are too long for the step's index. */
  readonly hazard: Hazard;
  /** The number of rows that the hazard affects. Null if there is no hazard. */
  readonly rows: number | null;
  /** Whether all rows of the table violate the new rule, so that the step is certain to fail. */
  readonly certain: boolean;
}

/**
 * Counts the rows that each step's hazard affects, in the order of the steps. Call this before the first step runs,
 * because the queries refer to the current tables.
 * @throws SchemaChangeError
 */
export async function countHazards(
  client: SqlClient,
  plan: Pick<MigrationPlan, 'steps'>,
): Promise<readonly CountedHazard[]> {
  // Several steps on one table often have the same count query.
  const known = new Map<string, number>();
  const counted: CountedHazard[] = [];
  for (const [index, step] of plan.steps.entries()) {
    const count = async (query: string | null) => {
      if (query === null) return 0;
      const found = known.get(query) ?? (await countRows(client, query, index));
      known.set(query, found);
      return found;
    };
    counted.push(await countHazard(step, count));
  }
  return counted;
}

async function countHazard(
  step: MigrationStep,
  count: (query: string | null) => Promise<number>,
): Promise<CountedHazard> {
  const { hazard } = step;
  const tooLong = await count(step.tooLong);
  if (hazard !== 'MAY_FAIL') {
    if (tooLong > 0) return { hazard: 'MAY_FAIL', rows: tooLong, certain: false };
    return { hazard, rows: step.count === null ? null : await count(step.count), certain: false };
  }
  const violating = await count(step.count);
  const all = violating > 0 ? await count(step.rows) : 0;
  // Of rows that are all equal, one can stay.
  const most = step.kind === 'ADD_KEY' ? all - 1 : all;
  return { hazard, rows: violating + tooLong, certain: violating > 0 && violating >= most };
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
  for (const [step, { hazard, count, tooLong }] of steps.entries()) {
    const violating =
      hazard === 'MAY_FAIL' && count !== null ? await countRows(client, count, step) : 0;
    const rows = violating + (tooLong === null ? 0 : await countRows(client, tooLong, step));
    if (rows > 0) return { step, rows };
  }
  return null;
}
