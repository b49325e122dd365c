import { describe, expect, it } from 'vitest';
import { createStatementPace } from './statement-pace.ts';

describe('the pace of a statement', () => {
  it('is not quick before the statement has run', () => {
    expect(createStatementPace().isQuick('a')).toBe(false);
  });

  it('is the mean duration of its recent runs, tracked separately for each SQL text', () => {
    const pace = createStatementPace();
    pace.note('a', 0.5);
    pace.note('b', 50);
    expect([pace.isQuick('a'), pace.isQuick('b')]).toEqual([true, false]);
    pace.note('a', 4);
    expect(pace.isQuick('a')).toBe(true);
    pace.note('a', 20);
    expect(pace.isQuick('a')).toBe(false);
    for (let run = 0; run < 30; run += 1) pace.note('b', 0.1);
    expect(pace.isQuick('b')).toBe(true);
  });
});
