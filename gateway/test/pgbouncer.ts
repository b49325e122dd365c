import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import { findProgram } from '../scripts/lib/vitest.mjs';
import { chooseAccount } from '../src/platform/postgres/account.ts';
import { freePort } from './process.ts';

/** The path of `pgbouncer`, or null if it is not installed. */
export const pgbouncer = findProgram('pgbouncer');

export interface Pooler {
  /** The connection string through the pooler, for the same database and user. */
  readonly url: string;
}

/** Starts PgBouncer servers, which are stopped after each test. */
export function usePoolers(): (databaseUrl: string, poolMode: string) => Promise<Pooler> {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  return async (databaseUrl, poolMode) => {
    const { stop, ...pooler } = await startPooler(databaseUrl, poolMode);
    stops.push(stop);
    return pooler;
  };
}

async function startPooler(
  databaseUrl: string,
  poolMode: string,
): Promise<Pooler & { readonly stop: () => Promise<void> }> {
  if (pgbouncer === null) throw new Error('PgBouncer is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'tessera-pgbouncer-'));
  const port = await freePort();
  const server = new URL(databaseUrl);
  const users = join(folder, 'users.txt');
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(users, `"${server.username}" "${server.password}"\n`);
  await writeFile(
    settings,
    `[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = plain
auth_file = ${users}
pool_mode = ${poolMode}
default_pool_size = 60
max_client_conn = 200
`,
  );
  // PgBouncer cannot run as root.
  const account = await chooseAccount(folder);
  await chmod(folder, 0o755);
  if (account !== null) {
    for (const path of [folder, users, settings]) await chown(path, account.uid, account.gid);
  }
  const child = spawn(pgbouncer, ['-q', settings], { ...account, cwd: '/', stdio: 'ignore' });
  const ended = once(child, 'close');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${port}`;
  await vi.waitFor(() => reach(port), { timeout: 10_000, interval: 20 });
  return {
    url: url.href,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
