import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { applyPlan } from './apply-plan.ts';
import { countHazards, type CountedHazard } from '../../src/data-plane/schema.ts';
import { createProjectSchema, dropProjectSchema } from '../../src/data-plane/schema.ts';
import {
  planMigration,
  projectNames,
  type Lineage,
  type MigrationHistory,
  type MigrationPlan,
  type ProjectNames,
} from '../../src/engine/migrations.ts';
import { readSdl, type Model } from '../../src/engine/schema.ts';

/** A project's schema and role in a test database, and the most recently applied model. */
export interface EngineProject {
  readonly names: ProjectNames;
  readonly client: pg.PoolClient;
  readonly model: Model | null;
  /**
   * Plans the change from the most recently applied model, without a database. SDL that was applied earlier restores
   * that version.
   */
  plan(sdl: string | Model): MigrationPlan;
  /** What a plan to this schema knows about earlier versions. */
  history(sdl: string | Model): MigrationHistory;
  apply(sdl: string | Model): Promise<MigrationPlan>;
  /** `{ 'ADD_KEY Issue(board)': 'MAY_FAIL 2' }`: the hazard and row count of each step that has a hazard. `(all)` follows if
   * the step is certain to fail. */
  hazards(sdl: string): Promise<Record<string, string>>;
  /** Runs a statement with the project's schema first in the search path. */
  query(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
}

/** Runs `work` with a new project on a new connection, and drops the project afterwards. */
export async function withProject<T>(
  pool: pg.Pool,
  work: (project: EngineProject) => Promise<T>,
): Promise<T> {
  const names = projectNames(randomUUID().replaceAll('-', '').slice(0, 16));
  const client = await pool.connect();
  try {
    await createProjectSchema(client, names);
    await client.query(`SET search_path = "${names.schema}"`);
    return await work(engineProject(client, names));
  } finally {
    // A failed test might leave a transaction open.
    await client.query('ROLLBACK');
    await dropProjectSchema(client, names);
    await client.query('RESET search_path');
    client.release();
  }
}

export function readModel(sdl: string): Model {
  const reading = readSdl(sdl);
  if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics, null, 2));
  return reading.model;
}

function engineProject(client: pg.PoolClient, names: ProjectNames): EngineProject {
  let model: Model | null = null;
  let lineage: Lineage | null = null;
  const applied: (string | Model)[] = [];
  const toModel = (sdl: string | Model) => (typeof sdl === 'string' ? readModel(sdl) : sdl);
  const plan = (sdl: string | Model) =>
    planMigration(model, toModel(sdl), {
      project: names,
      baseVersion: applied.length,
      history: history(sdl),
    });
  const history = (sdl: string | Model) => {
    const index = applied.slice(0, -1).lastIndexOf(sdl);
    return { lineage, restored: applied.at(-1) === sdl || index === -1 ? null : index + 1 };
  };
  return {
    names,
    client,
    get model() {
      return model;
    },
    plan,
    history,
    apply: async (sdl) => {
      const planned = plan(sdl);
      await applyPlan(client, planned, { check: nothing, record: nothing });
      model = toModel(sdl);
      lineage = planned.lineage;
      applied.push(sdl);
      return planned;
    },
    hazards: async (sdl) => {
      const planned = plan(sdl);
      const counts = await countHazards(client, planned);
      const told = planned.steps.map(
        ({ kind, target }, index) => [`${kind} ${target}`, hazardInWords(counts[index])] as const,
      );
      return Object.fromEntries(told.filter(([, told]) => !told.startsWith('NONE')));
    },
    query: async (sql, values) =>
      (await client.query<Record<string, unknown>>(sql, values ?? [])).rows,
  };
}

function hazardInWords(counted: CountedHazard | undefined): string {
  if (counted === undefined) return 'NONE';
  return `${counted.hazard} ${counted.rows ?? '-'}${counted.certain ? ' (all)' : ''}`;
}

async function nothing(): Promise<void> {
  // These tests have nothing to check or record.
}
