import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { captureFieldCall } from '../../../test/field-call.ts';
import { hasRedisServer, startRedisServer } from '../../../test/redis-server.ts';
import { createFieldLimits } from '../../control-plane/graphql/field-limits.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createRedisLink } from './redis-link.ts';
import { createRequestQuota } from './request-quota.ts';
import { createSlidingLog } from './sliding-log.ts';

const rule = { name: 'login:address', max: 10, windowMs: 60_000 };

describe.skipIf(!hasRedisServer())('rate limiting with Redis', () => {
  let server: Awaited<ReturnType<typeof startRedisServer>>;
  let inspector: Redis;

  beforeAll(async () => {
    server = await startRedisServer();
    inspector = new Redis(server.url);
    inspector.on('error', () => undefined);
  });
  afterAll(async () => {
    inspector.disconnect();
    await server.stop();
  });

  /** One gateway's limiters, with the number of warnings and recoveries that were logged. */
  function startInstance(redisUrl = server.url) {
    const lines: string[] = [];
    const logger = createLogger({
      level: 'info',
      format: 'json',
      destination: { write: (line) => lines.push(line) },
    });
    const redis = createRedisLink({ redisUrl, logger });
    onTestFinished(() => redis.close());
    const time = { now: Date.now() };
    const clock = () => new Date(time.now);
    const limits = createFieldLimits({ log: createSlidingLog(redis), clock });
    const limiter = limits.of(captureFieldCall());
    const quota = createRequestQuota({ redis, clock });
    const count = (word: string) => lines.filter((line) => line.includes(word)).length;
    return {
      limiter,
      quota,
      time,
      warnings: () => count('"level":"warn"'),
      returns: () => count('is available again'),
    };
  }
  type Instance = ReturnType<typeof startInstance>;

  /** Uses new identities until an attempt is counted in Redis. */
  async function countsInRedis({ limiter }: Instance): Promise<void> {
    await vi.waitFor(
      async () => {
        const before = await inspector.dbsize();
        await limiter.consume(rule, `probe ${Math.random()}`);
        expect(await inspector.dbsize()).toBe(before + 1);
      },
      { timeout: 15_000, interval: 20 },
    );
  }

  async function startConnected(): Promise<Instance> {
    const instance = startInstance();
    await countsInRedis(instance);
    return instance;
  }

  const allowedOf = async (tries: Promise<{ allowed: boolean }>[]) =>
    (await Promise.all(tries)).filter(({ allowed }) => allowed).length;

  it('allows exactly the maximum when 100 attempts arrive at two instances at once', async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    const tries = Array.from({ length: 100 }, (_, i) =>
      (i % 2 === 0 ? one : other).limiter.consume(rule, 'everybody at once'),
    );
    expect(await allowedOf(tries)).toBe(10);
  });

  it('returns the time to wait, and allows one attempt after that time', async () => {
    const { limiter, time } = await startConnected();
    for (const remaining of [1, 0]) {
      expect(await limiter.consume({ ...rule, max: 2 }, 'patient')).toEqual({
        allowed: true,
        retryAfterSeconds: 0,
        remaining,
      });
      time.now += 10_000;
    }
    for (let i = 0; i < 5; i++) {
      const verdict = await limiter.consume({ ...rule, max: 2 }, 'patient');
      expect(verdict).toEqual({ allowed: false, retryAfterSeconds: 40, remaining: 0 });
    }
    time.now += 40_000;
    expect((await limiter.consume({ ...rule, max: 2 }, 'patient')).allowed).toBe(true);
    expect((await limiter.consume({ ...rule, max: 2 }, 'patient')).allowed).toBe(false);
  });

  it('stores only hashed identities in Redis, with an expiry', async () => {
    const { limiter } = await startConnected();
    await limiter.consume(rule, '192.0.2.77');
    const keys = await inspector.keys('tessera:rate:login:address:*');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect(key).not.toContain('192.0.2.77');
      const [left, members] = [await inspector.pttl(key), await inspector.zrange(key, '0', '-1')];
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(rule.windowMs);
      expect(members.join()).not.toContain('192.0.2.77');
    }
  });

  it('counts requests across instances as a single process would', async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    const time = { now: one.time.now };
    const alone = createRequestQuota({ redis: null, clock: () => new Date(time.now) });
    const identity = `key ${Math.random()}`;
    const steps = [
      [0, 1],
      [1_000, 3],
      [20_000, 1],
      [0, 2],
      [7_000, 1],
      [30_000, 4],
      [9_000, 2],
      [0, 1],
      [70_000, 4],
    ] as const;
    for (const [index, [pause, units]] of steps.entries()) {
      time.now += pause;
      const instance = index % 2 === 0 ? one : other;
      instance.time.now = time.now;
      const verdict = await instance.quota.take(identity, 4, units);
      expect(verdict, `at ${time.now}`).toEqual(alone.take(identity, 4, units));
    }
    const [key = ''] = await inspector.keys('tessera:rate:requests:*');
    expect(key).not.toContain(identity);
    expect(await inspector.pttl(key)).toBeGreaterThan(0);
  });

  it('allows exactly the maximum when 100 requests arrive at two instances at once', async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    other.time.now = one.time.now;
    const identity = `key ${Math.random()}`;
    const verdicts = Array.from({ length: 100 }, async (_, i) =>
      (i % 2 === 0 ? one : other).quota.take(identity, 30, 1),
    );
    expect(await allowedOf(verdicts)).toBe(30);
  });

  it('counts the cost of requests at two instances together', async () => {
    const [one, other] = [await startConnected(), await startConnected()];
    other.time.now = one.time.now;
    const identity = `key ${Math.random()}`;
    expect(await one.quota.take(identity, 100, 60)).toMatchObject({ allowed: true, remaining: 40 });
    expect(await other.quota.take(identity, 100, 41)).toMatchObject({
      allowed: false,
      remaining: 40,
    });
    expect(await other.quota.take(identity, 100, 40)).toMatchObject({ remaining: 0 });
    expect(await one.quota.take(identity, 100, 1)).toMatchObject({ allowed: false });
  });

  it('counts requests in memory if Redis is not available', async () => {
    const { quota } = startInstance('redis://127.0.0.1:1');
    const verdicts = Array.from({ length: 100 }, async () => quota.take('nobody there', 10, 1));
    expect(await allowedOf(verdicts)).toBe(10);
  });

  it('counts attempts in memory if Redis is not available at startup', async () => {
    const { limiter, warnings } = startInstance('redis://127.0.0.1:1');
    const tries = Array.from({ length: 100 }, () => limiter.consume(rule, 'nobody there'));
    expect(await allowedOf(tries)).toBe(10);
    expect(warnings()).toBe(1);
  });

  it('counts in memory and logs one warning while Redis is stopped, then uses Redis again', async () => {
    const instance = await startConnected();
    const before = instance.warnings();
    await server.stop();
    const tries = Array.from({ length: 100 }, () => instance.limiter.consume(rule, 'in between'));
    expect(await allowedOf(tries)).toBe(10);
    expect((await instance.limiter.consume(rule, 'in between')).allowed).toBe(false);
    expect(instance.warnings()).toBe(before + 1);
    server = await startRedisServer(server.port);
    await countsInRedis(instance);
    expect(instance.warnings()).toBe(before + 1);
    expect(instance.returns()).toBeGreaterThan(0);
  });

  it('counts in memory while Redis does not respond, without delaying every attempt', async () => {
    const instance = await startConnected();
    server.freeze();
    onTestFinished(() => server.thaw());
    let allowed = 0;
    const start = performance.now();
    for (let i = 0; i < 30; i++) {
      allowed += await allowedOf([instance.limiter.consume(rule, 'frozen')]);
    }
    // Waiting 200 ms on every attempt would take six seconds.
    expect(performance.now() - start).toBeLessThan(3_000);
    expect(allowed).toBe(10);
    server.thaw();
    await countsInRedis(instance);
  });
});
