// Measures the cost of planning. The first part needs no database: it plans 100 models for an empty project, from SDL
// to steps (target: less than 300 ms of CPU). The second part plans a change to one project, including row counts:
// first while the database contains no other project, then while it contains 1,000 other projects with 10 tables each
// (target: the same time).
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { pino } from 'pino';

import { applyPlan } from '../test/engine/apply-plan.ts';
import { countHazards } from '../src/data-plane/schema.ts';
import { createProjectSchema } from '../src/data-plane/schema.ts';
import { planMigration, projectNames } from '../src/engine/migrations.ts';
import { readSdl, type Model } from '../src/engine/schema.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { median } from './lib/load.ts';

const rounds = 15;
const neighbours = 1_000;
const wantedCpuMs = 300;

/** Each type has `fields` text columns, a unique number and a relation to the previous type. */
function sdlOf(types: number, fields: number, extra = ''): string {
  return Array.from({ length: types }, (_, type) => {
    const columns = Array.from({ length: fields }, (__, field) => `  field${field}: String`);
    const relations = [
      type > 0 ? `  previous: Type${type - 1} @relation(name: "chain${type}")` : '',
      type + 1 < types ? `  next: [Type${type + 1}!]! @relation(name: "chain${type + 1}")` : '',
    ];
    return `type Type${type} @model {\n  id: ID! @id\n  number: Int! @unique\n${[...columns, ...relations, extra].join('\n')}\n}`;
  }).join('\n');
}

function modelOf(sdl: string): Model {
  const reading = readSdl(sdl);
  if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics[0]));
  return reading.model;
}

const refOf = (index: number): string => `bench${String(index).padStart(11, '0')}`;

function measurePlanning(): void {
  const sdl = sdlOf(100, 10);
  const cpu: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.cpuUsage();
    planMigration(null, modelOf(sdl), { project: projectNames(refOf(0)), baseVersion: 0 });
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1_000);
  }
  const [first = 0] = cpu;
  const verdict = first < wantedCpuMs ? 'target met' : `above the target of ${wantedCpuMs} ms`;
  console.log(
    `100 models: ${first.toFixed(0)} ms of CPU the first time, median ${median(cpu).toFixed(0)} ms: ${verdict}`,
  );
}

async function makeProject(client: pg.Client, index: number, model: Model): Promise<void> {
  const names = projectNames(refOf(index));
  await client.query('BEGIN');
  await createProjectSchema(client, names);
  await client.query('COMMIT');
  await applyPlan(client, planMigration(null, model, { project: names, baseVersion: 0 }), {
    check: () => Promise.resolve(),
    record: () => Promise.resolve(),
  });
}

async function timePlanning(client: pg.Client, current: Model): Promise<number> {
  const next = sdlOf(10, 4, '  added: Int! @unique @default(value: 0)');
  const times: number[] = [];
  for (let round = -3; round < rounds; round += 1) {
    const start = performance.now();
    const project = projectNames(refOf(0));
    const plan = planMigration(current, modelOf(next), { project, baseVersion: 1 });
    await countHazards(client, plan);
    if (round >= 0) times.push(performance.now() - start);
  }
  return median(times);
}

async function measureNeighbours(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
  await chmod(directory, 0o711);
  const logger = pino({ level: 'error' });
  const settings = { fsync: 'off', max_locks_per_transaction: '256' };
  const postgres = await startEmbeddedPostgres({ directory, logger, temporary: true, settings });
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  try {
    const model = modelOf(sdlOf(10, 5));
    await makeProject(client, 0, model);
    const alone = await timePlanning(client, model);
    for (let index = 1; index <= neighbours; index += 1) await makeProject(client, index, model);
    const together = await timePlanning(client, model);
    console.log(
      `Planning one project: ${alone.toFixed(1)} ms alone, ${together.toFixed(1)} ms with ${neighbours} other projects: ratio ${(together / alone).toFixed(2)}`,
    );
  } finally {
    await client.end();
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

measurePlanning();
await measureNeighbours();
