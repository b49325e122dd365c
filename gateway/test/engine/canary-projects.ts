import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createProjectSchema, dropProjectSchema } from '../../src/data-plane/schema.ts';
import { projectNames, type ProjectNames } from '../../src/engine/migrations.ts';

/** A project that has one table, `note (id, body)`. No other project must be able to read the table's one row. */
export interface CanaryProject extends ProjectNames {
  readonly canary: string;
  /** SQL that returns all notes as one string. */
  readonly readNotes: string;
}

export async function createCanaryProjects(
  pool: pg.Pool,
  count: number,
): Promise<readonly CanaryProject[]> {
  const projects: CanaryProject[] = [];
  const client = await pool.connect();
  try {
    for (let number = 0; number < count; number += 1) {
      const names = projectNames(randomUUID().replaceAll('-', '').slice(0, 16));
      const canary = `canary of ${names.ref}`;
      const table = `"${names.schema}".note`;
      await createProjectSchema(client, names);
      await client.query(`CREATE TABLE ${table} (id int PRIMARY KEY, body text NOT NULL)`);
      await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${table} TO "${names.role}"`);
      await client.query(`INSERT INTO ${table} VALUES (1, $1)`, [canary]);
      projects.push({
        ...names,
        canary,
        readNotes: `SELECT json_agg(body)::text FROM ${table}`,
      });
    }
  } finally {
    client.release();
  }
  return projects;
}

/**
 * Drops the projects. This is necessary because roles belong to the whole server and are not dropped with the test
 * database.
 */
export async function dropCanaryProjects(
  pool: pg.Pool,
  projects: readonly ProjectNames[],
): Promise<void> {
  const client = await pool.connect();
  try {
    for (const names of projects) await dropProjectSchema(client, names);
  } finally {
    client.release();
  }
}
