import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const startTimeoutMs = 10_000;

export interface RedisServer {
  readonly url: string;
  /** Ends the server; everything it held is gone. */
  stop(): Promise<void>;
  /** Freezes the process: connections stay open, nothing answers. */
  freeze(): void;
  thaw(): void;
}

/** Is there a `redis-server` on the PATH? */
export function hasRedisServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a Redis server of the test's own on loopback, without a disk. */
export async function startRedisServer(port?: number): Promise<RedisServer & { port: number }> {
  const chosen = port ?? (await findFreePort());
  const settings = { bind: '127.0.0.1', port: String(chosen), save: '', appendonly: 'no' };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error('redis-server ended before it was ready.')));
    AbortSignal.timeout(startTimeoutMs).addEventListener('abort', () => {
      reject(new Error('redis-server did not become ready.'));
    });
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
