import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundleGateway } from '../scripts/lib/bundle.mjs';

/** The project's root: what a copy of it must look like to be started as another version. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface GatewayOptions {
  /** All that the process finds in its environment, besides PATH, HOME and a free PORT. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where `dist/` and `prisma/` are; a copy of the project may stand for another version. */
  readonly root?: string;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything that it wrote to stdout and stderr. */
  readonly output: string;
}

/** The built gateway as a process of its own, ready to answer. */
export interface GatewayProcess {
  readonly pid: number;
  readonly port: number;
  /** Such as `http://127.0.0.1:54321`. */
  readonly origin: string;
  /** What it has written so far. */
  output(): string;
  /** Resolves when it has written a text that matches, also when it already had. */
  written(pattern: RegExp): Promise<void>;
  /** Sends a signal and does not wait. */
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM unless it has ended, and waits for the end. */
  stop(): Promise<ProcessEnd>;
  readonly ended: Promise<ProcessEnd>;
}

const startTimeoutMs = 60_000;

/**
 * Starts the built gateway and waits until it is ready. The caller stops it, also when a test fails.
 * @throws Error with the output when it ends or stays silent instead
 */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const gateway = await spawnGateway(options);
  try {
    await gateway.written(/Tessera is ready/);
    return gateway;
  } catch (error) {
    gateway.kill('SIGKILL');
    await gateway.ended;
    throw error;
  }
}

/** Starts the built gateway where it should refuse to run, and waits for its end. */
export async function runGateway(options: GatewayOptions = {}): Promise<ProcessEnd> {
  const gateway = await spawnGateway(options);
  const timer = setTimeout(() => gateway.kill('SIGKILL'), startTimeoutMs);
  try {
    return await gateway.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Starts the built gateway and leaves the waiting to the caller. */
async function spawnGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  await bundleGateway();
  const port = Number(options.env?.['PORT'] ?? (await freePort()));
  const root = options.root ?? projectRoot;
  const child = spawn(process.execPath, ['dist/gateway/main.js'], {
    cwd: root,
    env: { ...inheritedEnv(), BCRYPT_COST: '4', ...options.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return gatewayProcess(child, port);
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server that listens has an address of this kind.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What any program may expect; nothing of the developer's own settings for Tessera. */
export function inheritedEnv(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function gatewayProcess(child: ChildProcess, port: number): GatewayProcess {
  let output = '';
  const listeners = new Set<() => void>();
  const append = (text: string) => {
    output += text;
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding('utf8').on('data', append);
  child.stderr?.setEncoding('utf8').on('data', append);
  // `close` comes after the last output, `exit` may come before it.
  const ended = once(child, 'close').then(([code, signal]): ProcessEnd => {
    // The types that Node documents for this event.
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, output };
  });
  const written = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const fail = (why: string) => {
        reject(new Error(`The gateway ${why} without writing ${pattern.source}:\n${output}`));
      };
      const timer = setTimeout(() => fail('ran on'), startTimeoutMs);
      const check = () => {
        if (!pattern.test(output)) return;
        clearTimeout(timer);
        listeners.delete(check);
        resolve();
      };
      listeners.add(check);
      check();
      void ended.then(() => fail('ended'));
    });
  return {
    // A process that could not be spawned has none, and then `ended` rejects.
    pid: child.pid ?? 0,
    port,
    origin: `http://127.0.0.1:${port}`,
    output: () => output,
    written,
    kill: (signal) => void child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    ended,
  };
}
