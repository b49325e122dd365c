// Compares the project API with integer and composite keys to the same API with UUIDs. Three projects have the same data
// and are measured in turn, in seven rounds. Prints the median of the ratios of each round: 1 means as fast as UUIDs.
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import pg from 'pg';
import { pino } from 'pino';

import { projectNames } from '../src/engine/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { keyKinds, type KeyKind } from './project-api/dataset-ids.ts';
import { fillDataset } from './project-api/dataset.ts';
import { documentsByKeys } from './project-api/documents.ts';
import { startGateway, tesseraPeer, type Gateway } from './project-api/gateway.ts';
import { startLoadGenerator } from './project-api/load.ts';
import type { Peer } from './project-api/peers.ts';
import { makeProjectOf, register } from './project-api/project.ts';
import { shapeNames, shapeTitles, type ShapeName } from './project-api/shapes.ts';

const connections = 16;
const seed = 20_261_128;
/** The smallest median that is accepted. */
const wanted = 0.95;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '3' },
    shapes: { type: 'string', default: shapeNames.join() },
  },
});
const rounds = Number(values.rounds);
const sliceMs = Number(values.seconds) * 1_000;
const shapes = shapeNames.filter((shape) => values.shapes.split(',').includes(shape));
const size = { boards: 100, issuesPerBoard: 500 };

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
// When root runs the benchmark, PostgreSQL runs as another user, which must be able to traverse this folder.
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  logger: pino({ level: 'error' }),
  temporary: true,
  settings: {
    synchronous_commit: 'off',
    autovacuum: 'off',
    max_wal_size: '8GB',
    checkpoint_timeout: '1h',
    shared_buffers: '512MB',
  },
});
const generator = startLoadGenerator(size, seed);
let gateway: Gateway | null = null;
try {
  gateway = await startGateway({
    databaseUrl: postgres.url,
    connections: 10,
    directory: join(directory, 'gateway'),
  });
  const peers = await createPeers(gateway);
  console.log(
    `${size.boards * size.issuesPerBoard} issues, ${connections} connections, ${availableParallelism()} cores; ` +
      `${rounds} rounds of ${sliceMs / 1_000} s`,
  );
  const ratios = await measure(peers);
  for (const shape of shapes) {
    for (const keys of keyKinds) {
      if (keys === 'uuid') continue;
      const each = ratios.get(`${shape} ${keys}`) ?? [];
      const median = each.toSorted((a, b) => a - b)[Math.floor(each.length / 2)] ?? NaN;
      console.log(
        `${median >= wanted ? 'ok    ' : 'MISSED'} (${shape}) ${shapeTitles[shape]}, ${keys}: ${median.toFixed(3)} ` +
          `(wanted: at least ${wanted}; ${each.map((ratio) => ratio.toFixed(2)).join(' ')})`,
      );
    }
  }
} finally {
  await gateway?.stop();
  await generator.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function createPeers(of: Gateway): Promise<ReadonlyMap<KeyKind, Peer>> {
  const tracker = await readFile(
    new URL('../test/examples/tracker.graphql', import.meta.url),
    'utf8',
  );
  const token = await register(of.origin);
  const peers = new Map<KeyKind, Peer>();
  for (const keys of keyKinds) {
    const project = await makeProjectOf(of.origin, token, schemaWith(tracker, keys));
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await fillDataset(client, projectNames(project.ref).schema, size, keys);
    await client.end();
    peers.set(keys, { ...tesseraPeer(of, project), documents: documentsByKeys[keys], keys });
  }
  return peers;
}

function schemaWith(tracker: string, keys: KeyKind): string {
  if (keys === 'uuid') return tracker;
  const integers = tracker.replaceAll('id: ID! @id', 'id: Int! @id');
  if (keys === 'integer') return integers;
  return integers
    .replace(
      'type Issue @model @unique(fields: ["board", "number"])',
      'type Issue @model @id(fields: ["board", "number"])',
    )
    .replace('id: Int! @id\n  number: Int!', 'number: Int!');
}

/** Returns the ratio to UUIDs in each round, by shape and keys. The order of the projects alternates. */
async function measure(
  peers: ReadonlyMap<KeyKind, Peer>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const ratios = new Map<string, number[]>();
  for (const shape of shapes) {
    for (let round = -1; round < rounds; round += 1) {
      const rates = await measureRound(shape, round % 2 === 0 ? [...peers] : [...peers].reverse());
      const baseline = rates.get('uuid') ?? NaN;
      for (const [keys, rate] of rates) {
        if (round < 0 || keys === 'uuid') continue;
        const name = `${shape} ${keys}`;
        ratios.set(name, [...(ratios.get(name) ?? []), rate / baseline]);
      }
    }
  }
  return ratios;
}

async function measureRound(
  shape: ShapeName,
  peers: readonly (readonly [KeyKind, Peer])[],
): Promise<ReadonlyMap<KeyKind, number>> {
  const rates = new Map<KeyKind, number>();
  for (const [keys, peer] of peers) {
    const groups = [{ kind: shape, connections, measured: true }];
    rates.set(keys, (await generator.run(peer, groups, sliceMs)).perSecond);
  }
  return rates;
}
