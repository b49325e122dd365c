// Measures how one tenant's attacks affect another tenant. While an attack runs in four loops, the benchmark records
// the other tenant's response times, its errors, and how much the gateway's memory grows. It compares the times with
// those measured without an attack in the same run. `--seconds` sets the duration of each attack. `--only <words>`
// selects attacks by name.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import pg from 'pg';
import { pino } from 'pino';

import { projectNames } from '../src/engine/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { attackerRows } from './neighbors/attacker-data.ts';
import type { AttackJob } from './neighbors/attack-process.ts';
import { attacks, wideSchema, type Attack, type Target } from './neighbors/attacks.ts';
import type { VictimFigures, VictimJob } from './neighbors/victim-process.ts';
import { createKeys, startGateway, type Gateway } from './project-api/gateway.ts';
import { endOf } from './project-api/peers.ts';
import { residentMb } from './project-api/process-figures.ts';
import { makeProjectOf, register, type BenchProject } from './project-api/project.ts';

const loops = 4;
const victims = 4;
const smallIssues = 50_000;
const memorySampleMs = 50;

const wanted = { p99Ms: 50, timesIdle: 5, growthMb: 200 };

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, only: { type: 'string', default: '' } },
});
const attackMs = Number(values.seconds) * 1_000;

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
// When root runs the benchmark, PostgreSQL runs as another user, which must be able to traverse this folder.
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  logger: pino({ level: 'error' }),
  temporary: true,
  settings: { max_wal_size: '4GB', checkpoint_timeout: '1h', shared_buffers: '512MB' },
});
const attacker = forkProgram('attack-process.ts');
const victim = forkProgram('victim-process.ts');
let gateway: Gateway | null = null;
try {
  const options = {
    databaseUrl: postgres.url,
    connections: 10,
    directory: join(directory, 'gateway'),
    keys: createKeys(),
  };
  gateway = await startGateway(options);
  const setUp = await prepare(gateway);
  const results = [];
  for (const attack of attacks.filter(({ name }) => name.includes(values.only))) {
    // The gateway is restarted before each attack, because an earlier attack would have increased its memory usage.
    await gateway.stop();
    gateway = await startGateway(options);
    results.push(await measure(gateway, attack, setUp));
  }
  console.table(results);
  const bad = results.filter(({ verdict }) => verdict !== 'ok');
  console.log(
    bad.length === 0
      ? `Each within p99 < ${wanted.p99Ms} ms or ${wanted.timesIdle} × idle, no errors, and ${wanted.growthMb} MB.`
      : `Beyond the limits: ${bad.map(({ attack }) => attack).join('; ')}.`,
  );
} finally {
  await gateway?.stop();
  await endOf(attacker);
  await endOf(victim);
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

interface SetUp {
  readonly victim: BenchProject;
  readonly target: Omit<Target, 'port'>;
}

async function prepare({ origin }: Gateway): Promise<SetUp> {
  const trackerFile = new URL('../test/examples/tracker.graphql', import.meta.url);
  const sdl = await readFile(trackerFile, 'utf8');
  const victimToken = await register(origin, 'victim@example.org');
  const victim = await makeProjectOf(origin, victimToken, sdl);
  const token = await register(origin);
  const tracker = await makeProjectOf(origin, token, sdl);
  const wide = await makeProjectOf(origin, token, wideSchema);
  await fill(tracker, attackerRows(smallIssues));
  await fill(victim, attackerRows(1_000));
  return { victim, target: { tracker, wide, token } };
}

async function fill({ ref }: BenchProject, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(`SET search_path = ${client.escapeIdentifier(projectNames(ref).schema)}`);
  for (const statement of statements) await client.query(statement);
  await client.query('VACUUM (ANALYZE)');
  await client.end();
}

async function measure(
  { pid, port }: Gateway,
  { name: attack, goodput = 0 }: Attack,
  { victim: { ref, key }, target }: SetUp,
) {
  const visit = (milliseconds: number) =>
    ask<VictimFigures>(victim, {
      port,
      path: `/p/${ref}/graphql`,
      key,
      clients: victims,
      milliseconds,
    } satisfies VictimJob);
  await visit(1_000);
  const idleMs = 2_000;
  const idle = await visit(idleMs);
  const before = residentMb(pid) ?? NaN;
  let most = before;
  const sampling = setInterval(
    () => (most = Math.max(most, residentMb(pid) ?? NaN)),
    memorySampleMs,
  );
  const [during, tally] = await Promise.all([
    visit(attackMs),
    ask<[string, number][]>(attacker, {
      attack,
      target: { ...target, port },
      loops,
      milliseconds: attackMs,
    } satisfies AttackJob),
  ]);
  clearInterval(sampling);
  const growth = most - before;
  const isFast = during.p99 < wanted.p99Ms || during.p99 < wanted.timesIdle * idle.p99;
  const share = during.requests / attackMs / (idle.requests / idleMs);
  const faults = [
    ...(isFast ? [] : ['slow']),
    ...(share >= goodput ? [] : ['goodput']),
    ...(during.errors.length === 0 ? [] : ['errors']),
    ...(growth < wanted.growthMb ? [] : ['memory']),
  ];
  return {
    attack,
    'idle p99': round(idle.p99),
    p99: round(during.p99),
    worst: round(during.worst),
    'requests/s': Math.round((during.requests / attackMs) * 1_000),
    'of idle': `${Math.round(share * 100)} %`,
    errors: outcomes(during.errors),
    'RSS +MB': Math.round(growth),
    'attacker got': outcomes(tally),
    verdict: faults.length === 0 ? 'ok' : faults.join(', '),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function outcomes(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([outcome, times]) => `${times} × ${outcome}`).join(', ') || 'none';
}

function forkProgram(name: string): ChildProcess {
  const file = fileURLToPath(new URL(`neighbors/${name}`, import.meta.url));
  return fork(file, [], { execArgv: ['--import', 'tsx'] });
}

/** Sends a job to one of the programs and returns its result. */
async function ask<Answer>(child: ChildProcess, job: AttackJob | VictimJob): Promise<Answer> {
  child.send(job);
  const signal = AbortSignal.timeout(job.milliseconds + 60_000);
  // Each program replies to a job with one message of this type.
  const [answer] = (await once(child, 'message', { signal })) as [Answer];
  return answer;
}
