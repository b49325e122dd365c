import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import pg from 'pg';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/database.ts';
import { findOpenPrivileges } from '../data-plane/schema.ts';
import { closeToProjects } from './project-privileges.ts';

const database = useTestDatabase();

function recordingLogger() {
  const output = new PassThrough();
  return { logger: pino(output), lines: () => String(output.read() ?? '') };
}

/** Runs `work` with a connection pool for a new user who can log in and has these attributes. */
async function asUser(attributes: string, work: (pool: pg.Pool, name: string) => Promise<void>) {
  const name = `tessera_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await database.pool.query(`CREATE ROLE ${name} LOGIN PASSWORD '${password}' ${attributes}`);
  const url = new URL(database.url);
  url.username = name;
  url.password = password;
  const pool = new pg.Pool({ connectionString: url.href, max: 1, connectionTimeoutMillis: 5_000 });
  try {
    await work(pool, name);
  } finally {
    await pool.end();
    await database.pool.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  }
}

describe('closeToProjects', () => {
  it('rejects a user who can create neither roles nor schemas, and shows the SQL to run', async () => {
    await asUser('', async (pool, name) => {
      const { logger } = recordingLogger();
      await expect(closeToProjects(pool, logger)).rejects.toThrow(
        new RegExp(`ALTER ROLE "${name}" CREATEROLE; GRANT CREATE ON DATABASE .* TO "${name}"`),
      );
    });
  });

  it('logs the privileges that the user cannot revoke', async () => {
    await asUser('CREATEROLE', async (pool, name) => {
      const { rows } = await pool.query<{ name: string }>('SELECT current_database() AS name');
      await database.pool.query(`GRANT CREATE ON DATABASE ${rows[0]?.name ?? ''} TO ${name}`);
      const { logger, lines } = recordingLogger();
      await closeToProjects(pool, logger);
      const told = lines();
      expect(told).toContain('PUBLIC has the TEMPORARY privilege on this database');
      expect(told).toContain('PUBLIC can execute the function set_config');
    });
  });

  it('revokes all privileges if the user can do so, and logs nothing', async () => {
    const { logger, lines } = recordingLogger();
    await closeToProjects(database.pool, logger);
    expect(await findOpenPrivileges(database.pool)).toEqual([]);
    expect(lines()).toBe('');
  });
});
