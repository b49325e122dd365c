import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { ExactNumber, jsonText, numberOf, parseExactJson, writtenLength } from './exact-number.ts';

/** The value without its exponent and zeros that do not change it, by `BigInt` only. */
function valueOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const units = BigInt(whole + fraction);
  if (units === 0n) return '0';
  const shift = 1_000 + Number(exponent) - fraction.length;
  return `${sign}${units * 10n ** BigInt(shift)}`;
}

const digits = fc.stringMatching(/^(?:0|[1-9][0-9]{0,40})$/);
const numberText = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: digits,
    fraction: fc.option(fc.stringMatching(/^[0-9]{1,40}$/)),
    exponent: fc.option(fc.integer({ min: -340, max: 340 })),
  })
  .map(
    ({ sign, whole, fraction, exponent }) =>
      `${sign}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

describe('parseExactJson', () => {
  it('keeps the value of every number', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const { value } = parseExactJson(`{"a":[${text}]}`);
        const [, written = ''] = /^\{"a":\[(.*)\]\}$/.exec(jsonText(value)) ?? [];
        expect(valueOf(written)).toBe(valueOf(text));
      }),
    );
  });

  it('returns what JSON.parse returns for values without long numbers', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { value, isExact } = parseExactJson(text);
        if (!isExact) expect(value).toEqual(JSON.parse(text));
        expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['{"a":9007199254740993}', { a: new ExactNumber('9007199254740993') }],
    ['{"a":\n9007199254740993}', { a: new ExactNumber('9007199254740993') }],
    ['[1,-9007199254740993]', [1, new ExactNumber('-9007199254740993')]],
    ['[1e400]', [new ExactNumber('1e400')]],
    ['[1E-0400]', [new ExactNumber('1E-0400')]],
    [
      '{"b\\"":"\\\\","a":0.12345678901234567}',
      { 'b"': '\\', a: new ExactNumber('0.12345678901234567') },
    ],
  ])('reads %s', (text, value) => {
    expect(parseExactJson(text)).toEqual({ value, isExact: true });
  });

  it.each([
    '{"a":9007199254740992,"b":0.30000000000000004,"c":1e21,"d":-0.0,"e":1.50000000000000000000}',
    '{"id":"0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e, 9007199254740993 \\" 1e400"}',
  ])('leaves %s as it is', (text) => {
    expect(parseExactJson(text)).toEqual({ value: JSON.parse(text) as unknown, isExact: false });
  });

  it('rejects text that is not JSON', () => {
    for (const text of [
      '{9007199254740993:1}',
      '[9007199254740993 1]',
      '[09007199254740993]',
      '',
    ]) {
      expect(() => parseExactJson(text)).toThrow(SyntaxError);
    }
  });

  it('reads long numbers and strings in linear time', () => {
    const long = `[${'1' + '0'.repeat(4_000_000)}1,"${'\\"'.repeat(2_000_000)}",0.${'0'.repeat(4_000_000)}1]`;
    expect(parseExactJson(long).isExact).toBe(true);
  });
});

describe('jsonText', () => {
  it('writes numbers at any place, and strings that look like them', () => {
    const value = {
      a: [new ExactNumber('1e-400'), '1e-400'],
      '"1"': new ExactNumber('12345678901234567'),
    };
    expect(jsonText(value)).toBe('{"a":[1e-400,"1e-400"],"\\"1\\"":12345678901234567}');
    expect(jsonText(new ExactNumber('0.1'))).toBe('0.1');
  });

  it('is the only way to write the digits: JSON.stringify writes a string', () => {
    expect(JSON.stringify([new ExactNumber('1e400')])).toBe('["1e400"]');
  });
});

describe('numberOf', () => {
  it.each(['0', '-0', '0.0', '0e999', '1.50', '1e21', '5e-324', '1.7976931348623157e308'])(
    '%s is a number',
    (text) => {
      expect(numberOf(text)).toBe(Number(text));
    },
  );

  it.each([
    '1e309',
    '1e-325',
    '9007199254740993',
    '0.1234567890123456789',
    '1.7976931348623158e308',
  ])('%s keeps its text', (text) => {
    expect(numberOf(text)).toEqual(new ExactNumber(text));
  });
});

it.each([
  ['1', 1],
  ['-1', 2],
  ['1e3', 4],
  ['1.50', 4],
  ['-0.05', 5],
  ['5e-2', 4],
  ['1.5e1', 2],
  ['1e-400', 402],
  ['0', 1],
])('writtenLength of %s is %d', (text, length) => {
  expect(writtenLength(text)).toBe(length);
});
