import { pino } from 'pino';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEmptyDatabase } from '../test/database.ts';
import { pgbouncer, usePoolers } from '../test/pgbouncer.ts';
import { runGateway, startGateway, type GatewayProcess } from '../test/process.ts';
import { signUp } from '../test/sign-up.ts';
import { keepsSessions } from './platform/db/session-check.ts';
import { NotificationsLostError } from './platform/pubsub/notification-proof.ts';
import { createPubSub } from './platform/pubsub/pubsub.ts';

// Startup takes about a second, but much longer on a machine that runs other tests at the same time.
vi.setConfig({ testTimeout: 120_000 });

const logger = pino({ level: 'silent' });
const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe.skipIf(pgbouncer === null)('a gateway behind PgBouncer', () => {
  const startPooler = usePoolers();

  async function emptyDatabase(): Promise<string> {
    const database = await createEmptyDatabase();
    cleanUps.push(() => database.drop());
    return database.url;
  }

  const environment = (url: string) => ({
    DATABASE_URL: url,
    ACCESS_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64'),
    REFRESH_TOKEN_KEY: Buffer.alloc(32, 2).toString('base64'),
    PASSWORD_PEPPER: Buffer.alloc(32, 3).toString('base64'),
  });

  it.each(['transaction', 'statement'])(
    'in %s mode does not start, and explains why',
    async (poolMode) => {
      const { url } = await startPooler(await emptyDatabase(), poolMode);
      const { code, output } = await runGateway({ env: environment(url) });
      expect(code).toBe(1);
      expect(output).toContain('PgBouncer in transaction mode');
      expect(output).toContain('DATABASE_URL');
      expect(output).not.toMatch(/ {4}at |Error:/);
    },
  );

  it('in session mode starts and serves requests', async () => {
    const { url } = await startPooler(await emptyDatabase(), 'session');
    const gateway: GatewayProcess = await startGateway({ env: environment(url) });
    cleanUps.push(() => gateway.stop());
    expect((await fetch(`${gateway.origin}/readyz`)).status).toBe(200);
    await signUp(gateway.origin);
    expect(await gateway.stop()).toMatchObject({ code: 0 });
  });

  it('detects sessions that are not kept, also if other connections are busy', async () => {
    const database = await emptyDatabase();
    expect(await keepsSessions(database)).toBe(true);
    const { url } = await startPooler(database, 'transaction');
    expect(await keepsSessions(url)).toBe(false);
    expect(await Promise.all([keepsSessions(url), keepsSessions(url)])).toEqual([false, false]);
    expect(await keepsSessions((await startPooler(database, 'session')).url)).toBe(true);
  });

  it('does not count as hearing if notifications do not arrive', async () => {
    const { url } = await startPooler(await emptyDatabase(), 'transaction');
    const pubsub = createPubSub({ connectionString: url, logger, heartbeatMs: 100 });
    cleanUps.push(() => pubsub.close());
    await expect(pubsub.start()).rejects.toThrow(NotificationsLostError);
    expect(pubsub.isHearing()).toBe(false);
  });
});
