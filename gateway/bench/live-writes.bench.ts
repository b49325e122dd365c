// Compares writes to a model with @live with the same writes to a model without it, over the API of a project. Both use
// 16 connections and are measured in turn. Target: at least 0.75 of the rate for inserts.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';

import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { startGateway } from '../test/process.ts';
import { median, requestsPerSecond } from './lib/load.ts';
import { makeProjectOf, register } from './project-api/project.ts';

const rounds = 7;
const roundMs = 2_000;
const connections = 16;
const wanted = 0.75;

const fields = `{
  id: ID! @id
  title: String!
  status: String! @default(value: "TODO")
  number: Int!
  price: Decimal
  createdAt: DateTime! @createdAt
  updatedAt: DateTime! @updatedAt
}`;
const sdl = `type Plain @model(plural: "plains") ${fields} type Logged @model(plural: "loggeds") @live ${fields}`;

const row = '{ title: "A title of a usual length", number: 7, price: "12.50" }';
const rows = `[${Array.from({ length: 100 }, () => row).join(', ')}]`;
const shapes = [
  {
    name: 'insert of one row',
    wanted,
    query: (type: string) => `mutation { create${type}(data: ${row}) { id } }`,
    expected: (type: string) => `"create${type}":{"id"`,
  },
  {
    name: 'insert of 100 rows',
    wanted: null,
    query: (type: string) => `mutation { create${type}s(data: ${rows}) { count } }`,
    expected: () => '"count":100',
  },
] as const;

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({
  directory: join(directory, 'postgres'),
  logger: pino({ level: 'error' }),
  temporary: true,
});
const gateway = await startGateway({ env: { DATABASE_URL: postgres.url, DATA_DIR: directory } });
try {
  const owner = await register(gateway.origin);
  const { ref, key } = await makeProjectOf(gateway.origin, owner, sdl);
  for (const shape of shapes) {
    const rateOf = (type: string) =>
      requestsPerSecond(
        {
          port: Number(new URL(gateway.origin).port),
          path: `/p/${ref}/graphql`,
          headers: { authorization: `Bearer ${key}` },
          body: JSON.stringify({ query: shape.query(type) }),
          expected: shape.expected(type),
        },
        connections,
        roundMs,
      );
    const ratios: number[] = [];
    const rates = { Plain: [] as number[], Logged: [] as number[] };
    // The first round only warms up.
    for (let round = 0; round <= rounds; round++) {
      const [plain, logged] = [await rateOf('Plain'), await rateOf('Logged')];
      if (round === 0) continue;
      ratios.push(logged / plain);
      rates.Plain.push(plain);
      rates.Logged.push(logged);
    }
    const ratio = median(ratios);
    console.log(
      `${shape.name}: ${median(rates.Logged).toFixed(0)}/s with @live, ${median(rates.Plain).toFixed(0)}/s without: ${ratio.toFixed(2)}`,
    );
    if (shape.wanted !== null && ratio < shape.wanted) {
      console.error(`The ratio for "${shape.name}" is below ${shape.wanted}.`);
      process.exitCode = 1;
    }
  }
} finally {
  await gateway.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}
