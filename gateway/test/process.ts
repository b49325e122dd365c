import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { bundleGateway } from '../scripts/lib/bundle.mjs';

/** The project root. A copy with the same layout can be started as another version. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export interface GatewayOptions {
  /** The environment variables of the process, in addition to PATH, HOME and an unused PORT. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder that contains `dist/` and `prisma/`. A copy of the project can be used as another version. */
  readonly root?: string;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** All output to stdout and stderr. */
  readonly output: string;
}

/** The built gateway, which is running in a separate process and is ready. */
export interface GatewayProcess {
  readonly pid: number;
  readonly port: number;
  /** The origin, such as `http://127.0.0.1:54321`. */
  readonly origin: string;
  /** Returns the output so far. */
  output(): string;
  /** Resolves when the output matches, or immediately if it already matches. */
  written(pattern: RegExp): Promise<void>;
  /** Sends a signal without waiting. */
  kill(signal: NodeJS.Signals): void;
  /** Sends SIGTERM if the process is running, and waits until it has exited. */
  stop(): Promise<ProcessEnd>;
  readonly ended: Promise<ProcessEnd>;
}

const startTimeoutMs = 60_000;

/**
 * Starts the built gateway and waits until it is ready. The caller must stop it, even if a test fails.
 * @throws Error with the output if the gateway exits or does not become ready
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

/** Starts the built gateway with a configuration that it should reject, and waits until it has exited. */
export async function runGateway(options: GatewayOptions = {}): Promise<ProcessEnd> {
  const gateway = await spawnGateway(options);
  const timer = setTimeout(() => gateway.kill('SIGKILL'), startTimeoutMs);
  try {
    return await gateway.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the message of the last line of a log in JSON, which is the reason for a failure to start. */
export function startFailureOf({ output }: Pick<ProcessEnd, 'output'>): string {
  const line = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '') as {
    level: string;
    msg: string;
  };
  if (line.level !== 'fatal') throw new Error(`The gateway did not report a failure:\n${output}`);
  return line.msg;
}

/** Starts the built gateway without waiting until it is ready. */
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

/** Returns a port that was unused when it was checked. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // The address of a listening TCP server is an object with a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Returns the environment variables that any program needs. The developer's own settings for Tessera are not included.
 */
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
  // `close` is emitted after the last output, whereas `exit` can be emitted before the last output.
  const ended = once(child, 'close').then(([code, signal]): ProcessEnd => {
    // Node documents these types for the event.
    return { code: code as number | null, signal: signal as NodeJS.Signals | null, output };
  });
  const written = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      const fail = (why: string) => {
        reject(new Error(`The gateway ${why} without printing ${pattern.source}:\n${output}`));
      };
      const timer = setTimeout(() => fail('kept running'), startTimeoutMs);
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
    // A process that could not be spawned has no pid. `ended` then rejects.
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
