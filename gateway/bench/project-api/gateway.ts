// Tessera as a peer: the built gateway in production mode, with its log in a file.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { freePort, inheritedEnv, projectRoot } from '../../test/process.ts';
import { tesseraDocuments } from './documents.ts';
import { endOf, type Peer } from './peers.ts';

export interface Gateway {
  readonly pid: number;
  readonly port: number;
  readonly origin: string;
  /** Returns the last error in the log, or null if there is none. */
  lastError(): string | null;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** Size of the connection pool for projects' APIs. */
  readonly connections: number;
  /** Folder for data and the log. Created if it does not exist. */
  readonly directory: string;
  /** Secret keys. Tokens from an earlier gateway remain valid if its keys are reused. @default new keys */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Random keys, as environment variables. */
export function createKeys(): Readonly<Record<string, string>> {
  const key = () => randomBytes(32).toString('base64');
  return { ACCESS_TOKEN_KEY: key(), REFRESH_TOKEN_KEY: key(), PASSWORD_PEPPER: key() };
}

const startTimeoutMs = 60_000;

/**
 * Starts a gateway and waits until it is ready.
 * @throws Error with the log output if the gateway exits or does not become ready
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { databaseUrl, connections, directory, keys = createKeys() } = options;
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  mkdirSync(directory, { recursive: true });
  const logFile = join(directory, 'gateway.log');
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, ['dist/gateway/main.js'], {
    cwd: projectRoot,
    env: {
      ...inheritedEnv(),
      NODE_ENV: 'production',
      // As `npm start` and the image set it.
      MALLOC_ARENA_MAX: '1',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: origin,
      DATABASE_URL: databaseUrl,
      PROJECT_POOL_SIZE: String(connections),
      DATA_DIR: directory,
      ...keys,
    },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const address = `http://127.0.0.1:${port}`;
  const giveUpAt = performance.now() + startTimeoutMs;
  while (!(await isReady(address))) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      await endOf(child);
      throw new Error(`The gateway did not start:\n${readFileSync(logFile, 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  // A running process has a pid.
  const pid = child.pid ?? 0;
  const lastError = () => lastErrorIn(readFileSync(logFile, 'utf8'));
  return { pid, port, origin: address, lastError, stop: () => endOf(child) };
}

const lastErrorIn = (log: string): string | null =>
  log.split('\n').findLast((line) => /"level":("error"|50)/.test(line)) ?? null;

async function isReady(origin: string): Promise<boolean> {
  try {
    const { ok } = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return ok;
  } catch {
    return false; // the server is not listening yet
  }
}

/** The gateway as seen by a client of the project's API. */
export function tesseraPeer(gateway: Gateway, project: { ref: string; key: string }): Peer {
  return {
    name: 'tessera',
    pid: gateway.pid,
    port: gateway.port,
    headers: { authorization: `Bearer ${project.key}` },
    documents: tesseraDocuments,
    path: () => `/p/${project.ref}/graphql`,
    stop: () => gateway.stop(),
  };
}
