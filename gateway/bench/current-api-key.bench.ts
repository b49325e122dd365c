// Compares `currentApiKey` with a minimal node:http + pg handler that performs the same lookup. Both run as separate
// processes against one PostgreSQL server and are measured alternately. Target: at least 0.25 of the minimal handler's
// rate.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { pino } from 'pino';

import { createDatabase } from '../src/platform/db/database.ts';
import { applyMigrations } from '../src/platform/db/migrations.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { startGateway } from '../test/process.ts';
import { seedTenant } from '../test/tenant.ts';
import { median, requestsPerSecond, type Target } from './lib/load.ts';

const rounds = 7;
const roundMs = 2_000;
const connections = 16;
const wanted = 0.25;
const logger = pino({ level: 'error' });

const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
await chmod(directory, 0o711);
const postgres = await startEmbeddedPostgres({ directory, logger, temporary: true });
const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));
await applyMigrations({ connectionString: postgres.url, directory: migrations, logger });
const key = await seedKey(postgres.url);

const gateway = await startGateway({
  env: { DATABASE_URL: postgres.url, DATA_DIR: directory },
});
const bare = await startBareServer(postgres.url);
try {
  await compare(bare.port, gateway.port);
} finally {
  bare.stop();
  await gateway.stop();
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function seedKey(connectionString: string): Promise<string> {
  const database = createDatabase({
    connectionString,
    poolSize: 2,
    applicationName: 'bench',
    logger,
  });
  const tenant = await seedTenant(database.prisma);
  await database.close();
  return tenant.key.text;
}

async function startBareServer(connectionString: string) {
  const file = fileURLToPath(new URL('lib/bare-server.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', file, connectionString], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { port: Number(/\d+/.exec(line)?.[0]), stop: () => void child.kill() };
}

async function compare(barePort: number, gatewayPort: number): Promise<void> {
  const target = (port: number): Target => ({
    port,
    path: '/graphql',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ currentApiKey { id scopes project { ref name } } }' }),
    expected: '"currentApiKey":{"id":"',
  });
  const measure = (port: number, ms: number) => requestsPerSecond(target(port), connections, ms);
  await measure(barePort, 500);
  await measure(gatewayPort, 1_500);
  const pairs: { bare: number; gateway: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    pairs.push({
      bare: await measure(barePort, roundMs),
      gateway: await measure(gatewayPort, roundMs),
    });
  }
  const ratio = median(pairs.map((pair) => pair.gateway / pair.bare));
  console.table({
    'minimal node:http + pg': { 'requests/s': Math.round(median(pairs.map((pair) => pair.bare))) },
    'Tessera, currentApiKey': {
      'requests/s': Math.round(median(pairs.map((pair) => pair.gateway))),
      ratio: ratio.toFixed(2),
    },
  });
  const verdict = ratio >= wanted ? 'target met' : `below the target of ${wanted}`;
  console.log(`Ratio ${ratio.toFixed(2)} (median of ${rounds} pairs): ${verdict}`);
}
