// Compares the cost of three operations: a failed sign-in with an unknown address, a failed sign-in with a wrong
// password, and bcrypt alone. Targets: the medians of the first two are within 10 % of each other and close to the
// third.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import bcrypt from 'bcrypt';
import { pino } from 'pino';

import { createAuditService } from '../src/control-plane/audit/audit.service.ts';
import { createSessionsService } from '../src/control-plane/sessions/sessions.service.ts';
import { type Principal, anonymous } from '../src/control-plane/access/viewer.ts';
import { systemClock as clock } from '../src/platform/clock.ts';
import { createAccessTokens } from '../src/control-plane/sessions/access-tokens.ts';
import { createPasswordHasher } from '../src/platform/crypto/password-hasher.ts';
import { createDatabase, type Db } from '../src/platform/db/database.ts';
import { applyMigrations } from '../src/platform/db/migrations.ts';
import { InvalidCredentialsError } from '../src/control-plane/errors/expected-error.ts';
import { startEmbeddedPostgres } from '../src/platform/postgres/embedded-postgres.ts';
import { createPubSub } from '../src/platform/pubsub/pubsub.ts';
import { createMemorySlidingLog } from '../src/platform/rate-limit/sliding-log.ts';
import { createFieldLimits } from '../src/control-plane/graphql/field-limits.ts';
import { captureFieldCall } from '../test/field-call.ts';

const rounds = 40;
const cost = 12;
const key = new Uint8Array(32).fill(1);
const logger = pino({ level: 'error' });
const caller: Principal = {
  viewer: anonymous,
  requestId: 'bench',
  ipAddress: '127.0.0.1',
  userAgent: null,
};

await withDatabase(async (db, connectionString) => {
  const passwords = createPasswordHasher({ pepper: key, cost });
  const limits = createFieldLimits({ log: createMemorySlidingLog(), clock });
  const limiter = limits.of(captureFieldCall());
  const sessions = createSessionsService({
    db,
    audit: createAuditService({ db }),
    passwords,
    accessTokens: createAccessTokens({ key, issuer: 'bench', audience: 'bench', clock }),
    pubsub: createPubSub({ connectionString, logger }),
    clock,
    refreshTokenKey: key,
    signInLimitPerMinute: 1_000_000,
    emailVerification: 'optional',
  });
  const passwordHash = await passwords.hash('a good long password');
  await db.user.create({ data: { name: 'Ada', email: 'ada@example.org', passwordHash } });

  const refused = async (email: string) => {
    try {
      await sessions.login(caller, { email, password: 'not the password' }, limiter);
    } catch (error) {
      if (error instanceof InvalidCredentialsError) return;
      throw error;
    }
    throw new Error('The sign-in was not rejected.');
  };
  const medians = await measure({
    'unknown address': () => refused('nobody@example.org'),
    'wrong password': () => refused('ada@example.org'),
    'bcrypt alone': () => bcrypt.compare('not the password', passwordHash),
  });
  report(medians);
  sessions.close();
});

type Medians<Name extends string> = Readonly<Record<Name, number>>;

/**
 * Returns each candidate's median time in milliseconds. The candidates run in turn, so that fluctuations in the
 * machine's performance affect all of them alike.
 */
async function measure<Name extends string>(
  candidates: Record<Name, () => Promise<unknown>>,
): Promise<Medians<Name>> {
  // Object.keys of a record returns its keys.
  const names = Object.keys(candidates) as Name[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round += 1) {
    for (const name of names) {
      const start = performance.now();
      await candidates[name]();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  // The map has one entry per name.
  return Object.fromEntries(
    names.map((name) => [name, median(times.get(name) ?? [])]),
  ) as Medians<Name>;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function report(medians: Medians<'unknown address' | 'wrong password' | 'bcrypt alone'>): void {
  for (const [name, milliseconds] of Object.entries(medians)) {
    console.log(`  ${name.padEnd(16)} ${milliseconds.toFixed(1).padStart(7)} ms`);
  }
  const ratio = (a: number, b: number) => (a / b).toFixed(3);
  const { 'unknown address': unknown, 'wrong password': wrong } = medians;
  console.log(`  unknown address / wrong password   ${ratio(unknown, wrong)}`);
  console.log(`  wrong password / bcrypt alone      ${ratio(wrong, medians['bcrypt alone'])}`);
}

async function withDatabase(work: (db: Db, connectionString: string) => Promise<void>) {
  const directory = await mkdtemp(join(tmpdir(), 'tessera-bench-'));
  // When root runs the benchmark, PostgreSQL runs as another user, which must be able to traverse this folder.
  await chmod(directory, 0o711);
  const postgres = await startEmbeddedPostgres({
    directory,
    logger,
    temporary: true,
    onGivenUp: (lastWords) => logger.error(`PostgreSQL ended: ${lastWords}`),
  });
  const connectionString = postgres.url;
  try {
    const migrations = join(import.meta.dirname, '../../prisma/migrations');
    await applyMigrations({ connectionString, directory: migrations, logger });
    const applicationName = 'tessera bench';
    const database = createDatabase({ connectionString, poolSize: 4, applicationName, logger });
    await work(database.prisma, connectionString);
    await database.close();
  } finally {
    await postgres.stop();
    await rm(directory, { recursive: true, force: true });
  }
}
