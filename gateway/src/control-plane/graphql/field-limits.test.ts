import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { captureFieldCall } from '../../../test/field-call.ts';
import { createMemorySlidingLog } from '../../platform/rate-limit/sliding-log.ts';
import { createFieldLimits, enforceLimit } from './field-limits.ts';

const rule = { name: 'login:address', max: 3, windowMs: 60_000 };

function setUp(log = createMemorySlidingLog()) {
  const time = { now: Date.parse('2026-01-01T00:00:00Z') };
  const onRefused = vi.fn();
  const limits = createFieldLimits({ log, clock: () => new Date(time.now), onRefused });
  const limiter = limits.of(captureFieldCall());
  return { limiter, time, onRefused };
}

describe('the rate limiter', () => {
  it('allows the configured number of attempts, and returns the number remaining and the time to wait', async () => {
    const { limiter, time } = setUp();
    for (const remaining of [2, 1, 0]) {
      const verdict = await limiter.consume(rule, 'a');
      expect(verdict).toEqual({ allowed: true, retryAfterSeconds: 0, remaining });
      time.now += 10_000;
    }
    expect(await limiter.consume(rule, 'a')).toEqual({
      allowed: false,
      retryAfterSeconds: 30,
      remaining: 0,
    });
  });

  it('allows another attempt exactly when the oldest one leaves the window', async () => {
    const { limiter, time } = setUp();
    for (let i = 0; i < 3; i++) {
      await limiter.consume(rule, 'a');
      time.now += 1_000;
    }
    time.now += 60_000 - 3_000 - 1;
    expect(await limiter.consume(rule, 'a')).toMatchObject({
      allowed: false,
      retryAfterSeconds: 1,
    });
    time.now += 1;
    expect((await limiter.consume(rule, 'a')).allowed).toBe(true);
    expect((await limiter.consume(rule, 'a')).allowed).toBe(false);
  });

  it('does not lock anyone out for longer than the window if the clock was set back', async () => {
    for (const stepMs of [1, 30_000, 3_600_000, 86_400_000]) {
      const { limiter, time } = setUp();
      for (let i = 0; i < 3; i++) {
        await limiter.consume(rule, 'a');
        time.now += 1_000;
      }
      time.now -= stepMs;
      const { allowed, retryAfterSeconds } = await limiter.consume(rule, 'a');
      expect(allowed).toBe(false);
      expect(retryAfterSeconds).toBeLessThanOrEqual(60);
      time.now += retryAfterSeconds * 1_000;
      expect((await limiter.consume(rule, 'a')).allowed).toBe(true);
    }
  });

  it('does not count refused attempts', async () => {
    const { limiter, time } = setUp();
    for (let i = 0; i < 500; i++) {
      await limiter.consume(rule, 'a');
      time.now += 100;
    }
    time.now += 10_000;
    expect((await limiter.consume(rule, 'a')).allowed).toBe(true);
  });

  it('allows exactly the configured number out of 100 concurrent attempts', async () => {
    const { limiter } = setUp();
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, () => limiter.consume({ ...rule, max: 10 }, 'a')),
    );
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('counts identities and rules separately', async () => {
    const { limiter } = setUp();
    for (let i = 0; i < 4; i++) await limiter.consume(rule, 'a');
    expect((await limiter.consume(rule, 'a')).allowed).toBe(false);
    expect((await limiter.consume(rule, 'b')).allowed).toBe(true);
    expect((await limiter.consume({ ...rule, name: 'other' }, 'a')).allowed).toBe(true);
  });

  it("applies a rule's changed limits", async () => {
    const { limiter } = setUp();
    for (let i = 0; i < 3; i++) await limiter.consume(rule, 'a');
    expect((await limiter.consume({ ...rule, max: 4 }, 'a')).allowed).toBe(true);
    expect(await limiter.consume({ ...rule, max: 1 }, 'a')).toMatchObject({
      allowed: false,
      retryAfterSeconds: 60,
    });
  });

  it('never allows more attempts than the limit in any window, at random times', async () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(pauses, async (steps) => {
        const { limiter, time } = setUp();
        const allowed: number[] = [];
        for (const step of steps) {
          time.now += step;
          const verdict = await limiter.consume(rule, 'a');
          const inWindow = allowed.filter((at) => at + rule.windowMs > time.now).length;
          expect(verdict.allowed).toBe(inWindow < rule.max);
          if (verdict.allowed) allowed.push(time.now);
        }
      }),
    );
  });

  it('discards the identities with the oldest attempts if there are too many', async () => {
    const { limiter } = setUp(createMemorySlidingLog(100));
    const single = { ...rule, max: 1 };
    await limiter.consume(single, 'first');
    for (let i = 0; i < 99; i++) await limiter.consume(single, `other ${i}`);
    expect((await limiter.consume(single, 'first')).allowed).toBe(false);
    for (let i = 0; i < 100; i++) await limiter.consume(single, `flood ${i}`);
    expect((await limiter.consume(single, 'first')).allowed).toBe(true);
  });

  it('reports refusals, and throws RATE_LIMITED from enforceLimit', async () => {
    const { limiter, onRefused } = setUp();
    for (let i = 0; i < 3; i++) await enforceLimit(limiter, rule, 'a');
    expect(onRefused).not.toHaveBeenCalled();
    await expect(enforceLimit(limiter, rule, 'a')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      headers: { 'retry-after': '60' },
    });
    expect(onRefused).toHaveBeenCalledExactlyOnceWith(rule);
  });

  it('does not need more memory or time for a rule that allows many attempts', async () => {
    const taken = 1_000_000_000;
    const { limiter } = setUp({ reserve: () => Promise.resolve({ taken, freeInMs: 0 }) });
    const verdict = await limiter.consume({ ...rule, max: taken + 2 }, 'a');
    expect(verdict).toEqual({ allowed: true, retryAfterSeconds: 0, remaining: 1 });
    expect((await limiter.consume({ ...rule, max: taken }, 'a')).allowed).toBe(false);
  });

  it('rejects a rule with a maximum of 0, which the library would treat as 5', async () => {
    const { limiter } = setUp();
    await expect(limiter.consume({ ...rule, max: 0 }, 'a')).rejects.toThrow('must allow');
  });
});
