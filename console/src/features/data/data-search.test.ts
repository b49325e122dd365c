import { describe, expect, it } from 'vitest';

import { dataSearch } from './data-search.ts';

describe('the row in the address', () => {
  const rowOf = (row: unknown) => dataSearch.parse({ row }).row;

  it('is a text, or a number if the user wrote the key of a row without quotes', () => {
    expect(rowOf('A-1,42')).toBe('A-1,42');
    expect(rowOf(42)).toBe('42');
    expect(rowOf(-7)).toBe('-7');
  });

  it('is ignored if its digits are lost', () => {
    expect(rowOf(2 ** 53)).toBeUndefined();
    expect(rowOf(1.5)).toBeUndefined();
    expect(rowOf(true)).toBeUndefined();
  });

  it('is the row of a list as well', () => {
    const within = { type: 'Person', id: 42, field: 'profile' };
    expect(dataSearch.parse({ within }).within).toEqual({ ...within, id: '42' });
  });
});
