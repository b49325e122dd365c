import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createRequestQuota, type QuotaVerdict } from './request-quota.ts';

const start = new Date('2030-01-01T00:00:00Z').getTime();

function startQuota(onRefused?: () => void) {
  const time = { now: start };
  const quota = createRequestQuota({
    redis: null,
    clock: () => new Date(time.now),
    ...(onRefused === undefined ? {} : { onRefused }),
  });
  const take = (identity: string, max: number, units = 1): QuotaVerdict => {
    const verdict = quota.take(identity, max, units);
    if (verdict instanceof Promise) throw new Error('Without Redis, the result is synchronous.');
    return verdict;
  };
  return { time, take };
}

describe('a request quota', () => {
  it('returns the number of remaining requests, then rejects requests and returns the time to wait', () => {
    const onRefused = vi.fn();
    const { time, take } = startQuota(onRefused);
    expect(take('key', 2)).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 65 });
    time.now += 10_000;
    expect(take('key', 2)).toEqual({ allowed: true, limit: 2, remaining: 0, resetSeconds: 55 });
    const refused = { allowed: false, limit: 2, remaining: 0, resetSeconds: 55 };
    expect(take('key', 2)).toEqual(refused);
    expect(onRefused).toHaveBeenCalledOnce();
    time.now += 55_000 - 1;
    expect(take('key', 2)).toEqual({ ...refused, resetSeconds: 1 });
    time.now += 1;
    expect(take('key', 2)).toMatchObject({ allowed: true, remaining: 0 });
    expect(take('key', 2)).toMatchObject({ allowed: false, resetSeconds: 10 });
  });

  it('allows requests again within two minutes after the clock was set back', () => {
    for (const stepMs of [1_000, 30_000, 60_000, 3_600_000, 86_400_000]) {
      const { time, take } = startQuota();
      expect(take('key', 1).allowed).toBe(true);
      expect(take('key', 1).allowed).toBe(false);
      time.now -= stepMs;
      const { allowed, resetSeconds } = take('key', 1);
      expect({ stepMs, locked: !allowed && resetSeconds > 130 }).toEqual({ stepMs, locked: false });
      time.now += 130_000;
      expect({ stepMs, allowed: take('key', 1).allowed }).toEqual({ stepMs, allowed: true });
    }
  });

  it('counts each caller separately', () => {
    const { take } = startQuota();
    expect(take('one', 1).allowed).toBe(true);
    expect(take('one', 1).allowed).toBe(false);
    expect(take('other', 1).allowed).toBe(true);
  });

  it('counts the units of a request, and returns when as many are available again', () => {
    const { time, take } = startQuota();
    expect(take('key', 10, 4)).toMatchObject({ allowed: true, remaining: 6, resetSeconds: 65 });
    time.now += 10_000;
    expect(take('key', 10, 5)).toMatchObject({ allowed: true, remaining: 1 });
    expect(take('key', 10, 2)).toMatchObject({ allowed: false, remaining: 1, resetSeconds: 55 });
    expect(take('key', 10, 6)).toMatchObject({ allowed: false, remaining: 1, resetSeconds: 65 });
    expect(take('key', 10, 1)).toMatchObject({ allowed: true, remaining: 0 });
    time.now += 55_000;
    expect(take('key', 10, 2)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('applies a new limit to requests that were already counted', () => {
    const { take } = startQuota();
    for (let i = 0; i < 5; i += 1) take('key', 10);
    expect(take('key', 3)).toMatchObject({ allowed: false, limit: 3, remaining: 0 });
    expect(take('key', 7)).toMatchObject({ allowed: true, remaining: 1 });
  });

  it('never exceeds the limit in any minute, and allows a request after the returned time', () => {
    const seed = Date.now();
    const wait = fc.integer({ min: 0, max: 9_000 });
    const requests = fc.array(fc.tuple(wait, fc.integer({ min: 1, max: 12 })), {
      minLength: 50,
      maxLength: 200,
    });
    fc.assert(
      fc.property(requests, fc.integer({ min: 1, max: 12 }), (steps, max) => {
        const { time, take } = startQuota();
        const passed: { readonly at: number; readonly units: number }[] = [];
        for (const [pause, wanted] of steps) {
          const units = Math.min(wanted, max);
          time.now += pause;
          const { allowed, resetSeconds } = take('key', max, units);
          if (!allowed) {
            time.now += resetSeconds * 1_000;
            expect(take('key', max, units).allowed).toBe(true);
          }
          passed.push({ at: time.now, units });
          const ofLastMinute = passed.filter(({ at }) => at > time.now - 60_000);
          const used = ofLastMinute.reduce((total, each) => total + each.units, 0);
          expect(used).toBeLessThanOrEqual(max);
        }
      }),
      { seed },
    );
  });
});
