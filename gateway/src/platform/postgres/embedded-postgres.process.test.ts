import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writePortableScript } from '../../../test/portable-script.ts';
import { asAccount, chooseAccount } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres.ts';

const exec = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A stopped cluster with the table `kept`. Tests copy it because creating a cluster takes a second. */
let template: string;
let parent: string;
let directory: string;
let logLines: string[];
const running: EmbeddedPostgres[] = [];
const children: ChildProcess[] = [];

async function makeParent(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'tessera-embedded-'));
  await chmod(path, 0o711);
  return path;
}

/** Retries because PostgreSQL might still be shutting down after its gateway was killed. */
const remove = (path: string) =>
  rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });

beforeAll(async () => {
  template = parent = await makeParent();
  directory = join(template, 'home');
  logLines = [];
  const postgres = await start();
  await query(postgres.url, 'CREATE TABLE kept AS SELECT 42 AS n');
  await postgres.stop();
});

afterAll(() => remove(template));

beforeEach(async () => {
  parent = await makeParent();
  directory = join(parent, 'home');
  logLines = [];
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const postgres of running.splice(0)) await postgres.stop();
  await remove(parent);
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    directory,
    logger: pino({ level: 'info' }, { write: (line: string) => logLines.push(line) }),
    settings: { fsync: 'off' },
    sharedRoot: join(parent, 'shared'),
    ...options,
  });
  running.push(postgres);
  return postgres;
}

/** Prepares the folder with a stopped cluster. */
async function cluster(): Promise<{ dataPath: string }> {
  await exec('cp', ['-a', join(template, 'home'), directory]);
  return { dataPath: join(directory, 'postgres') };
}

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

const postmasterPid = async (dataPath: string) =>
  Number.parseInt(await readFile(join(dataPath, 'postmaster.pid'), 'utf8'), 10);

describe('the embedded PostgreSQL', () => {
  it('creates a cluster at the first start, and keeps its data and port', async () => {
    const first = await start();
    expect(await query(first.url, 'SHOW server_version')).toMatchObject([
      { server_version: expect.stringMatching(/^18\./) as unknown },
    ]);
    expect(
      await query(
        first.url,
        `SELECT current_database() AS name, datlocale, pg_encoding_to_char(encoding) AS encoding
         FROM pg_database WHERE datname = current_database()`,
      ),
    ).toEqual([{ name: 'tessera', datlocale: 'C.UTF-8', encoding: 'UTF8' }]);
    await query(first.url, 'CREATE TABLE mine AS SELECT 7 AS n');
    await first.stop();
    await first.stop();

    const second = await start();
    expect(await query(second.url, 'SELECT n FROM mine')).toEqual([{ n: 7 }]);
    expect(second.url).toBe(first.url);
  });

  it('accepts only local connections that use the password', async () => {
    await cluster();
    const { url, dataPath } = await start();
    const wrong = new URL(url);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    expect(await query(url, 'SHOW unix_socket_directories')).toEqual([
      { unix_socket_directories: '' },
    ]);
    expect((await stat(join(directory, 'postgres.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(dataPath)).mode & 0o777).toBe(0o700);
    expect(logLines.join('')).not.toContain(new URL(url).password);
  });

  it('uses another port if its previous port is in use', async () => {
    await cluster();
    const first = await start();
    await first.stop();
    const squatter = createServer().listen(first.port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const second = await start();
      expect(second.port).not.toBe(first.port);
      expect(await query(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    } finally {
      squatter.close();
    }
  });

  it('removes a temporary cluster when it is stopped', async () => {
    const postgres = await start({ temporary: true });
    await postgres.stop();
    await expect(stat(postgres.dataPath)).rejects.toThrow(/ENOENT/);
    await expect(stat(join(directory, 'postgres.json'))).rejects.toThrow(/ENOENT/);
  });
});

/**
 * Starts a process that starts the embedded PostgreSQL and then runs `work`. Returns the process with an iterator over
 * its output.
 */
function gateway(work: string) {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./embedded-postgres.ts', import.meta.url).href)};
    import pg from ${JSON.stringify(import.meta.resolve('pg'))};
    import { pino } from ${JSON.stringify(import.meta.resolve('pino'))};
    const { url, dataPath } = await startEmbeddedPostgres({
      directory: ${JSON.stringify(directory)},
      sharedRoot: ${JSON.stringify(join(parent, 'shared'))},
      logger: pino({ level: 'silent' }),
    });
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    ${work}`;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    cwd: '/',
  });
  children.push(child);
  return { child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() };
}

describe('when the gateway is killed', () => {
  it('PostgreSQL stops, and all committed data is present after the next start', async () => {
    const { child, lines } = gateway(`
      await client.query('CREATE TABLE storm (n int PRIMARY KEY)');
      for (let n = 0; ; n++) {
        await client.query('INSERT INTO storm VALUES ($1)', [n]);
        console.log(n);
      }`);
    let acknowledged = -1;
    while (acknowledged < 200) acknowledged = Number((await lines.next()).value);
    child.kill('SIGKILL');
    // The numbers that the process printed before it was killed were also committed.
    for await (const line of lines) acknowledged = Number(line);

    const next = await start();
    const rows = await query<{ n: number }>(next.url, 'SELECT max(n) AS n FROM storm');
    expect(rows[0]?.n).toBeGreaterThanOrEqual(acknowledged);
    const missing = `SELECT n FROM generate_series(0, ${acknowledged}) AS n
                     WHERE n NOT IN (SELECT n FROM storm)`;
    expect(await query(next.url, missing)).toEqual([]);
  });

  it('during startup, no process keeps running, and the next start succeeds', async () => {
    const { child } = gateway('');
    // The cluster's folder is created atomically, just before PostgreSQL starts.
    while ((await stat(join(directory, 'postgres')).catch(() => null)) === null) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill('SIGKILL');
    const next = await start();
    expect(await query(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('after Ctrl-C in its terminal, PostgreSQL keeps running until the gateway stops it', async () => {
    const { child, lines } = gateway(`
      process.on('SIGINT', async () => {
        // If PostgreSQL had received SIGINT too, it would not accept new connections.
        const another = new pg.Client({ connectionString: url });
        await another.connect();
        console.log((await another.query('SELECT 1 AS n')).rows[0].n);
        process.exit();
      });
      console.log('ready');
      setInterval(() => undefined, 1000);`);
    expect((await lines.next()).value).toBe('ready');
    // A terminal sends the signal to the whole process group.
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
    expect((await lines.next()).value).toBe('1');
  });
});

describe('a start that fails', () => {
  const refusal = async (options: Partial<EmbeddedPostgresOptions> = {}) => {
    const error = await start(options).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EmbeddedPostgresError);
    return error instanceof Error ? error.message : '';
  };

  it('reports data from another PostgreSQL version', async () => {
    const { dataPath } = await cluster();
    await writeFile(join(dataPath, 'PG_VERSION'), '17\n');
    expect(await refusal()).toMatch(
      /created by PostgreSQL 17, but the embedded version is 18.*pg_dumpall/,
    );
  });

  it('reports a missing database instead of creating a new one', async () => {
    const { dataPath } = await cluster();
    await rm(dataPath, { recursive: true });
    expect(await refusal()).toMatch(/is missing. Restore it.*or delete .*postgres\.json/);
  });

  it('reports a damaged or missing password file', async () => {
    await cluster();
    const state = join(directory, 'postgres.json');
    const text = await readFile(state, 'utf8');
    await writeFile(state, text.slice(0, -20));
    const message = await refusal();
    expect(message).toMatch(/postgres\.json is damaged/);
    expect(message).not.toContain(text.slice(20, 40));
    await rm(state);
    expect(await refusal()).toMatch(/the file with its password, .*postgres\.json, is missing/);
  });

  it('reports a folder that is used by another PostgreSQL server', async () => {
    await cluster();
    const first = await start();
    expect(await refusal({ timeoutMs: 300 })).toMatch(
      /Another PostgreSQL server is using .*postgres/,
    );
    expect(await query(first.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it("reports PostgreSQL's error and removes a temporary cluster", async () => {
    const settings = { fsync: 'off', shared_buffers: 'plenty' };
    expect(await refusal({ settings, temporary: true })).toMatch(
      /invalid value for parameter "shared_buffers": "plenty"/,
    );
    expect(await readdir(directory)).toEqual([]);
  });
});

it('starts even if the process id from before a power failure now belongs to another program', async () => {
  const { dataPath } = await cluster();
  const account = await chooseAccount(dataPath);
  const bystander = spawn('sleep', ['60'], { ...asAccount(account), stdio: 'ignore' });
  children.push(bystander);
  await once(bystander, 'spawn');
  const lockFile = join(dataPath, 'postmaster.pid');
  await writeFile(lockFile, `${bystander.pid}\n${dataPath}\n`, { mode: 0o600 });
  if (account !== null) await chown(lockFile, account.uid, account.gid);

  await start({ timeoutMs: 20_000 });
  expect(await postmasterPid(dataPath)).not.toBe(bystander.pid);
});

// These tests require root.
const describeAsRoot = isRoot ? describe : () => undefined;

describeAsRoot('as root', () => {
  it('stores the data in the folder if another user has access to it', async () => {
    await cluster();
    const { url, dataPath } = await start();
    expect(dataPath).toBe(join(directory, 'postgres'));
    expect((await stat(dataPath)).uid).not.toBe(0);
    expect(await query(url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  it('stores the data elsewhere if other users have no access, and finds it again', async () => {
    const closed = join(parent, 'closed');
    await mkdir(closed, { mode: 0o700 });
    directory = join(closed, '.tessera');
    const first = await start();
    expect(first.dataPath).toMatch(new RegExp(`^${parent}/shared/[0-9a-f]{16}/data$`));
    await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS n');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 42 }]);
    await second.stop();

    // Without its folder, the next start creates a new database and logs the path of the unused one.
    await rm(directory, { recursive: true });
    const fresh = await start();
    expect(fresh.dataPath).not.toBe(first.dataPath);
    expect(logLines.join('')).toContain(`${join(first.dataPath, '..')} contains a database that`);
    expect((await stat(first.dataPath)).isDirectory()).toBe(true);
  });

  it('reports existing data that is no longer accessible', async () => {
    await cluster();
    await chmod(parent, 0o700);
    await expect(start()).rejects.toThrow(/no longer has access to its data in .*chmod o\+x/);
  });
});

async function playsOrdinaryUser(): Promise<void> {
  const account = await chooseAccount('/nonexistent');
  const { uid = -1, gid = -1 } = account ?? {};
  const home = join(directory, 'home');
  await mkdir(home, { recursive: true });
  await chown(home, uid, gid);
  const file = await writePortableScript(
    directory,
    `import { startEmbeddedPostgres } from './gateway/src/platform/postgres/embedded-postgres.ts';
     import pg from 'pg';
     import { pino } from 'pino';
     const postgres = await startEmbeddedPostgres({
       directory: ${JSON.stringify(home)},
       logger: pino({ level: 'silent' }),
     });
     const client = new pg.Client({ connectionString: postgres.url });
     await client.connect();
     console.log(postgres.dataPath, (await client.query('SELECT 1 AS n')).rows[0].n);
     await client.end();
     await postgres.stop();`,
  );
  const { stdout } = await exec(process.execPath, [file], { cwd: '/', timeout: 30_000, uid, gid });
  expect(stdout.trim()).toBe(`${join(home, 'postgres')} 1`);
  expect((await stat(join(home, 'postgres'))).uid).toBe(uid);
  expect((await stat(join(home, 'postgres.json'))).uid).toBe(uid);
}

// Only root can start a process as another user. If the tests run as an ordinary user, the tests above already cover
// this case.
if (isRoot) it('runs as the ordinary user that starts it', playsOrdinaryUser);
