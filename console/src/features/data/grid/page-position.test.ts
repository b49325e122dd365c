import { describe, expect, it } from 'vitest';

import { positionText, skippedByNext, skippedByPrevious } from './page-position.ts';

const first = { hasPreviousPage: false, hasNextPage: true };
const middle = { hasPreviousPage: true, hasNextPage: true };
const last = { hasPreviousPage: true, hasNextPage: false };
const only = { hasPreviousPage: false, hasNextPage: false };

describe('the position of a page', () => {
  it.each([
    ['the only row', { search: {}, ends: only, shown: 1, total: 1 }, '1 of 1 row'],
    ['a single page', { search: {}, ends: only, shown: 7, total: 7 }, '1–7 of 7 rows'],
    [
      'the first page',
      { search: {}, ends: first, shown: 25, total: 10_000 },
      '1–25 of 10,000 rows',
    ],
    [
      'a page that was reached from the first page',
      { search: { skipped: 1000 }, ends: middle, shown: 25, total: 10_000 },
      '1,001–1,025 of 10,000 rows',
    ],
    [
      'the last page',
      { search: { end: true }, ends: last, shown: 20, total: 95 },
      '76–95 of 95 rows',
    ],
    [
      'a page from a link without a position',
      { search: { after: 'x' }, ends: middle, shown: 25, total: 95 },
      '25 of 95 rows',
    ],
    [
      'a page while rows are being counted',
      { search: {}, ends: first, shown: 25, total: undefined },
      '1–25 of … rows',
    ],
    [
      'a position beyond the total, after rows were deleted',
      { search: { skipped: 90 }, ends: middle, shown: 25, total: 95 },
      '25 of 95 rows',
    ],
  ] as const)('is stated for %s', (_name, page, text) => {
    expect(positionText(page)).toBe(text);
  });

  it('is counted forward from the first page', () => {
    expect(skippedByNext({ search: {}, ends: first, shown: 25, total: 95 })).toBe(25);
    expect(skippedByNext({ search: { skipped: 25 }, ends: middle, shown: 25, total: 95 })).toBe(50);
    expect(
      skippedByNext({ search: {}, ends: middle, shown: 25, total: 95 }),
      'from an unknown position',
    ).toBeUndefined();
  });

  it('is counted backward from the last page', () => {
    const end = { search: { end: true }, ends: last, shown: 25, total: 95 } as const;
    expect(skippedByPrevious(end, 25)).toBe(45);
    const second = { search: { skipped: 20 }, ends: middle, shown: 25, total: 95 };
    expect(skippedByPrevious(second, 25), 'the first page').toBeUndefined();
  });
});
