import { expect, it } from 'vitest';
import { createSharedCache } from './shared-cache.ts';

const bounds = { max: 4, maxSize: 100, maxEntrySize: 50, maxPerScope: 3 };

it('evicts the least recently used entry across all scopes', () => {
  const dropped: string[] = [];
  const cache = createSharedCache<string>({ ...bounds, onDrop: (value) => dropped.push(value) });
  const [a, b] = [cache.createScope(), cache.createScope()];
  a.set('1', 'a1', 1);
  a.set('2', 'a2', 1);
  b.set('1', 'b1', 1);
  b.set('2', 'b2', 1);
  expect(a.get('1')).toBe('a1');
  b.set('3', 'b3', 1);
  expect(dropped).toEqual(['a2']);
  expect([a.get('1'), a.get('2'), b.get('1')]).toEqual(['a1', undefined, 'b1']);
  expect(cache.count).toBe(4);
});

it('limits the number of entries per scope and the total size', () => {
  const cache = createSharedCache<number>(bounds);
  const [a, b] = [cache.createScope(), cache.createScope()];
  for (let key = 0; key < 10; key += 1) a.set(String(key), key, 1);
  expect(cache.count).toBe(3);
  b.set('x', 1, 50);
  b.set('y', 2, 49);
  expect(cache.count).toBe(3);
  expect([a.get('9'), b.get('x'), b.get('y')]).toEqual([9, 1, 2]);
  b.set('z', 3, 51);
  expect(b.get('z')).toBeUndefined();
});

it('can limit a scope further, but never less', () => {
  const cache = createSharedCache<number>(bounds);
  for (const [maxEntries, count] of [
    [2, 2],
    [9, bounds.maxPerScope],
  ] as const) {
    const scope = cache.createScope(maxEntries);
    for (let key = 0; key < 10; key += 1) scope.set(String(key), key, 1);
    expect(cache.count).toBe(count);
    expect(scope.get('9')).toBe(9);
    scope.clear();
  }
});

it('drops entries that are replaced or cleared, and no longer counts their size', () => {
  const dropped: string[] = [];
  const cache = createSharedCache<string>({ ...bounds, onDrop: (value) => dropped.push(value) });
  const [a, b] = [cache.createScope(), cache.createScope()];
  a.set('1', 'old', 1);
  a.set('1', 'new', 1);
  expect([a.get('1'), cache.count, dropped]).toEqual(['new', 1, ['old']]);
  b.set('1', 'other', 1);
  a.clear();
  expect([a.get('1'), b.get('1'), cache.count]).toEqual([undefined, 'other', 1]);
  expect(dropped).toEqual(['old', 'new']);
});
