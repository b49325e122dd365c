// Measures how projects' requests share connections. The baseline is `pg.Pool` on connections that already have the
// project's role. It is compared with Tessera's connections for one project and for twenty, and with shared clients
// (`pipeline: true`), which could not safely cancel statements or change roles. Sixteen clients in this process run
// point lookups on each of these in turn. The second measurement is the latency of quick requests while one of the
// sixteen clients requests 1 MB responses. Targets: with one project, at least 0.95 of the rate of `pg.Pool`; with
// large responses, a p99 of at most 1.5 times that of `pg.Pool`.
import { setMaxListeners } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { pino } from 'pino';

import { createProjectConnections } from '../src/data-plane/connections/project-connections.ts';
import type { ProjectNames } from '../src/engine/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { createCanaryProjects, dropCanaryProjects } from '../test/engine/canary-projects.ts';
import { median } from './lib/load.ts';

const rounds = 7;
const roundMs = 1_500;
const clients = 16;
const poolSize = 10;
const sharedClients = 4;
const projectCount = 20;
const rowCount = 10_000;
const wantedThroughput = 0.95;
const wantedLatency = 1.5;
const { signal } = new AbortController();
setMaxListeners(0, signal);

/** Runs a statement with one parameter for a project. */
type Run = (project: ProjectNames, text: string, value: string) => Promise<unknown>;

interface Way {
  readonly name: string;
  readonly run: Run;
  /** Number of projects that send requests. */
  readonly projects: number;
  readonly close: () => Promise<unknown>;
}

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
await chmod(directory, 0o711);
const logger = pino({ level: 'error' });
const postgres = await startEmbeddedPostgres({ directory, logger, temporary: true });
const owner = new pg.Pool({ connectionString: postgres.url, max: 2 });
try {
  const projects = await createCanaryProjects(owner, projectCount);
  for (const { schema } of projects) {
    await owner.query(
      `INSERT INTO "${schema}".note SELECT n, repeat('x', 100) FROM generate_series(2, ${rowCount}) n`,
    );
    await owner.query(`ANALYZE "${schema}".note`);
  }
  await compare(waysOf(postgres.url, projects), projects);
  await dropCanaryProjects(owner, projects);
} finally {
  await owner.end();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

function waysOf(connectionString: string, [first]: readonly ProjectNames[]): readonly Way[] {
  if (first === undefined) throw new Error('At least one project is needed.');
  // Results are left as raw text and not parsed, as in Tessera.
  const types = { getTypeParser: () => (text: unknown) => text };
  const asProject = { connectionString, options: `-c role=${first.role}` };
  const query = (text: string, value: string) => ({
    name: text.slice(0, 60),
    text,
    values: [value],
    rowMode: 'array' as const,
    types,
  });

  const pool = new pg.Pool({ ...asProject, max: poolSize });
  const shared = Array.from(
    { length: sharedClients },
    () => new pg.Client({ ...asProject, pipeline: true }),
  );
  const ready = Promise.all(shared.map((client) => client.connect()));
  let turn = 0;
  const own = (size: number) =>
    createProjectConnections({ connectionString, size, onTrouble: console.error });
  // One project can use up to three quarters of the connections.
  const [one, many] = [own(Math.ceil((poolSize * 4) / 3)), own(poolSize)];
  const runOn =
    (connections: typeof one): Run =>
    (project, text, value) =>
      connections.run(project, { text, values: [value] }, signal);
  return [
    {
      name: 'pg.Pool',
      projects: 1,
      run: (_project, text, value) => pool.query(query(text, value)),
      close: () => pool.end(),
    },
    { name: 'Tessera, one project', projects: 1, run: runOn(one), close: () => one.close() },
    {
      name: `Tessera, ${projectCount} projects`,
      projects: projectCount,
      run: runOn(many),
      close: () => many.close(),
    },
    {
      name: `${sharedClients} shared clients`,
      projects: 1,
      async run(_project, text, value) {
        await ready;
        turn = (turn + 1) % sharedClients;
        return shared[turn]?.query(query(text, value));
      },
      close: () => Promise.all(shared.map((client) => client.end())),
    },
  ];
}

async function compare(ways: readonly Way[], projects: readonly ProjectNames[]): Promise<void> {
  const alone = new Map(ways.map((way) => [way, [] as Measured[]]));
  const beside = new Map(ways.map((way) => [way, [] as Measured[]]));
  for (const way of ways) await measure(way, projects, 300, true);
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      alone.get(way)?.push(await measure(way, projects, roundMs, false));
      beside.get(way)?.push(await measure(way, projects, roundMs, true));
    }
  }
  const [base] = ways;
  if (base === undefined) throw new Error('At least one candidate is needed.');
  const ratio = (of: Map<Way, Measured[]>, way: Way, value: (measured: Measured) => number) => {
    const bases = of.get(base) ?? [];
    return median(
      (of.get(way) ?? []).map((each, round) => value(each) / value(bases[round] ?? each)),
    );
  };
  const rate = ({ perSecond }: Measured) => perSecond;
  const p99 = (measured: Measured) => measured.p99;
  const rows = ways.map((way) => [
    way.name,
    {
      'requests/s': Math.round(median((alone.get(way) ?? []).map(rate))),
      'ratio to pg.Pool': ratio(alone, way, rate).toFixed(2),
      'p99 ms': median((alone.get(way) ?? []).map(p99)).toFixed(2),
      'p99 ms with 1 MB': median((beside.get(way) ?? []).map(p99)).toFixed(2),
      'ratio to pg.Pool (p99)': ratio(beside, way, p99).toFixed(2),
    },
  ]);
  console.table(Object.fromEntries(rows));
  const [, own] = ways;
  if (own === undefined) return;
  const isWanted =
    ratio(alone, own, rate) >= wantedThroughput && ratio(beside, own, p99) <= wantedLatency;
  console.log(isWanted ? 'targets met' : `below ${wantedThroughput} or above ${wantedLatency}`);
  for (const way of ways) await way.close();
}

interface Measured {
  readonly perSecond: number;
  /** Latency of quick requests, in milliseconds. */
  readonly p99: number;
}

async function measure(
  way: Way,
  projects: readonly ProjectNames[],
  milliseconds: number,
  withLarge: boolean,
): Promise<Measured> {
  const start = performance.now();
  const end = start + milliseconds;
  const times: number[] = [];
  const client = async (number: number): Promise<void> => {
    const isLarge = withLarge && number === 0;
    for (let count = number; performance.now() < end; count += 1) {
      const project = projects[count % way.projects];
      if (project === undefined) throw new Error('The project does not exist.');
      const table = `"${project.schema}".note`;
      const sentAt = performance.now();
      await (isLarge
        ? way.run(
            project,
            `SELECT json_agg(row_to_json(r))::text FROM ${table} r WHERE id > $1`,
            '1',
          )
        : way.run(
            project,
            `SELECT row_to_json(r)::text FROM ${table} r WHERE id = $1`,
            String((count % rowCount) + 1),
          ));
      if (!isLarge) times.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)));
  times.sort((a, b) => a - b);
  const seconds = (performance.now() - start) / 1_000;
  return { perSecond: times.length / seconds, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}
