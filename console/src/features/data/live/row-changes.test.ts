import { describe, expect, it } from 'vitest';

import {
  changesInWords,
  maxCounted,
  noChanges,
  withChange,
  type RowChange,
  type RowChanges,
} from './row-changes.ts';

const after = (...changes: readonly RowChange[]): RowChanges =>
  changes.reduce(withChange, noChanges);
const words = (...changes: readonly RowChange[]) => changesInWords(after(...changes));

const created = (key: unknown): RowChange => ({ operation: 'CREATED', key });
const updated = (key: unknown): RowChange => ({ operation: 'UPDATED', key });
const deleted = (key: unknown): RowChange => ({ operation: 'DELETED', key });

describe('changes since a list was loaded', () => {
  it('are counted by row', () => {
    expect(words()).toBeNull();
    expect(words(created('a'), created('b'), created('c'))).toBe('3 new rows');
    expect(words(created('a'))).toBe('1 new row');
    expect(words(updated('a'), updated('a'), updated('b'))).toBe('2 rows changed');
    expect(words(deleted({ a: 1, b: 2 }), deleted({ a: 1, b: 2 }))).toBe('1 row removed');
    expect(words(created('a'), updated('b'), deleted('c'))).toBe(
      '1 new row, 1 row changed, 1 row removed',
    );
  });

  it('of one row add up', () => {
    expect(words(created('a'), updated('a'))).toBe('1 new row');
    expect(words(created('a'), deleted('a'))).toBeNull();
    expect(words(updated('a'), deleted('a'))).toBe('1 row removed');
    expect(words(deleted('a'), created('a'))).toBe('1 row changed');
  });

  it('are not counted after a reset, or if there are too many', () => {
    expect(words(created('a'), { operation: 'RESET', key: null }, updated('b'))).toBe(
      'Rows have changed',
    );
    const many = Array.from({ length: maxCounted }, (_, index) => created(index));
    expect(words(...many)).toBe('1,000 new rows');
    expect(words(...many, created('one more'))).toBe('Rows have changed');
  });
});
