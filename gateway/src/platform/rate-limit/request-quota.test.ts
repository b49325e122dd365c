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
  const take = (identity: string, max: number): QuotaVerdict => {
    const verdict = quota.take(identity, max);
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

  it('counts each caller separately', () => {
    const { take } = startQuota();
    expect(take('one', 1).allowed).toBe(true);
    expect(take('one', 1).allowed).toBe(false);
    expect(take('other', 1).allowed).toBe(true);
  });

  it('applies a new limit to requests that were already counted', () => {
    const { take } = startQuota();
    for (let i = 0; i < 5; i += 1) take('key', 10);
    expect(take('key', 3)).toMatchObject({ allowed: false, limit: 3, remaining: 0 });
    expect(take('key', 7)).toMatchObject({ allowed: true, remaining: 1 });
  });

  it('never exceeds the limit in any minute, and allows a request after the returned time', () => {
    const seed = Date.now();
    const pauses = fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 50, maxLength: 200 });
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 12 }), (waits, max) => {
        const { time, take } = startQuota();
        const passed: number[] = [];
        for (const wait of waits) {
          time.now += wait;
          const { allowed, resetSeconds } = take('key', max);
          if (allowed) passed.push(time.now);
          else {
            time.now += resetSeconds * 1_000;
            expect(take('key', max).allowed).toBe(true);
            passed.push(time.now);
          }
          const ofLastMinute = passed.filter((at) => at > time.now - 60_000);
          expect(ofLastMinute.length).toBeLessThanOrEqual(max);
        }
      }),
      { seed },
    );
  });
});
