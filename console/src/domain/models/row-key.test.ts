import { describe, expect, it } from 'vitest';

import { keysModel } from './keys.fixture.ts';
import type { JsonValue } from './json.ts';
import {
  isRowId,
  keyText,
  rowCondition,
  rowIdOf,
  rowsCondition,
  textsOfId,
  uniqueWhere,
} from './row-key.ts';

const keyOf = (model: string) => keysModel(model).key;
const uuid = '0198c5f2-0000-7000-8000-000000000001';

describe('the ID of a row', () => {
  it.each<[readonly JsonValue[], string]>([
    [[uuid], uuid],
    [[42], '42'],
    [['9007199254740993'], '9007199254740993'],
    [['A-1', '42'], 'A-1,42'],
    [['50%, or more', 'x'], '50%25%2C or more,x'],
    [['%2C', '%'], '%252C,%25'],
    [[''], '%'],
    [['', ''], '%,%'],
  ])('of the key %j is %j', (values, id) => {
    expect(rowIdOf(values)).toBe(id);
    expect(textsOfId(id)).toEqual(values.map(String));
  });

  it('has a value of the right type for each part of the key', () => {
    expect(isRowId(keyOf('Person'), '42')).toBe(true);
    expect(isRowId(keyOf('Person'), '4.2')).toBe(false);
    expect(isRowId(keyOf('Person'), '1,2')).toBe(false);
    expect(isRowId(keyOf('Country'), 'any text')).toBe(true);
    expect(isRowId(keyOf('Move'), uuid)).toBe(true);
    expect(isRowId(keyOf('Move'), '42')).toBe(false);
    expect(isRowId(keyOf('Cell'), 'A-1,42')).toBe(true);
    expect(isRowId(keyOf('Cell'), 'A-1,x')).toBe(false);
    expect(isRowId(keyOf('Cell'), 'A-1')).toBe(false);
  });
});

describe('the inputs for a row', () => {
  it('have values of the types in the API: Int is a number, and BigInt is a string', () => {
    expect(uniqueWhere(keyOf('Person'), '42')).toEqual({ id: 42 });
    expect(uniqueWhere(keyOf('Profile'), '42')).toEqual({ userId: 42 });
    expect(uniqueWhere(keyOf('Country'), '42')).toEqual({ code: '42' });
    expect(uniqueWhere(keyOf('Item'), '9007199254740993')).toEqual({ serial: '9007199254740993' });
    expect(uniqueWhere(keyOf('Cell'), 'A%2C1,42')).toEqual({
      shelf_item: { shelf: 'A,1', itemId: '42' },
    });
  });

  it('contain a malformed value as it is, so that the API can state the reason', () => {
    expect(uniqueWhere(keyOf('Person'), 'x')).toEqual({ id: 'x' });
  });

  it('are conditions as well', () => {
    expect(rowCondition(keyOf('Person'), '42')).toEqual({ id: { eq: 42 } });
    expect(rowsCondition(keyOf('Person'), ['1', '2'])).toEqual({ id: { in: [1, 2] } });
    const cells = [
      { shelf: { eq: 'A' }, itemId: { eq: '1' } },
      { shelf: { eq: 'B' }, itemId: { eq: '2' } },
    ];
    expect(rowCondition(keyOf('Cell'), 'A,1')).toEqual(cells[0]);
    expect(rowsCondition(keyOf('Cell'), ['A,1', 'B,2'])).toEqual({ or: cells });
  });
});

describe('the text of a key to copy', () => {
  it('is the value, or the input for a query if there are several values', () => {
    expect(keyText(keyOf('Country'), 'D%2CE')).toBe('D,E');
    expect(keyText(keyOf('Person'), '42')).toBe('42');
    expect(keyText(keyOf('Cell'), 'A-1,42')).toBe('{ shelf_item: { shelf: "A-1", itemId: "42" } }');
  });
});
