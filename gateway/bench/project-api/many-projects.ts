// Measures the memory of a process that serves many projects with the same schema. The projects are created with the
// engine and a few rows of metadata, because creating them through the management API would take minutes. Each project
// then receives two requests.
import pg from 'pg';

import { applyPlan } from '../../test/engine/apply-plan.ts';
import { createProjectSchema } from '../../src/data-plane/schema.ts';
import { planMigration, projectNames } from '../../src/engine/migrations.ts';
import { readSdl, type Model } from '../../src/engine/schema.ts';
import { createApiKeyText } from '../../src/control-plane/api-keys/api-key-format.ts';
import { hashToken } from '../../src/platform/crypto/opaque-token.ts';
import { datasetKeys } from './dataset-ids.ts';
import { tesseraDocuments } from './documents.ts';
import type { Gateway } from './gateway.ts';
import { residentMb } from './process-figures.ts';
import type { BenchProject } from './project.ts';

const makersAtOnce = 2;

/** Creates projects like `template`, each with an API key and no rows. */
export async function makeProjects(
  connectionString: string,
  template: BenchProject,
  count: number,
): Promise<readonly BenchProject[]> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const projects: BenchProject[] = [];
  const maker = async () => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      const model = await modelOf(client, template.ref);
      for (let index = indexes.pop(); index !== undefined; index = indexes.pop())
        projects.push(await makeProject(client, template.ref, index, model));
    } finally {
      await client.end();
    }
  };
  await Promise.all(Array.from({ length: makersAtOnce }, maker));
  return projects;
}

async function modelOf(client: pg.Client, ref: string): Promise<Model> {
  const { rows } = await client.query<{ sdl: string }>(
    `SELECT sdl FROM tessera.schema_versions v JOIN tessera.projects p ON p.id = v.project_id WHERE ref = $1`,
    [ref],
  );
  const reading = readSdl(rows[0]?.sdl ?? '');
  if (!reading.ok) throw new Error(`The schema of project ${ref} cannot be read.`);
  return reading.model;
}

async function makeProject(
  client: pg.Client,
  template: string,
  index: number,
  model: Model,
): Promise<BenchProject> {
  const names = projectNames(`bench${String(index).padStart(11, '0')}`);
  const { ref } = names;
  const key = createApiKeyText('SECRET');
  await client.query('BEGIN');
  await createProjectSchema(client, names);
  await client.query(`INSERT INTO tessera.project_refs (ref) VALUES ($1)`, [ref]);
  await client.query(
    `INSERT INTO tessera.projects (id, ref, organization_id, name, slug)
      SELECT uuidv7(), $1, organization_id, $1, $1 FROM tessera.projects WHERE ref = $2`,
    [ref, template],
  );
  await client.query(
    `INSERT INTO tessera.schema_versions
        (id, project_id, number, sdl, plan, applied_by_kind, applied_by_id, applied_by_name)
      SELECT uuidv7(), (SELECT id FROM tessera.projects WHERE ref = $1), number, sdl, plan,
        applied_by_kind, applied_by_id, applied_by_name
      FROM tessera.schema_versions v JOIN tessera.projects p ON p.id = v.project_id WHERE p.ref = $2`,
    [ref, template],
  );
  await client.query(
    `INSERT INTO tessera.api_keys (id, project_id, name, kind, prefix, last_four, key_hash, scopes)
      SELECT uuidv7(), id, 'Bench', 'SECRET', $2, $3, $4, $5 FROM tessera.projects WHERE ref = $1`,
    [ref, key.prefix, key.lastFour, hashToken(key.text), ['data.read', 'data.write']],
  );
  await client.query('COMMIT');
  await applyPlan(client, planMigration(null, model, { project: names, baseVersion: 0 }), {
    check: () => Promise.resolve(),
    record: () => Promise.resolve(),
  });
  return { ref, key: key.text };
}

export interface ManyProjects {
  /** In MB. Null if the operating system does not report it. */
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * Queries each project for an issue by id, and for boards with issues and comments.
 * @param gateway a gateway that has not served a request yet
 * @throws Error if a request fails
 */
export async function weighProjects(
  gateway: Gateway,
  projects: readonly BenchProject[],
): Promise<ManyProjects> {
  const before = residentMb(gateway.pid);
  for (const project of projects) {
    await ask(gateway, project, tesseraDocuments.a, { id: datasetKeys.uuid.board(0) });
    await ask(gateway, project, tesseraDocuments.c, { ids: [datasetKeys.uuid.board(0)] });
  }
  return { before, after: residentMb(gateway.pid) };
}

async function ask(
  { origin }: Gateway,
  { ref, key }: BenchProject,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<void> {
  const response = await fetch(`${origin}/p/${ref}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok || text.includes('"errors"'))
    throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
}
