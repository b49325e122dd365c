import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { pino } from 'pino';
import { expect, it } from 'vitest';

import { createEmptyDatabase } from '../../../test/database.ts';
import { projectRoot } from '../../../test/process.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { dropProjectSchema } from '../../data-plane/schema.ts';
import { planMigration, projectNames } from '../../engine/migrations.ts';
import { readSdl } from '../../engine/schema.ts';
import { applyMigrations } from '../../platform/db/migrations.ts';

const shipped = join(projectRoot, 'prisma/migrations');
const logger = pino({ level: 'silent' });
const ref = Array.from({ length: 16 }, () => Math.floor(Math.random() * 36).toString(36)).join('');

it('adds a PostgreSQL schema to projects that were created by an earlier version', async () => {
  const database = await createEmptyDatabase();
  const earlier = await mkdtemp(join(tmpdir(), 'tessera-earlier-'));
  const client = new pg.Client({ connectionString: database.url });
  try {
    await cp(join(shipped, '0001_init'), join(earlier, '0001_init'), { recursive: true });
    await applyMigrations({ connectionString: database.url, directory: earlier, logger });
    await client.connect();
    await client.query(`INSERT INTO tessera.project_refs (ref) VALUES ('${ref}')`);
    await client.query(
      `WITH made AS (
         INSERT INTO tessera.organizations (id, name, slug) VALUES (gen_random_uuid(), 'Acme', 'acme') RETURNING id)
       INSERT INTO tessera.projects (id, ref, organization_id, name, slug)
       SELECT gen_random_uuid(), '${ref}', id, 'Tracker', 'tracker' FROM made`,
    );

    await applyMigrations({ connectionString: database.url, directory: shipped, logger });

    const names = projectNames(ref);
    const reading = readSdl('type Note @model { id: ID! @id  text: String! }');
    if (!reading.ok) throw new Error('The schema of this test is invalid.');
    await applyPlan(
      client,
      planMigration(null, reading.model, { project: names, baseVersion: 0 }),
      { check: () => Promise.resolve(), record: () => Promise.resolve() },
    );
    expect(await introspect(client, names)).toEqual(catalogOf(reading.model));
    await client.query(`SET ROLE ${names.role}`);
    const { rows } = await client.query(`SELECT count(*)::int AS n FROM ${names.schema}.note`);
    expect(rows).toEqual([{ n: 0 }]);
    await expect(client.query('SELECT FROM tessera.projects')).rejects.toMatchObject({
      code: '42501', // insufficient_privilege
    });
    await client.query('RESET ROLE');
    // Roles belong to the whole server, so they are not deleted with the test database.
    await dropProjectSchema(client, names);
  } finally {
    await client.end();
    await database.drop();
    await rm(earlier, { recursive: true, force: true });
  }
});
