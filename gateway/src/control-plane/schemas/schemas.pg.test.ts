import { readFile } from 'node:fs/promises';

import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { emptyProject, schemaAsks } from '../../../test/schema-asks.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { readSdl } from '../../engine/schema.ts';

const app = useApp();
const tracker = await readFile(
  new URL('../../../test/examples/tracker.graphql', import.meta.url),
  'utf8',
);

let tenant: SeededTenant;
let project: Awaited<ReturnType<typeof emptyProject>>;
let schema: ReturnType<typeof schemaAsks>;
beforeEach(async () => {
  tenant = await seedTenant(app.db);
  project = await emptyProject(app, tenant);
  schema = schemaAsks(app, project.ref, await app.accessTokenFor(tenant.users.DEVELOPER));
});

const t = (fields: string) => `type T @model { id: ID! @id ${fields} }`;

async function insertRows(count: number, value: string): Promise<void> {
  await app.database.pool.query(
    `INSERT INTO "${project.names.schema}".t (id, f)
     SELECT gen_random_uuid(), ${value} FROM generate_series(1, ${count}) AS n`,
  );
}

async function expectTablesOf(sdl: string): Promise<void> {
  const reading = readSdl(sdl);
  if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics));
  expect(await introspect(app.database.pool, project.names)).toEqual(catalogOf(reading.model));
}

const auditEntries = () =>
  app.db.auditEntry.findMany({ where: { projectId: project.id, action: 'schema.apply' } });

describe('planning and applying a schema', () => {
  it('has a rate limit per user that counts each plan in a document', async () => {
    const token = await app.accessTokenFor(tenant.users.DEVELOPER);
    const plans = Array.from(
      { length: 70 },
      (_, i) => `a${i}: planSchema(input: $i) { __typename }`,
    );
    const planAll = async () => {
      const { body } = await app.graphql(
        `mutation ($i: PlanSchemaInput!) { ${plans.join(' ')} }`,
        { i: { projectRef: project.ref, sdl: 'type T {' } },
        token,
      );
      return {
        planned: Object.values(body.data ?? {}).filter((answer) => answer !== null).length,
        codes: new Set((body.errors ?? []).map(({ extensions }) => extensions?.['code'])),
      };
    };
    expect(await planAll()).toEqual({ planned: 70, codes: new Set() });
    expect(await planAll()).toEqual({ planned: 50, codes: new Set(['RATE_LIMITED']) });
  });

  it('creates the tables, the version and the audit entry for the tracker example', async () => {
    const planned = await schema.plan(tracker);
    expect(planned).toMatchObject({
      __typename: 'PlanSchemaSuccess',
      plan: { baseVersion: 0, hazards: [] },
    });
    expect(planned.plan?.steps.map(({ kind, target }) => `${kind} ${target}`)).toContain(
      'CREATE_TABLE Issue',
    );
    expect(planned.plan?.steps[0]?.sql).toMatch(/^CREATE TABLE .*;$/s);
    await expectTablesOf('');

    const { users } = tenant;
    expect(await schema.apply(tracker, planned.plan?.hash ?? '', [])).toMatchObject({
      __typename: 'ApplySchemaSuccess',
      schemaVersion: {
        number: 1,
        sdl: tracker,
        appliedBy: { kind: 'USER', id: users.DEVELOPER.userId, label: users.DEVELOPER.email },
        plan: { hash: planned.plan?.hash, baseVersion: 0 },
      },
    });
    await expectTablesOf(tracker);
    expect(await auditEntries()).toMatchObject([
      {
        actorId: users.DEVELOPER.userId,
        organizationId: tenant.organizationId,
        targetKind: 'project',
        targetId: project.id,
        details: { version: 1, planHash: planned.plan?.hash, hazards: [] },
      },
    ]);
  });

  it('creates no new version if the same SDL is applied again', async () => {
    await schema.change(tracker);
    const { plan } = await schema.plan(tracker);
    expect(plan).toMatchObject({ baseVersion: 1, steps: [], hazards: [] });
    expect(await schema.apply(tracker, plan?.hash ?? '')).toMatchObject({
      schemaVersion: { number: 1 },
    });
    expect(await auditEntries()).toHaveLength(1);
    // A different SDL creates a new version, even if the tables stay the same.
    expect(await schema.change(`# The same\n${tracker}`)).toMatchObject({
      schemaVersion: { number: 2 },
    });
  });

  it('reports all problems in an SDL together', async () => {
    const sdl = 'type A @model { name: Strin }\ntype B { id: ID! @id }';
    for (const result of [await schema.plan(sdl), await schema.apply(sdl, 'x')]) {
      expect(result).toMatchObject({ __typename: 'InvalidSchemaError', code: 'INVALID_SCHEMA' });
    }
    const { diagnostics } = await schema.plan(sdl);
    expect(diagnostics?.map(({ code, line }) => `${String(code)} ${String(line)}`)).toEqual([
      'MISSING_ID 1',
      'UNKNOWN_TYPE 1',
      'NOT_A_MODEL 2',
    ]);
    expect(diagnostics?.every(({ hint, column }) => hint !== '' && Number(column) > 0)).toBe(true);
  });

  it('rejects an SDL that PostgreSQL cannot store', async () => {
    for (const sdl of ['# \0', '# \ud800']) {
      expect(await schema.plan(sdl)).toMatchObject({ code: 'VALIDATION_FAILED' });
    }
  });

  it('rejects an outdated plan and returns the current one', async () => {
    const { plan: old } = await schema.plan(t('f: Int'));
    await schema.change(t('g: Int'));
    const stale = await schema.apply(t('f: Int'), old?.hash ?? '');
    expect(stale).toMatchObject({
      __typename: 'StalePlanError',
      code: 'STALE_PLAN',
      plan: { baseVersion: 1, hazards: ['DATA_LOSS'] },
    });
    await expectTablesOf(t('g: Int'));
    expect(await schema.apply(t('f: Int'), stale.plan?.hash ?? '')).toMatchObject({
      schemaVersion: { number: 2 },
    });
  });

  it('restores an earlier version by applying its SDL again', async () => {
    await schema.change(t('f: Int'));
    await schema.change(tracker);
    expect(await schema.change(t('f: Int'))).toMatchObject({ schemaVersion: { number: 3 } });
    await expectTablesOf(t('f: Int'));
  });
});

describe('a version that an earlier release applied', () => {
  /** Earlier releases stored no lineage. */
  const forgetLineage = (most = 1_000) =>
    app.database.pool.query(
      `ALTER TABLE tessera.schema_versions DISABLE TRIGGER schema_versions_stay_as_they_are;
       UPDATE tessera.schema_versions SET lineage = NULL
         WHERE project_id = '${project.id}' AND number <= ${most};
       ALTER TABLE tessera.schema_versions ENABLE TRIGGER schema_versions_stay_as_they_are`,
    );
  const renamed = 'type U @model @rename(from: "T") { id: ID! @id g: Int @rename(from: "f") }';

  it.each([
    ['without any lineage', 1_000],
    ['with a later lineage', 2],
  ])('can be restored with its rows: %s', async (_how, most) => {
    await schema.change(t('f: Int'));
    await insertRows(3, 'n');
    await schema.change(renamed);
    await schema.change(renamed.replace('f")', 'f") h: Int'));
    await forgetLineage(most);
    await schema.change(renamed.replace('f")', 'f") h: Int i: Int'));
    const { plan } = await schema.plan(t('f: Int'));
    expect(plan?.steps.map(({ kind, target }) => `${kind} ${target}`)).toEqual([
      'DROP_COLUMN U.h',
      'DROP_COLUMN U.i',
      'RENAME_TABLE U',
      'RENAME_COLUMN U.g',
      'RENAME_CONSTRAINTS Keys and checks',
    ]);
  });

  it('does not get the rows of a table that the release dropped and created again', async () => {
    await schema.change(t('f: Int'));
    await schema.change('type U @model { id: ID! @id f: Int }');
    await schema.change('type V @model @rename(from: "U") { id: ID! @id f: Int }');
    await forgetLineage();
    const { plan } = await schema.plan(t('f: Int'));
    expect(plan?.steps.map(({ kind }) => kind)).toEqual(['DROP_TABLE', 'CREATE_TABLE']);
  });
});

describe('the hazards of a plan', () => {
  it('must be accepted, and include row counts from the live data', async () => {
    await schema.change(t('f: Int g: Int'));
    await insertRows(7, 'nullif(n, 1)');
    const next = t('f: Int!');
    const { plan } = await schema.plan(next);
    expect(plan?.hazards).toEqual(['MAY_FAIL', 'DATA_LOSS']);
    expect(plan?.steps.map(({ target, affectedRows }) => [target, affectedRows])).toEqual(
      expect.arrayContaining([
        ['T.f', 1],
        ['T.g', 0],
      ]),
    );
    expect(await schema.apply(next, plan?.hash ?? '', ['DATA_LOSS'])).toMatchObject({
      __typename: 'HazardNotAcceptedError',
      code: 'HAZARD_NOT_ACCEPTED',
      hazards: ['MAY_FAIL'],
      plan: { hash: plan?.hash },
    });
    expect(await schema.apply(next, plan?.hash ?? '')).toMatchObject({
      __typename: 'SchemaNotAppliedError',
      code: 'SCHEMA_NOT_APPLIED',
      message:
        'Existing rows prevent this step: "Make T.f required. It must not contain nulls." Nothing was changed. Plan again to see the number of rows.',
      step: { target: 'T.f', affectedRows: 1 },
    });
    await expectTablesOf(t('f: Int g: Int'));
    await app.database.pool.query(`UPDATE "${project.names.schema}".t SET f = 1 WHERE f IS NULL`);
    expect(await schema.apply(next, plan?.hash ?? '')).toMatchObject({
      schemaVersion: { number: 2 },
    });
  });
});

describe('a concurrent apply', () => {
  it('succeeds for one of two plans, and returns the current plan to the other caller', async () => {
    await schema.change(t('f: Int'));
    const [one, two] = [t('f: Int one: Int'), t('f: Int two: Int')];
    const plans = [await schema.plan(one), await schema.plan(two)];
    const table = `"${project.names.schema}".t`;
    // Once both requests are waiting for a lock, they have already compared the hashes.
    const both = await whileHolding(
      app.database.pool,
      { sql: `LOCK TABLE ${table} IN ACCESS SHARE MODE` },
      async () => {
        const applied = [one, two].map((sdl, index) =>
          schema.apply(sdl, plans[index]?.plan?.hash ?? ''),
        );
        await untilWaiting(app.database.pool, 2);
        return applied;
      },
    );
    const results = await Promise.all(both);
    expect(results.map(({ __typename }) => __typename).sort()).toEqual([
      'ApplySchemaSuccess',
      'StalePlanError',
    ]);
    expect(results.find(({ plan }) => plan !== undefined)?.plan?.baseVersion).toBe(2);
    expect(await auditEntries()).toHaveLength(2);
  });

  it('fails if a table stays in use, and changes nothing', async () => {
    await schema.change(t('f: Int'));
    const { plan } = await schema.plan(t('f: Int g: Int'));
    const hold = { sql: `LOCK TABLE "${project.names.schema}".t IN ACCESS SHARE MODE` };
    await whileHolding(app.database.pool, hold, async () => {
      const code = await schema.refusal.apply(t('f: Int g: Int'), plan?.hash ?? '');
      expect(code).toBe('SCHEMA_LOCKED');
    });
    await expectTablesOf(t('f: Int'));
    expect(await auditEntries()).toHaveLength(1);
  });

  it('reports NOT_FOUND for a project that is deleted during the apply, and leaves its tables unchanged', async () => {
    await schema.change(t('f: Int'));
    const { plan } = await schema.plan(t('f: Int g: Int'));
    const hold = { sql: `LOCK TABLE "${project.names.schema}".t IN ACCESS SHARE MODE` };
    const applied = await whileHolding(app.database.pool, hold, async () => {
      const result = schema.apply(t('f: Int g: Int'), plan?.hash ?? '');
      await untilWaiting(app.database.pool, 1);
      await app.db.project.delete({ where: { id: project.id } });
      return { result };
    });
    expect(await applied.result).toMatchObject({ code: 'NOT_FOUND' });
    const { tables } = await introspect(app.database.pool, project.names);
    expect(tables[0]?.columns.map(({ name }) => name)).toEqual(['f', 'id']);
  });
});

describe('the transaction that applies a schema', () => {
  it('creates neither tables nor a version if the audit entry cannot be written', async () => {
    const { pool } = app.database;
    await pool.query(`CREATE FUNCTION refuse_entry() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'no'; END $$`);
    await pool.query(`CREATE TRIGGER refuse_entry BEFORE INSERT ON tessera.audit_entries
      FOR EACH ROW WHEN (NEW.action = 'schema.apply') EXECUTE FUNCTION refuse_entry()`);
    try {
      const { plan } = await schema.plan(tracker);
      expect(await schema.refusal.apply(tracker, plan?.hash ?? '')).toBe('INTERNAL_SERVER_ERROR');
    } finally {
      await pool.query('DROP FUNCTION refuse_entry CASCADE');
    }
    await expectTablesOf('');
    expect(await app.db.schemaVersion.count({ where: { projectId: project.id } })).toBe(0);
    expect(await schema.change(tracker)).toMatchObject({ schemaVersion: { number: 1 } });
  });
});

describe('versions', () => {
  it('are listed newest first, with their plans', async () => {
    await schema.change(t('f: Int'));
    await schema.change(t('g: Int'));
    const { body } = await app.graphql(
      `query ($ref: ID!) { project(ref: $ref) {
        schema { sdl version appliedBy { kind label } }
        schemaVersions(first: 5) { totalCount nodes { number sdl plan { hazards steps { target } } } }
      } }`,
      { ref: project.ref },
      await app.accessTokenFor(tenant.users.VIEWER),
    );
    expect(body).toEqual({
      data: {
        project: {
          schema: {
            sdl: t('g: Int'),
            version: 2,
            appliedBy: { kind: 'USER', label: tenant.users.DEVELOPER.email },
          },
          schemaVersions: {
            totalCount: 2,
            nodes: [
              {
                number: 2,
                sdl: t('g: Int'),
                plan: { hazards: ['DATA_LOSS'], steps: [{ target: 'T.f' }, { target: 'T.g' }] },
              },
              { number: 1, sdl: t('f: Int'), plan: { hazards: [], steps: [{ target: 'T' }] } },
            ],
          },
        },
      },
    });
  });

  it('cannot be changed, even with direct SQL', async () => {
    await schema.change(t('f: Int'));
    const kept = 'kept as they are';
    for (const sql of [
      `UPDATE tessera.schema_versions SET sdl = '' WHERE project_id = '${project.id}'`,
      `DELETE FROM tessera.schema_versions WHERE project_id = '${project.id}'`,
      'TRUNCATE tessera.schema_versions',
    ]) {
      await expect(app.database.pool.query(sql)).rejects.toThrow(kept);
    }
  });
});
