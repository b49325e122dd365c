import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { applyPlan } from './apply-plan.ts';
import { countHazards } from '../../src/data-plane/schema.ts';
import { createProjectSchema, dropProjectSchema } from '../../src/data-plane/schema.ts';
import {
  planMigration,
  projectNames,
  type MigrationPlan,
  type ProjectNames,
} from '../../src/engine/migrations.ts';
import { readSdl, type Model } from '../../src/engine/schema.ts';

/** A project's schema and role in a test database, and the most recently applied model. */
export interface EngineProject {
  readonly names: ProjectNames;
  readonly client: pg.PoolClient;
  readonly model: Model | null;
  /** Plans the change from the most recently applied model, without a database. */
  plan(sdl: string | Model): MigrationPlan;
  apply(sdl: string | Model): Promise<MigrationPlan>;
  /** `{ 'ADD_KEY Issue(board)': 'MAY_FAIL 2' }`: the hazard and row count of each step that has a hazard. */
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
  let version = 0;
  const toModel = (sdl: string | Model) => (typeof sdl === 'string' ? readModel(sdl) : sdl);
  const plan = (sdl: string | Model) =>
    planMigration(model, toModel(sdl), { project: names, baseVersion: version });
  return {
    names,
    client,
    get model() {
      return model;
    },
    plan,
    apply: async (sdl) => {
      const planned = plan(sdl);
      await applyPlan(client, planned, { check: nothing, record: nothing });
      model = toModel(sdl);
      version += 1;
      return planned;
    },
    hazards: async (sdl) => {
      const planned = plan(sdl);
      const counts = await countHazards(client, planned);
      const told = planned.steps.map(
        ({ kind, target, hazard }, index) =>
          [`${kind} ${target}`, `${hazard} ${counts[index] ?? '-'}`] as const,
      );
      return Object.fromEntries(told.filter(([, told]) => !told.startsWith('NONE')));
    },
    query: async (sql, values) =>
      (await client.query<Record<string, unknown>>(sql, values ?? [])).rows,
  };
}

async function nothing(): Promise<void> {
  // These tests have nothing to check or record.
}
