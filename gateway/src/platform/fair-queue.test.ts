import { expect, it } from 'vitest';
import { createFairQueue } from './fair-queue.ts';

const everybody = () => true;

it("serves projects in turn, and each project's waiters in order", () => {
  const queue = createFairQueue<string>({ total: 10, perProject: 10 });
  for (const waiter of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(waiter.slice(0, 1), waiter);
  const order = Array.from({ length: 7 }, () => queue.next(everybody));
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3', null]);
  expect(queue.size).toBe(0);
});

it('skips a project that cannot take its turn, and keeps its position', () => {
  const queue = createFairQueue<string>({ total: 10, perProject: 10 });
  for (const waiter of ['a1', 'b1', 'b2']) queue.add(waiter.slice(0, 1), waiter);
  expect(queue.next((project) => project !== 'a')).toBe('b1');
  expect(queue.next(everybody)).toBe('a1');
  expect(queue.next((project) => project !== 'b')).toBeNull();
});

it('limits the number of waiters in total and per project', () => {
  const queue = createFairQueue<number>({ total: 3, perProject: 2 });
  expect([1, 2, 3].map((waiter) => queue.add('a', waiter))).toEqual([true, true, false]);
  expect([4, 5].map((waiter) => queue.add('b', waiter))).toEqual([true, false]);
  queue.remove('a', 1);
  queue.remove('a', 1);
  expect([queue.size, queue.sizeOf('a'), queue.sizeOf('b'), queue.sizeOf('c')]).toEqual([
    2, 1, 1, 0,
  ]);
  expect(queue.add('b', 5)).toBe(true);
  expect(queue.takeAll()).toEqual([2, 4, 5]);
  expect(queue.size).toBe(0);
});
