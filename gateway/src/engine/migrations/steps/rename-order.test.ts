import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRenames } from './rename-order.ts';

describe('orderRenames', () => {
  it('renames an object only after the new name is free', () => {
    const renames = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'c' },
      { from: 'x', to: 'x' },
    ];
    expect(orderRenames(renames).map(({ from, to }) => from + to)).toEqual(['bc', 'ab']);
  });

  it('swaps two names through a temporary name', () => {
    const renames = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ];
    expect(orderRenames(renames)).toEqual([
      { from: 'a', to: ':aside:0' },
      { from: 'b', to: 'a' },
      { from: ':aside:0', to: 'b' },
    ]);
  });

  it('never uses a name that is taken and produces the requested names', () => {
    const names = fc.uniqueArray(fc.integer({ min: 0, max: 12 }).map(String), { minLength: 1 });
    const pairs = names.chain((from) =>
      fc
        .shuffledSubarray([...Array(13).keys()].map(String), {
          minLength: from.length,
          maxLength: from.length,
        })
        .map((to) => from.map((name, index) => ({ from: name, to: to[index] ?? '' }))),
    );
    fc.assert(
      fc.property(pairs, (renames) => {
        const held = new Map(renames.map(({ from }) => [from, from]));
        for (const { from, to } of orderRenames(renames)) {
          expect(held.has(to)).toBe(false);
          const thing = held.get(from);
          expect(thing).toBeDefined();
          held.delete(from);
          held.set(to, thing ?? '');
        }
        const ends = new Map([...held].map(([name, thing]) => [thing, name]));
        for (const { from, to } of renames) expect(ends.get(from)).toBe(to);
      }),
    );
  });
});
