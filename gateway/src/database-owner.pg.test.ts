import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { withProject } from '../test/engine/project.ts';
import { projectRoot, startGateway } from '../test/process.ts';
import { signUp } from '../test/sign-up.ts';
import { findOpenPrivileges } from './data-plane/schema.ts';
import { startEmbeddedPostgres } from './platform/postgres/embedded-postgres.ts';

vi.setConfig({ testTimeout: 120_000 });

/** The name of the role and of the database. The superuser of the embedded server has the name in the script. */
const owner = 'tessera_owner';
const password = `o'wner`;
let folder: string;
let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
let ownerUrl: string;

// A server of its own, because the script changes the superuser and the databases that every server has.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-owner-'));
  await chmod(folder, 0o711);
  server = await startEmbeddedPostgres({
    directory: folder,
    logger: pino({ level: 'silent' }),
    temporary: true,
  });
  const url = new URL(server.url);
  await runScript(url);
  url.username = owner;
  url.password = encodeURIComponent(password);
  url.pathname = `/${owner}`;
  ownerUrl = url.href;
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs deploy/postgres/create-owner.sql as psql would in the container of PostgreSQL. */
async function runScript(adminUrl: URL): Promise<void> {
  const file = join(projectRoot, 'deploy/postgres/create-owner.sql');
  const script = (await readFile(file, 'utf8')).replaceAll('tessera', owner);
  const [inPostgres = '', inDatabase = ''] = script.split(`\\connect ${owner}\n`);
  const statements = inPostgres
    .replace('\\getenv password POSTGRES_PASSWORD\n', '')
    .replace(`:'password'`, pg.escapeLiteral(password))
    .split(/(?<=;)\n/);
  const postgres = new URL('/postgres', adminUrl);
  await runSql(postgres, 'DROP DATABASE tessera', ...statements);
  await runSql(new URL(`/${owner}`, adminUrl), inDatabase);
}

async function runSql(url: URL, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    // CREATE DATABASE must be the only statement of a query.
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('the database that docker compose creates', () => {
  it('has an owner that is no superuser, and no privileges for project roles, not even before the gateway starts', async () => {
    const pool = new pg.Pool({ connectionString: ownerUrl });
    const { rows } = await pool.query<Record<string, unknown>>(
      `SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(rows).toEqual([
      {
        rolname: owner,
        rolsuper: false,
        rolcreaterole: true,
        rolcreatedb: false,
        rolbypassrls: false,
        rolreplication: false,
      },
    ]);
    expect(await findOpenPrivileges(pool)).toEqual([]);
    await pool.end();
  });

  it('rejects the password of the superuser', async () => {
    await expect(runSql(new URL(server.url), 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('has projects that cannot call the closed functions or connect to other databases', async () => {
    const pool = new pg.Pool({ connectionString: ownerUrl });
    await withProject(pool, async (project) => {
      await project.query(`SET ROLE "${project.names.role}"`);
      for (const call of [
        'lo_create(0)',
        'lo_get(1)',
        'lo_unlink(1)',
        'pg_sleep(0)',
        'pg_try_advisory_lock(1)',
        `set_config('role', '${owner}', false)`,
        `pg_notify('x', 'y')`,
      ]) {
        await expect(project.query(`SELECT ${call}`), call).rejects.toMatchObject({
          code: '42501',
        });
      }
      expect(
        await project.query(
          `SELECT datname FROM pg_database
           WHERE datname <> 'template0' AND has_database_privilege(current_user, oid, 'CONNECT')`,
        ),
      ).toEqual([]);
      await project.query('RESET ROLE');
    });
    await pool.end();
  });

  it('serves a gateway, which has nothing to report about privileges', async () => {
    const gateway = await startGateway({
      env: { DATABASE_URL: ownerUrl, DATA_DIR: join(folder, 'gateway') },
    });
    await signUp(gateway.origin);
    expect((await gateway.stop()).output).not.toContain('privileges in PostgreSQL');
  });
});
