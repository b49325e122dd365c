import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createEmptyDatabase, useTestDatabase } from '../test/database.ts';
import { untilWaiting, whileHolding } from '../test/locks.ts';
import {
  freePort,
  inheritedEnv,
  projectRoot,
  runGateway,
  startFailureOf,
  startGateway,
  type GatewayOptions,
  type GatewayProcess,
} from '../test/process.ts';
import { newcomer, signIn, signUp } from '../test/sign-up.ts';

// Startup takes about a second, but much longer on a machine that runs other tests at the same time.
vi.setConfig({ testTimeout: 120_000 });

const started: GatewayProcess[] = [];
let dataDir: string;

beforeEach(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'tessera-process-'));
  // When root runs the tests, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(parent, 0o711);
  dataDir = join(parent, 'data');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((gateway) => gateway.stop()));
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

async function start(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const gateway = await startGateway({ ...options, env: { DATA_DIR: dataDir, ...options.env } });
  started.push(gateway);
  return gateway;
}

const key = () => randomBytes(32).toString('base64');

describe('with the embedded PostgreSQL', () => {
  it('starts with an empty folder and keeps its data across a restart', async () => {
    const first = await start();
    expect(first.output()).toContain(`http://localhost:${first.port}/graphql`);
    expect(first.output()).toContain(dataDir);
    expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
    await signUp(first.origin);
    expect(await first.stop()).toMatchObject({ code: 0 });

    const second = await start();
    await signIn(second.origin);
    expect(await second.stop()).toMatchObject({ code: 0 });
  });

  it('stores its keys in files that only the owner can read', async () => {
    await (await start()).stop();
    const secrets = (await readdir(dataDir)).filter((name) => name.endsWith('.secret'));
    expect(secrets).toHaveLength(3);
    for (const name of secrets) {
      expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('keeps every acknowledged write after SIGKILL and a restart', async () => {
    const victim = await start();
    await signUp(victim.origin);
    victim.kill('SIGKILL');
    expect(await victim.ended).toMatchObject({ signal: 'SIGKILL' });

    const heir = await start();
    await signIn(heir.origin);
  });

  it('refuses a folder that another gateway uses, and does not affect that gateway', async () => {
    const first = await start();
    const second = await runGateway({ env: { DATA_DIR: dataDir } });
    expect(second.code).toBe(1);
    expect(startFailureOf(second)).toBe(
      `${dataDir} is in use by another Tessera gateway (process ${first.pid}). ` +
        'Stop that gateway, or set DATA_DIR to another folder.',
    );
    expect((await fetch(`${first.origin}/readyz`)).status).toBe(200);
  });

  it('refuses a port that is in use, and leaves no process running', async () => {
    const other = createServer().listen(await freePort(), '127.0.0.1');
    await once(other, 'listening');
    // The address of a listening TCP server is an object with a port.
    const { port } = other.address() as { port: number };
    const refused = await runGateway({ env: { DATA_DIR: dataDir, PORT: String(port) } });
    other.close();
    expect(refused.code).toBe(1);
    expect(startFailureOf(refused)).toBe(
      `Port ${port} on 127.0.0.1 is already in use. Stop the other program, or set PORT to another port.`,
    );
    // The gateway's PostgreSQL has shut down cleanly, so its port and folder are free again.
    await (await start()).stop();
    expect(refused.output).toContain('shutdown: PostgreSQL stopped');
  });

  it('starts its PostgreSQL again when it dies, and then serves requests as before', async () => {
    const gateway = await start();
    await signUp(gateway.origin);
    process.kill(await postmasterPid(gateway.output()), 'SIGKILL');
    await gateway.written(/The embedded PostgreSQL stopped unexpectedly/);
    await gateway.written(/The embedded PostgreSQL is running again/);
    await vi.waitFor(() => signIn(gateway.origin), { timeout: 30_000, interval: 100 });
    expect((await fetch(`${gateway.origin}/readyz`)).status).toBe(200);
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });
});

/** Reads PostgreSQL's process id from a file in the data folder, whose path the gateway prints. */
async function postmasterPid(output: string): Promise<number> {
  const path = /^ +Data +(.+)$/m.exec(output)?.[1] ?? '';
  return Number.parseInt(await readFile(join(path, 'postmaster.pid'), 'utf8'), 10);
}

describe('with DATABASE_URL', () => {
  const database = useTestDatabase();
  // Every test has its own data directory, but the keys must be those that the database was used with.
  const keys = { ACCESS_TOKEN_KEY: key(), REFRESH_TOKEN_KEY: key(), PASSWORD_PEPPER: key() };
  const env = () => ({ ...keys, DATABASE_URL: database.url, SHUTDOWN_TIMEOUT_SECONDS: '20' });

  it('completes in-flight requests before it stops, and accepts no new ones', async () => {
    const gateway = await start({ env: env() });
    const answered = await whileHolding(
      database.pool,
      { sql: 'LOCK TABLE tessera.users IN ACCESS EXCLUSIVE MODE' },
      async () => {
        const answer = signUp(gateway.origin);
        await untilWaiting(database.pool, 1);
        gateway.kill('SIGTERM');
        await gateway.written(/SIGTERM: stopping/);
        await expect(fetch(`${gateway.origin}/healthz`)).rejects.toThrow('fetch failed');
        return { answer };
      },
    );
    expect(await answered.answer).toEqual(expect.any(String));
    const { code, output } = await gateway.ended;
    expect(code).toBe(0);
    const phases = [...output.matchAll(/"phase":"([^"]+)"/g)].map((match) => match[1]);
    expect(phases).toEqual([
      'http',
      'project roles',
      'data plane',
      'services',
      'project connections',
      'jobs',
      'mail',
      'rate limits',
      'notifications',
      'schemas',
      'database',
      'compute thread',
      'data directory',
    ]);
  });

  it('aborts requests that take longer than SHUTDOWN_TIMEOUT_SECONDS', async () => {
    const gateway = await start({ env: { ...env(), SHUTDOWN_TIMEOUT_SECONDS: '1' } });
    await whileHolding(
      database.pool,
      { sql: 'LOCK TABLE tessera.users IN ACCESS EXCLUSIVE MODE' },
      async () => {
        const refused = expect(signUp(gateway.origin)).rejects.toThrow('fetch failed');
        await untilWaiting(database.pool, 1);
        gateway.kill('SIGTERM');
        await gateway.written(/"cut":1/);
        await refused;
      },
    );
    await gateway.ended;
  });

  it('runs two gateways with one database and one folder', async () => {
    const [first, second] = [await start({ env: env() }), await start({ env: env() })];
    const credentials = { ...newcomer, email: 'both@example.org' };
    await signUp(first.origin, credentials);
    await signIn(second.origin, credentials);
  });

  it('reports an unreachable database without revealing the password', async () => {
    const port = await freePort();
    const url = `postgresql://tessera:hunter2@127.0.0.1:${port}/tessera`;
    const refused = await runGateway({ env: { DATABASE_URL: url, DATA_DIR: dataDir } });
    expect(refused.code).toBe(1);
    expect(startFailureOf(refused)).toBe(
      `PostgreSQL at 127.0.0.1:${port} cannot be reached (ECONNREFUSED). ` +
        'Check DATABASE_URL and that the server is running.',
    );
    expect(refused.output).not.toContain('hunter2');
  });

  it('reports a database that does not exist', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    const refused = await runGateway({ env: { DATABASE_URL: url.href, DATA_DIR: dataDir } });
    expect(refused.code).toBe(1);
    expect(startFailureOf(refused)).toContain('database "no_such_database" does not exist (3D000)');
  });
});

describe('versions', () => {
  /** Creates a later version of this gateway by copying the build and adding a migration. */
  async function laterRelease(): Promise<string> {
    const root = join(dataDir, '../later');
    await mkdir(join(root, 'prisma'), { recursive: true });
    await cp(join(projectRoot, 'dist'), join(root, 'dist'), { recursive: true });
    await cp(join(projectRoot, 'package.json'), join(root, 'package.json'));
    await cp(join(projectRoot, 'prisma/migrations'), join(root, 'prisma/migrations'), {
      recursive: true,
    });
    await symlink(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
    await mkdir(join(root, 'prisma/migrations/9999_later'));
    await writeFile(
      join(root, 'prisma/migrations/9999_later/migration.sql'),
      'ALTER TABLE tessera.users ADD COLUMN later text;',
    );
    return root;
  }

  it('migrates an older database with its data, and refuses to start with a newer one', async () => {
    const empty = await createEmptyDatabase();
    const env = { DATABASE_URL: empty.url };
    const older = await start({ env });
    await signUp(older.origin);
    await older.stop();

    const later = await start({ env, root: await laterRelease() });
    expect(later.output()).toContain('Applied migration 9999_later');
    await signIn(later.origin);
    await later.stop();

    const refused = await runGateway({ env: { ...env, DATA_DIR: dataDir } });
    expect(refused.code).toBe(1);
    expect(startFailureOf(refused)).toMatch(/^The database has the migration 9999_later, .*newer/);
    await empty.drop();
  });
});

describe('in production', () => {
  const complete = () => ({
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    PUBLIC_URL: 'https://tessera.example',
    ACCESS_TOKEN_KEY: key(),
    REFRESH_TOKEN_KEY: key(),
    PASSWORD_PEPPER: key(),
    BCRYPT_COST: '10',
  });
  const database = useTestDatabase();
  const required = [
    'DATABASE_URL',
    'PUBLIC_URL',
    'ACCESS_TOKEN_KEY',
    'REFRESH_TOKEN_KEY',
    'PASSWORD_PEPPER',
  ] as const;

  it('starts if all variables are set', async () => {
    const gateway = await start({ env: complete() });
    expect((await fetch(`${gateway.origin}/readyz`)).status).toBe(200);
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });

  it.each(required)('refuses to start without %s', async (name) => {
    const { code, output } = await runGateway({ env: { ...complete(), [name]: '' } });
    expect(code).toBe(1);
    expect(output).toContain(`${name} is missing`);
    for (const other of required.filter((candidate) => candidate !== name)) {
      expect(output).not.toContain(other);
    }
  });

  it('reports all missing variables in one message', async () => {
    const { code, output } = await runGateway({ env: { NODE_ENV: 'production' } });
    expect(code).toBe(1);
    for (const name of required) expect(output).toContain(`${name} is missing`);
  });
});

describe('npm start', () => {
  it('forwards SIGTERM and exits after the gateway and PostgreSQL have exited', async () => {
    const port = await freePort();
    const npm = spawn('npm', ['start'], {
      cwd: projectRoot,
      env: { ...inheritedEnv(), PORT: String(port), DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(npm, 'close');
    let output = '';
    for await (const text of npm.stdout.setEncoding('utf8')) {
      output += String(text);
      if (!output.includes('Tessera is ready') || npm.killed) continue;
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
      npm.kill('SIGTERM');
    }
    await ended;
    expect(output).toContain('shutdown: PostgreSQL stopped');
    await expect(fetch(`http://127.0.0.1:${port}/readyz`)).rejects.toThrow('fetch failed');
    await expect(postmasterPid(output)).rejects.toThrow('ENOENT');
  });
});
