import { describe, expect, it } from 'vitest';

import { createMainThreadBudget } from './main-thread-budget.ts';

function open() {
  let now = 1_000;
  const budget = createMainThreadBudget(() => now);
  return { budget, pass: (ms: number) => (now += ms) };
}

describe("a project's share of the main thread", () => {
  it('allows a burst and is refilled over time', () => {
    const { budget, pass } = open();
    budget.spend('a', 60);
    expect(budget.isOpen('a')).toBe(true);
    budget.spend('a', 60);
    expect(budget.isOpen('a')).toBe(false);
    pass(1_000);
    // 20 ms were missing, and 20 ms were added.
    expect(budget.isOpen('a')).toBe(false);
    pass(100);
    expect(budget.isOpen('a')).toBe(true);
  });

  it('does not grow while it is not used', () => {
    const { budget, pass } = open();
    pass(3_600_000);
    budget.spend('a', 100);
    expect(budget.isOpen('a')).toBe(false);
  });

  it('does not depend on other projects until all together have used theirs', () => {
    const { budget, pass } = open();
    budget.spend('a', 250);
    expect(budget.isOpen('a')).toBe(false);
    expect(budget.isOpen('b')).toBe(true);
    budget.spend('b', 50);
    expect(budget.isOpen('b')).toBe(false);
    pass(10);
    expect(budget.isOpen('b')).toBe(true);
  });
});
