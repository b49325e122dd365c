import { describe, expect, it } from 'vitest';

import { createLargeApis } from './large-apis.ts';

function open() {
  let now = 1_000;
  const apis = createLargeApis(() => now);
  const askTimes = (times: number, key: string, sdlLength: number) =>
    Array.from({ length: times }, () => apis.mayBuild(key, sdlLength));
  return { askTimes, pass: (ms: number) => (now += ms) };
}

describe('the API of a large schema', () => {
  it('is built after 20 requests, and each API is counted separately', () => {
    const { askTimes } = open();
    expect(askTimes(20, 'a', 20_000)).not.toContain(true);
    expect(askTimes(20, 'b', 20_000)).not.toContain(true);
    expect(askTimes(1, 'a', 20_000)).toEqual([true]);
    expect(askTimes(1, 'b', 20_000)).toEqual([true]);
  });

  it('is counted anew after a build', () => {
    const { askTimes } = open();
    expect(askTimes(21, 'a', 20_000)).toContain(true);
    expect(askTimes(20, 'a', 20_000)).not.toContain(true);
  });

  it('waits until builds have taken at most one percent of the time', () => {
    const { askTimes, pass } = open();
    expect(askTimes(21, 'longest', 256_000)).toContain(true);
    expect(askTimes(30, 'next', 40_000)).not.toContain(true);
    pass(9_900);
    expect(askTimes(1, 'next', 40_000)).toEqual([false]);
    pass(200);
    expect(askTimes(1, 'next', 40_000)).toEqual([true]);
  });

  it('is built even if its SDL is longer than any that can be applied', () => {
    const { askTimes } = open();
    expect(askTimes(21, 'a', 1_000_000)).toContain(true);
  });
});
