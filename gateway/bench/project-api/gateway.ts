// Tessera as a peer: the built gateway, run as in production with the log in a file, as a service's is.
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
  /** The last error that it wrote down; null if there is none. */
  lastError(): string | null;
  stop(): Promise<void>;
}

export interface GatewayOptions {
  readonly databaseUrl: string;
  /** In the pool for projects' APIs. */
  readonly connections: number;
  /** For its data and its log; made if it is not there. */
  readonly directory: string;
  /** Tokens of an earlier gateway stay valid where its keys are passed on. @default new keys */
  readonly keys?: Readonly<Record<string, string>>;
}

/** Random keys, as variables of the environment. */
export function createKeys(): Readonly<Record<string, string>> {
  const key = () => randomBytes(32).toString('base64');
  return { ACCESS_TOKEN_KEY: key(), REFRESH_TOKEN_KEY: key(), PASSWORD_PEPPER: key() };
}

const startTimeoutMs = 60_000;

/** @throws Error with the log when it ends or stays silent instead */
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
  // A process that answers has one.
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
    return false; // nothing listens there yet
  }
}

/** The gateway as its project's clients see it. */
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
