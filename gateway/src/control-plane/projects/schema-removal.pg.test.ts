import { randomBytes } from 'node:crypto';

import { pino } from 'pino';
import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { whileHolding } from '../../../test/locks.ts';
import { schemaAsks } from '../../../test/schema-asks.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { createProjectSchema } from '../../data-plane/schema.ts';
import { projectNames } from '../../engine/migrations.ts';
import { createSchemaRemovalTasks } from './schema-removal.ts';

const app = useApp();
let tenant: SeededTenant;
let ownerToken: string;
beforeEach(async () => {
  tenant = await seedTenant(app.db);
  ownerToken = await app.accessTokenFor(tenant.users.OWNER);
});

async function createProject(name: string): Promise<string> {
  const { body } = await app.graphql(
    `mutation ($id: ID!, $name: String!) {
      createProject(input: { organizationId: $id, name: $name }) {
        ... on CreateProjectSuccess { project { ref } }
      }
    }`,
    { id: tenant.organizationId, name },
    ownerToken,
  );
  expect(body.errors).toBeUndefined();
  const { ref } = await app.db.project.findFirstOrThrow({
    where: { organizationId: tenant.organizationId, name },
  });
  return ref;
}

/** Returns what exists in PostgreSQL for a project, such as `['role', 'schema']`. */
async function partsOf(ref: string): Promise<readonly string[]> {
  const { schema, role } = projectNames(ref);
  const { rows } = await app.database.pool.query<{ part: string }>(
    `SELECT 'role' AS part FROM pg_roles WHERE rolname = $1
     UNION ALL SELECT 'schema' FROM pg_namespace WHERE nspname = $2 ORDER BY part`,
    [role, schema],
  );
  return rows.map(({ part }) => part);
}

const untilGone = (ref: string) =>
  vi.waitFor(async () => expect(await partsOf(ref)).toEqual([]), { timeout: 10_000, interval: 20 });

const whole = ['role', 'schema'];
const sdl = 'type T @model { id: ID! @id }';
const { signal } = new AbortController();
const logger = pino({ level: 'silent' });

const tasks = () => createSchemaRemovalTasks({ pool: app.database.pool });

describe('a project', () => {
  it('has a schema and a role after its creation, and neither if its creation fails', async () => {
    expect(await partsOf(await createProject('Made'))).toEqual(whole);

    const { pool } = app.database;
    const count = async () =>
      (await pool.query('SELECT count(*)::int FROM pg_namespace')).rows as unknown;
    const before = await count();
    await pool.query(`CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no'; END $$`);
    await pool.query(`CREATE TRIGGER refuse_entry BEFORE INSERT ON tessera.audit_entries
      FOR EACH ROW EXECUTE FUNCTION refuse_entry()`);
    try {
      await expect(createProject('Refused')).rejects.toThrow();
    } finally {
      await pool.query('DROP FUNCTION refuse_entry CASCADE');
    }
    expect(await count()).toEqual(before);
  });

  it('loses its schema and role after it is deleted', async () => {
    const ref = await createProject('Gone');
    await schemaAsks(app, ref, ownerToken).change(sdl);
    const { body } = await app.graphql(
      `mutation ($ref: ID!) { deleteProject(input: { projectRef: $ref, name: "Gone" }) { __typename } }`,
      { ref },
      ownerToken,
    );
    expect(body).toEqual({ data: { deleteProject: { __typename: 'DeleteProjectSuccess' } } });
    await untilGone(ref);
  });

  it('loses its schema and role after its organization is deleted', async () => {
    const refs = [await createProject('One'), await createProject('Two')];
    await schemaAsks(app, refs[0] ?? '', ownerToken).change(sdl);
    const { body } = await app.graphql(
      `mutation ($id: ID!) { deleteOrganization(input: { id: $id }) { __typename } }`,
      { id: tenant.organizationId },
      ownerToken,
    );
    expect(body).toEqual({
      data: { deleteOrganization: { __typename: 'DeleteOrganizationSuccess' } },
    });
    for (const ref of refs) await untilGone(ref);
  });
});

describe('schema removal', () => {
  it('never drops the schema of an existing project', async () => {
    const ref = await createProject('Alive');
    await expect(tasks().drop([ref], signal)).rejects.toThrow('still exists');
    await tasks().dropOrphans(logger, signal);
    expect(await partsOf(ref)).toEqual(whole);
  });

  it('drops the other schemas if one cannot be dropped, and retries that one in the next run', async () => {
    const [busy, free] = [await createProject('Busy'), await createProject('Free')];
    await schemaAsks(app, busy, ownerToken).change(sdl);
    await app.db.project.deleteMany({ where: { ref: { in: [busy, free] } } });
    const { pool } = app.database;
    await pool.query(`GRANT USAGE ON SCHEMA public TO "${projectNames(busy).role}"`);
    // A role that has a privilege elsewhere cannot be dropped. In that case, its schema is kept.
    await expect(tasks().drop([busy, free], signal)).rejects.toThrow();
    expect(await partsOf(free)).toEqual([]);
    expect(await partsOf(busy)).toEqual(whole);
    await pool.query(`REVOKE USAGE ON SCHEMA public FROM "${projectNames(busy).role}"`);
    await tasks().drop([busy, free], signal);
    expect(await partsOf(busy)).toEqual([]);
  });

  it('drops the schemas of projects that were deleted by hand or removed incompletely', async () => {
    const [whole, half] = [await createProject('Whole'), await createProject('Half')];
    await app.db.project.deleteMany({ where: { ref: { in: [whole, half] } } });
    await app.database.pool.query(`DROP SCHEMA "${projectNames(half).schema}"`);
    expect(await partsOf(half)).toEqual(['role']);
    await tasks().dropOrphans(logger, signal);
    expect(await partsOf(whole)).toEqual([]);
    expect(await partsOf(half)).toEqual([]);
  });

  it('keeps schemas that do not belong to a project in this database', async () => {
    const strange = projectNames(randomBytes(8).toString('hex'));
    await createProjectSchema(app.database.pool, strange);
    await tasks().dropOrphans(logger, signal);
    expect(await partsOf(strange.ref)).toEqual(whole);
    await app.database.pool.query(`DROP SCHEMA "${strange.schema}"; DROP ROLE "${strange.role}"`);
  });

  it('keeps a project that is being created', async () => {
    const ref = randomBytes(8).toString('hex');
    const { schema } = projectNames(ref);
    await whileHolding(app.database.pool, { sql: `CREATE SCHEMA "${schema}"` }, async () =>
      tasks().dropOrphans(logger, signal),
    );
    expect(await partsOf(ref)).toEqual(['schema']);
    await app.database.pool.query(`DROP SCHEMA "${schema}"`);
  });
});
