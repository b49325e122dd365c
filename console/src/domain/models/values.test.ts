import { describe, expect, it } from 'vitest';

import type { JsonValue } from './json.ts';
import type { ScalarName, ValueType } from './project-models.ts';
import { readField, readValue, writeField } from './values.ts';

const scalar = (name: ScalarName): ValueType => ({ kind: 'SCALAR', name });
const status: ValueType = { kind: 'ENUM', name: 'Status', values: ['TODO', 'DONE'] };

const valueOf = (type: ValueType, text: string): JsonValue | undefined => {
  const reading = readValue(type, text);
  return reading.isOk ? reading.value : undefined;
};

describe('readValue', () => {
  it.each<[ScalarName, string, JsonValue]>([
    ['String', ' as typed ', ' as typed '],
    ['String', '', ''],
    ['Int', ' 42 ', 42],
    ['Int', '-2147483648', -2_147_483_648],
    ['Float', '1e3', 1000],
    ['BigInt', '9007199254740993', '9007199254740993'],
    ['BigInt', '-9223372036854775808', '-9223372036854775808'],
    ['Decimal', '12345678901234567890.1234567890', '12345678901234567890.1234567890'],
    ['Decimal', '1.50', '1.50'],
    ['Boolean', 'true', true],
    ['Date', '2024-02-29', '2024-02-29'],
    ['Time', ' 18:30 ', '18:30:00'],
    ['Time', '23:59:59.999999', '23:59:59.999999'],
    ['Bytes', 'AP9cJw==', 'AP9cJw=='],
    ['DateTime', '2030-01-31T12:00:00.123456+02:00', '2030-01-31T12:00:00.123456+02:00'],
    ['DateTime', '2030-01-31 12:00Z', '2030-01-31T12:00:00Z'],
    ['UUID', '0198C5F2-0000-7000-8000-000000000000', '0198C5F2-0000-7000-8000-000000000000'],
    ['JSON', '{"a": [1, null]}', { a: [1, null] }],
  ])('parses %s %j', (name, text, value) => {
    expect(valueOf(scalar(name), text)).toEqual(value);
  });

  it('interprets a DateTime without an offset as local time', () => {
    const local = new Date(2030, 0, 31, 12, 30).toISOString();
    expect(valueOf(scalar('DateTime'), '2030-01-31T12:30')).toBe(local.replace('.000Z', 'Z'));
  });

  it('keeps the microseconds of a DateTime without an offset', () => {
    const local = new Date(2030, 0, 31, 12, 30, 5).toISOString().replace('.000Z', '.123456Z');
    expect(valueOf(scalar('DateTime'), '2030-01-31T12:30:05.123456')).toBe(local);
  });

  it('states the line and column of a mistake in JSON', () => {
    const problem = 'Invalid JSON at line 2, column 10: trailing comma.';
    const reading = { isOk: false, problem };
    expect(readValue(scalar('JSON'), '\n{"a": [1],}')).toEqual(reading);
    expect(readField({ type: scalar('JSON'), isList: true }, '\n{"a": [1],}')).toEqual(reading);
  });

  it.each<[ScalarName, string]>([
    ['Int', '2147483648'],
    ['Int', '1.5'],
    ['Int', ''],
    ['BigInt', '9223372036854775808'],
    ['BigInt', '1e3'],
    ['Decimal', '1,50'],
    ['Float', 'Infinity'],
    ['Boolean', 'yes'],
    ['Date', '2023-02-29'],
    ['Time', '24:00'],
    ['Time', '18:30:60'],
    ['Bytes', 'AB=='],
    ['Bytes', '\\x00'],
    ['DateTime', '2023-02-29T00:00:00Z'],
    ['DateTime', 'tomorrow'],
    ['UUID', '0198c5f2'],
    ['JSON', '{a: 1}'],
    ['JSON', 'null'],
  ])('rejects %s %j', (name, text) => {
    expect(valueOf(scalar(name), text)).toBeUndefined();
  });

  it('accepts only the values of an enum', () => {
    expect(valueOf(status, 'DONE')).toBe('DONE');
    expect(valueOf(status, 'done')).toBeUndefined();
  });
});

describe('readField for a list', () => {
  it('parses strings from a JSON array and other values from separate lines', () => {
    expect(readField({ type: scalar('String'), isList: true }, '["a", ""]')).toEqual({
      isOk: true,
      value: ['a', ''],
    });
    expect(readField({ type: scalar('Int'), isList: true }, '1\n\n 2 ')).toEqual({
      isOk: true,
      value: [1, 2],
    });
    expect(readField({ type: status, isList: true }, '')).toEqual({ isOk: true, value: [] });
  });

  it('reports the line of an invalid item', () => {
    expect(readField({ type: scalar('Int'), isList: true }, '1\nx')).toMatchObject({
      problem: expect.stringMatching(/^Line 2: /) as string,
    });
    expect(readField({ type: scalar('String'), isList: true }, '[1]').isOk).toBe(false);
  });
});

describe('writeField', () => {
  it.each<[ValueType, boolean, JsonValue]>([
    [scalar('String'), false, 'two\nlines'],
    [scalar('Int'), false, 7],
    [scalar('Boolean'), false, false],
    [scalar('Decimal'), false, '0.10'],
    [scalar('JSON'), false, { deep: ['x'] }],
    [scalar('JSON'), false, 'text'],
    [scalar('String'), true, ['a\nb', '']],
    [scalar('BigInt'), true, ['1', '9007199254740993']],
    [status, true, ['TODO']],
  ])(
    'for type %j (list: %s), writes %j as text that parses to the same value',
    (type, isList, value) => {
      expect(readField({ type, isList }, writeField({ type, isList }, value))).toEqual({
        isOk: true,
        value,
      });
    },
  );
});
