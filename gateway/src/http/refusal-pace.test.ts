import { describe, expect, it, vi } from 'vitest';

import { createRefusalPace, isRefusal, type RefusalPaceLimits } from './refusal-pace.ts';

function startPace(limits: Partial<RefusalPaceLimits> = {}) {
  const time = { now: 1_000_000 };
  const onSlowed = vi.fn();
  const pace = createRefusalPace({
    clock: () => new Date(time.now),
    limits: { perSecond: 3, delayMs: 1, maxDelayed: 2, ...limits },
    onSlowed,
  });
  const kinds = (count: number, network = 'a') =>
    Array.from({ length: count }, () => pace.slow(network).kind);
  return { pace, time, onSlowed, kinds };
}

describe('the pace of refusals', () => {
  it('delays refusals beyond the number per second, then closes connections', () => {
    const { kinds, onSlowed } = startPace();
    expect(kinds(6)).toEqual(['NONE', 'NONE', 'NONE', 'DELAY', 'DELAY', 'CLOSE']);
    expect(onSlowed).toHaveBeenCalledTimes(3);
  });

  it('counts each network separately, and begins again in the next second', () => {
    const { kinds, time } = startPace();
    expect(kinds(4)).toContain('DELAY');
    expect(kinds(3, 'b')).toEqual(['NONE', 'NONE', 'NONE']);
    time.now += 1_000;
    expect(kinds(1)).toEqual(['NONE']);
  });

  it('has room for another delayed response when one was sent', async () => {
    const { pace, kinds } = startPace({ maxDelayed: 1 });
    kinds(3);
    const slowdown = pace.slow('a');
    if (slowdown.kind !== 'DELAY') throw new Error('The response was not delayed.');
    expect(kinds(1)).toEqual(['CLOSE']);
    await slowdown.over;
    expect(kinds(1)).toEqual(['DELAY']);
  });

  it('does not affect responses that depend on what the request asks for', () => {
    expect([200, 400, 403, 409].some(isRefusal)).toBe(false);
    expect([401, 429, 503].every(isRefusal)).toBe(true);
  });
});
