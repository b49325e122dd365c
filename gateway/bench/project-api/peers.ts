import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import {
  mercuriusDocuments,
  postgraphileDocuments,
  tesseraDocuments,
  type Documents,
} from './documents.ts';
import type { KeyKind } from './dataset-ids.ts';
import { peersFolder } from './install-peers.ts';
import type { RequestKind } from './shapes.ts';

export const peerNames = ['tessera', 'bare', 'postgraphile', 'mercurius'] as const;
export type PeerName = (typeof peerNames)[number];

export const peerTitles: Readonly<Record<PeerName, string>> = {
  tessera: 'Tessera',
  bare: 'bare',
  postgraphile: 'PostGraphile 5',
  mercurius: 'Mercurius',
};

/** A server that runs as a separate process, and how to send it requests. */
export interface Peer {
  readonly name: PeerName;
  readonly pid: number;
  readonly port: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly documents: Documents;
  /** @default 'uuid' */
  readonly keys?: KeyKind;
  path(kind: RequestKind): string;
  stop(): Promise<void>;
}

export interface PeerDatabase {
  readonly url: string;
  /** The PostgreSQL schema that contains the project's tables. */
  readonly schema: string;
  /** Size of each peer's connection pool. */
  readonly connections: number;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export async function startBare(database: PeerDatabase): Promise<Peer> {
  const file = fileURLToPath(new URL('bare-server.ts', import.meta.url));
  const args = ['--import', 'tsx', file, ...argumentsOf(database)];
  const server = await startServer(process.execPath, args);
  // The baseline chooses its statement by the path and parses the same body that Tessera receives.
  return {
    ...server,
    name: 'bare',
    headers: {},
    documents: tesseraDocuments,
    path: (kind) => `/${kind}`,
  };
}

export async function startPostgraphile(database: PeerDatabase): Promise<Peer> {
  const server = await startServer(node22(), [
    here('peers/postgraphile.mjs'),
    ...argumentsOf(database),
  ]);
  return {
    ...server,
    name: 'postgraphile',
    headers: {},
    documents: postgraphileDocuments,
    path: () => '/graphql',
  };
}

export async function startMercurius(database: PeerDatabase): Promise<Peer> {
  const server = await startServer(process.execPath, [
    here('peers/mercurius.mjs'),
    ...argumentsOf(database),
  ]);
  return {
    ...server,
    name: 'mercurius',
    headers: {},
    documents: mercuriusDocuments,
    path: () => '/graphql',
  };
}

const argumentsOf = ({ url, schema, connections }: PeerDatabase): string[] => [
  url,
  schema,
  String(connections),
];

/**
 * Returns the path of a recent enough Node executable: the current one or, if it is too old, the one in the peers'
 * package.
 */
function node22(): string {
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const file = createRequire(`${peersFolder}/`).resolve(
    `node-${system}-${process.arch}/bin/node${system === 'win' ? '.exe' : ''}`,
  );
  if (!existsSync(file))
    throw new Error(`PostGraphile 5 needs Node 22, but ${file} does not exist.`);
  return file;
}

interface Server {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a program that prints `listening on <port>` when it is ready. */
async function startServer(file: string, args: readonly string[]): Promise<Server> {
  const child = spawn(file, args, {
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await Promise.race([
    readyPort(child),
    once(child, 'exit').then(() => {
      throw new Error(`${args.join(' ')} exited instead of listening.`);
    }),
  ]);
  // A process that has printed something has a pid.
  return { pid: child.pid ?? 0, port, stop: () => endOf(child) };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

export async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
