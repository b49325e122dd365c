// Compares the project API with the alternatives: a minimal `node:http` + `pg` handler, PostGraphile 5, and Mercurius
// with hand-written loaders. Each runs as a separate process on one project's tables in the same PostgreSQL server. All
// use 16 connections and are measured in turn. `--help` lists the arguments.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { pino } from 'pino';

import { projectNames } from '../src/engine/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { compare, type Load, type Slices } from './project-api/compare.ts';
import { fillDataset } from './project-api/dataset.ts';
import { startGateway, tesseraPeer, type Gateway } from './project-api/gateway.ts';
import { installPeers } from './project-api/install-peers.ts';
import { startLoadGenerator, type LoadGenerator } from './project-api/load.ts';
import { makeProjects, weighProjects } from './project-api/many-projects.ts';
import { readOptions, usage, type BenchOptions } from './project-api/options.ts';
import {
  startBare,
  startMercurius,
  startPostgraphile,
  type Peer,
  type PeerDatabase,
} from './project-api/peers.ts';
import { makeProject, type BenchProject } from './project-api/project.ts';
import {
  aimsOf,
  atMost,
  companyAims,
  loadMemoryAims,
  printAims,
  printFigures,
  printSlices,
  type Aim,
} from './project-api/report.ts';
import type { RequestKind, ShapeName } from './project-api/shapes.ts';
import { verify } from './project-api/verify.ts';

const connections = 16;
/** Size of each peer's connection pool. */
const poolSize = 10;
const seed = 20_260_101;
const logger = pino({ level: 'error' });

const postgresSettings = {
  // Disk waits take the same time for all peers, so they are excluded.
  synchronous_commit: 'off',
  // These settings prevent maintenance work from affecting only one peer's turn.
  autovacuum: 'off',
  max_wal_size: '8GB',
  checkpoint_timeout: '1h',
  shared_buffers: '512MB',
};

/** The resources that all measurements share. */
interface Bench {
  readonly options: BenchOptions;
  readonly databaseUrl: string;
  /** Process id of the PostgreSQL postmaster. */
  readonly postmaster: number;
  readonly directory: string;
  readonly project: BenchProject;
  readonly gateway: Gateway;
  readonly generator: LoadGenerator;
}

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(usage);
else await main(readOptions(args));

async function main(options: BenchOptions): Promise<void> {
  const startedAt = performance.now();
  await installPeers();
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
  // When root runs the benchmark, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(directory, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory: join(directory, 'postgres'),
    logger,
    temporary: true,
    settings: postgresSettings,
  });
  const generator = startLoadGenerator(options, seed);
  try {
    const databaseUrl = postgres.url;
    const gateway = await startGateway({
      databaseUrl,
      connections: poolSize,
      directory: join(directory, 'gateway'),
    });
    const project = await makeProject(gateway.origin);
    await fill(databaseUrl, project, options);
    const postmaster = parseInt(await readFile(join(postgres.dataPath, 'postmaster.pid'), 'utf8'));
    const bench = { options, databaseUrl, postmaster, directory, project, gateway, generator };
    printAims([...(await measureSpeed(bench)), ...(await measureMemory(bench))]);
  } finally {
    await generator.stop();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
  console.log(`Finished in ${Math.round((performance.now() - startedAt) / 1_000)} s.`);
}

async function fill(databaseUrl: string, { ref }: BenchProject, size: BenchOptions): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await fillDataset(client, projectNames(ref).schema, size);
  await client.end();
  console.log(
    `${size.boards * size.issuesPerBoard} issues, ${connections} connections, ${availableParallelism()} cores, ` +
      `pools of ${poolSize}; ${size.rounds} rounds of ${size.sliceMs / 1_000} s`,
  );
}

async function measureSpeed(bench: Bench): Promise<Aim[]> {
  const peers = await startPeers(bench);
  try {
    const kinds: readonly RequestKind[] = [...bench.options.shapes, 'big'];
    const able = await findAble(peers, kinds, bench.options);
    // Checked here because the load later writes one log line per request.
    const trouble = bench.gateway.lastError();
    if (trouble !== null) console.log(`The gateway logged an error: ${trouble}`);
    const shapes = await compareShapes(bench, able);
    printFigures(shapes);
    const company = await compareInCompany(bench, able);
    return [
      ...[...shapes].flatMap(([shape, slices]) => aimsOf(shape, slices)),
      ...companyAims(company),
      ...loadMemoryAims([...shapes.values(), company]),
    ];
  } finally {
    for (const peer of peers) await peer.stop();
  }
}

async function startPeers(bench: Bench): Promise<Peer[]> {
  const { options, gateway, project } = bench;
  const database: PeerDatabase = {
    url: bench.databaseUrl,
    schema: projectNames(project.ref).schema,
    connections: poolSize,
  };
  const start = {
    tessera: () => Promise.resolve(tesseraPeer(gateway, project)),
    bare: () => startBare(database),
    postgraphile: () => startPostgraphile(database),
    mercurius: () => startMercurius(database),
  };
  const peers: Peer[] = [];
  for (const name of options.peers) peers.push(await start[name]());
  if (!options.peers.includes('tessera')) await gateway.stop();
  return peers;
}

/**
 * Returns the peers whose responses to a kind of request match the baseline's. Prints the other peers and their
 * responses.
 */
async function findAble(
  peers: readonly Peer[],
  kinds: readonly RequestKind[],
  size: BenchOptions,
): Promise<(kind: RequestKind) => Peer[]> {
  const model = peers.find(({ name }) => name === 'bare') ?? peers[0];
  const unable = new Set<string>();
  for (const peer of peers) {
    if (model === undefined || peer === model) continue;
    for (const { kind, why } of await verify(peer, model, kinds, size)) {
      console.log(`${peer.name} is excluded from (${kind}): ${why}`);
      unable.add(`${peer.name} ${kind}`);
    }
  }
  if (unable.size === 0) console.log(`All ${peers.length} peers return the same answers.`);
  return (kind) => peers.filter(({ name }) => !unable.has(`${name} ${kind}`));
}

function compareShapes(
  { options, postmaster, generator }: Bench,
  able: (kind: RequestKind) => Peer[],
): Promise<ReadonlyMap<ShapeName, Slices>> {
  const loads = options.shapes.map((shape) => ({
    name: shape,
    groups: [{ kind: shape, connections, measured: true }],
    peers: able(shape),
  }));
  return compare(generator, loads, { ...options, postmaster }, console.log);
}

/** Measures quick requests while one of sixteen clients requests 1 MB responses. */
async function compareInCompany(
  { options, postmaster, generator }: Bench,
  able: (kind: RequestKind) => Peer[],
): Promise<Slices> {
  if (!options.shapes.includes('a')) return new Map();
  const quick = able('a');
  const load: Load<'big'> = {
    name: 'big',
    groups: [
      { kind: 'a', connections: connections - 1, measured: true },
      { kind: 'big', connections: 1, measured: false },
    ],
    peers: able('big').filter(
      (peer) => quick.includes(peer) && (peer.name === 'tessera' || peer.name === 'bare'),
    ),
  };
  const conditions = { ...options, postmaster };
  const slices =
    (await compare(generator, [load], conditions, console.log)).get('big') ?? new Map();
  console.log('\n(a) again, while one of sixteen clients requests answers of 1 MB');
  printSlices(slices);
  return slices;
}

async function measureMemory(bench: Bench): Promise<Aim[]> {
  const { options, databaseUrl, directory } = bench;
  if (options.projects === 0 || !options.peers.includes('tessera')) return [];
  const startedAt = performance.now();
  const projects = await makeProjects(databaseUrl, bench.project, options.projects);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`\nCreated ${projects.length} more projects in ${seconds} s.`);
  const gateway = await startGateway({
    databaseUrl,
    connections: poolSize,
    directory: join(directory, 'many'),
  });
  try {
    const { before, after } = await weighProjects(gateway, projects);
    const inMb = (size: number | null) => (size === null ? 'unknown' : `${Math.round(size)} MB`);
    console.log(`RSS ${inMb(before)} before the requests, ${inMb(after)} after.`);
    return atMost(`RSS with ${projects.length} projects, MB`, after, 600);
  } catch (error) {
    console.log(`The memory measurement failed: ${String(error)}`);
    return [];
  } finally {
    await gateway.stop();
  }
}
