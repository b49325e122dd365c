import { buildSchema, coerceInputValue, isInputObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';

import type { JsonValue } from './json.ts';
import { keysApi, keysModel } from './keys.fixture.ts';
import {
  isRowId,
  keyText,
  rowCondition,
  rowIdOf,
  rowsCondition,
  textsOfId,
  uniqueWhere,
} from './row-key.ts';

const schema = buildSchema(keysApi);
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
    expect(isRowId(keyOf('Shelf'), '42')).toBe(true);
    expect(isRowId(keyOf('Shelf'), '4.2')).toBe(false);
    expect(isRowId(keyOf('Shelf'), '1,2')).toBe(false);
    expect(isRowId(keyOf('Label'), 'any text')).toBe(true);
    expect(isRowId(keyOf('Check'), uuid)).toBe(true);
    expect(isRowId(keyOf('Check'), '42')).toBe(false);
    expect(isRowId(keyOf('Day'), '2026-02-28')).toBe(true);
    expect(isRowId(keyOf('Day'), '2026-02-29')).toBe(false);
    expect(isRowId(keyOf('Cell'), '7,42')).toBe(true);
    expect(isRowId(keyOf('Cell'), '7,x')).toBe(false);
    expect(isRowId(keyOf('Cell'), '7')).toBe(false);
    expect(isRowId(keyOf('Slot'), '7,42,1')).toBe(true);
    expect(isRowId(keyOf('Price'), 'SMALL,12.50')).toBe(true);
    expect(isRowId(keyOf('Price'), 'TINY,12.50')).toBe(false);
  });
});

describe('the inputs for a row', () => {
  it('have values of the types in the API: Int is a number, and BigInt is a string', () => {
    expect(uniqueWhere(keyOf('Shelf'), '42')).toEqual({ id: 42 });
    expect(uniqueWhere(keyOf('Label'), '42')).toEqual({ code: '42' });
    expect(uniqueWhere(keyOf('Label'), 'A%2C1')).toEqual({ code: 'A,1' });
    expect(uniqueWhere(keyOf('Profile'), '42')).toEqual({ personId: '42' });
    expect(uniqueWhere(keyOf('Item'), '9007199254740993')).toEqual({ id: '9007199254740993' });
    expect(uniqueWhere(keyOf('Cell'), '7,42')).toEqual({
      shelf_item: { shelfId: 7, itemId: '42' },
    });
    expect(uniqueWhere(keyOf('Slot'), '7,42,1')).toEqual({
      cell_number: { cellShelfId: 7, cellItemId: '42', number: 1 },
    });
    expect(uniqueWhere(keyOf('Price'), 'SMALL,12.50')).toEqual({
      size_amount: { size: 'SMALL', amount: '12.50' },
    });
  });

  it.each([
    ['Shelf', '7'],
    ['Item', '9007199254740993'],
    ['Cell', '7,42'],
    ['Slot', '7,42,1'],
    ['Check', uuid],
    ['Label', 'A%2C1'],
    ['Note', 'tz4a98xxat96iws9zmbrgj3a'],
    ['Person', 'V1StGXR8_Z5jdHi6B-myT'],
    ['Profile', 'V1StGXR8_Z5jdHi6B-myT'],
    ['Day', '2026-02-28'],
    ['Price', 'SMALL,12.50'],
  ])('are valid for the API: %s %s', (model, id) => {
    const key = keyOf(model);
    const check = (type: string, value: unknown) => {
      const input = schema.getType(type);
      if (!isInputObjectType(input)) throw new Error(`There is no input ${type}.`);
      const problems: string[] = [];
      coerceInputValue(value, input, (_path, _value, error) => problems.push(error.message));
      return problems;
    };
    expect(check(`${model}WhereUniqueInput`, uniqueWhere(key, id))).toEqual([]);
    expect(check(`${model}WhereInput`, rowCondition(key, id))).toEqual([]);
    expect(check(`${model}WhereInput`, rowsCondition(key, [id, id]))).toEqual([]);
  });

  it('contain a malformed value as it is, so that the API can state the reason', () => {
    expect(uniqueWhere(keyOf('Shelf'), 'x')).toEqual({ id: 'x' });
  });

  it('are conditions as well', () => {
    expect(rowCondition(keyOf('Shelf'), '42')).toEqual({ id: { eq: 42 } });
    expect(rowsCondition(keyOf('Shelf'), ['1', '2'])).toEqual({ id: { in: [1, 2] } });
    expect(rowCondition(keyOf('Cell'), '7,1')).toEqual({ shelfId: { eq: 7 }, itemId: { eq: '1' } });
    expect(rowsCondition(keyOf('Cell'), ['7,1', '8,2', '7,3'])).toEqual({
      or: [
        { shelfId: { eq: 7 }, itemId: { in: ['1', '3'] } },
        { shelfId: { eq: 8 }, itemId: { in: ['2'] } },
      ],
    });
    expect(rowsCondition(keyOf('Slot'), ['7,1,1', '7,1,2'])).toEqual({
      cellShelfId: { eq: 7 },
      cellItemId: { eq: '1' },
      number: { in: [1, 2] },
    });
    expect(rowsCondition(keyOf('Shelf'), [])).toEqual({ or: [] });
  });
});

describe('the text of a key to copy', () => {
  it('is the value, or the input for a query if there are several values', () => {
    expect(keyText(keyOf('Label'), 'D%2CE')).toBe('D,E');
    expect(keyText(keyOf('Shelf'), '42')).toBe('42');
    expect(keyText(keyOf('Cell'), '7,42')).toBe('{ shelf_item: { shelfId: 7, itemId: "42" } }');
    expect(keyText(keyOf('Price'), 'SMALL,1.50')).toBe(
      '{ size_amount: { size: SMALL, amount: "1.50" } }',
    );
  });
});
