import { describe, expect, it } from 'vitest';

import { fullId, labelOf, shortId } from './row-labels.ts';
import { idOfRow, referenceOf } from './rows.ts';

const uuid = '0198c5f2-0000-7000-8000-00000000abcd';

describe('a row in a response', () => {
  it('is identified by the values of its key', () => {
    expect(idOfRow({ _key0: 42, name: 'x' })).toBe('42');
    expect(idOfRow({ _key0: 'A,1', _key1: '9007199254740993' })).toBe('A%2C1,9007199254740993');
  });

  it('has a label if its model has one', () => {
    expect(referenceOf({ _key0: 'de', _label: 'Germany' })).toEqual({ id: 'de', label: 'Germany' });
    expect(referenceOf({ _key0: 'de', _label: null })).toEqual({ id: 'de', label: null });
    expect(referenceOf({ _key0: 'de' })).toEqual({ id: 'de' });
    expect(referenceOf(null)).toBeNull();
    expect(referenceOf(undefined)).toBeNull();
  });
});

describe('the text of a key', () => {
  it.each([
    [uuid, '…0000abcd', uuid],
    ['42', '42', '42'],
    ['A%2C1,42', 'A,1 · 42', 'A,1 · 42'],
    [`${uuid},${uuid}`, '…0000abcd · …0000abcd', `${uuid} · ${uuid}`],
    ['%', '""', ''],
    [
      'a-slug-that-is-longer-than-others-are',
      'a-slug-that-is-longer-than-othe…',
      'a-slug-that-is-longer-than-others-are',
    ],
    ['tz4a98xxat96iws9zmbrgj3a', 'tz4a98xxat96iws9zmbrgj3a', 'tz4a98xxat96iws9zmbrgj3a'],
  ])('of the row %s is %s, or completely %s', (id, short, full) => {
    expect(shortId(id)).toBe(short);
    expect(fullId(id)).toBe(full);
  });

  it('is shown instead of a missing label', () => {
    expect(labelOf({ id: '42', label: 'Ada' })).toBe('Ada');
    expect(labelOf({ id: '42', label: '' })).toBe('42');
    expect(labelOf({ id: '42', label: null })).toBe('42');
    expect(labelOf({ id: 'A-1,42' })).toBe('A-1 · 42');
  });
});
