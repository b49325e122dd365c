import { coerceInputValue, GraphQLError, parseValue, valueFromAST } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../graphql/exact-number.ts';
import type { ScalarName } from '../sdl/model.ts';
import { apiScalars, cursorScalar } from './scalars.ts';

const uuid = '018f4e2a-7b3c-7def-8123-456789abcdef';

/** The parsed value of a variable, or a `Refusal` with the error message. */
function fromVariable(scalar: ScalarName | 'Cursor', value: unknown): unknown {
  const type = scalar === 'Cursor' ? cursorScalar : apiScalars[scalar];
  try {
    return coerceInputValue(value, type, (_path, _value, error) => {
      throw error;
    });
  } catch (error) {
    return refused(error);
  }
}

/** The parsed value of a literal in a document, or a `Refusal`. */
function fromLiteral(
  scalar: ScalarName | 'Cursor',
  text: string,
  variables: Record<string, unknown> = {},
): unknown {
  const type = scalar === 'Cursor' ? cursorScalar : apiScalars[scalar];
  try {
    return type.parseLiteral(parseValue(text), variables);
  } catch (error) {
    return refused(error);
  }
}

class Refusal {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

function refused(error: unknown): Refusal {
  if (!(error instanceof GraphQLError)) throw error;
  expect(error.extensions['code']).toBe('BAD_USER_INPUT');
  return new Refusal(error.message);
}

const max = '9223372036854775807';

const deep = (levels: number, innermost: unknown = 1): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inner) => [inner], innermost);

describe('scalars accept', () => {
  it.each<[ScalarName | 'Cursor', unknown, unknown]>([
    ['ID', uuid, uuid],
    ['ID', uuid.toUpperCase(), uuid],
    ['UUID', uuid.toUpperCase(), uuid],
    ['BigInt', max, max],
    ['BigInt', '-9223372036854775808', '-9223372036854775808'],
    ['BigInt', '+007', '7'],
    ['BigInt', 0, '0'],
    ['BigInt', -0, '0'],
    ['BigInt', 2 ** 53 - 1, '9007199254740991'],
    ['Decimal', '1.50', '1.50'],
    ['Decimal', '-0.00', '-0.00'],
    ['Decimal', '1e3', '1e3'],
    ['Decimal', `0.5${'0'.repeat(99)}`, '0.5'],
    ['Decimal', `${'7'.repeat(98)}.${'0'.repeat(9)}`, '7'.repeat(98)],
    ['Decimal', 2 ** 53, '9007199254740992'],
    ['Decimal', 1e21, '1e+21'],
    ['Decimal', new ExactNumber('0.1234567890123456789'), '0.1234567890123456789'],
    ['Float', 0.1, 0.1],
    ['Float', new ExactNumber('0.1234567890123456789'), 0.12345678901234568],
    ['Decimal', 0.1, '0.1'],
    ['Decimal', 1e-7, '1e-7'],
    ['Decimal', '9'.repeat(100), '9'.repeat(100)],
    ['DateTime', '2024-02-29T12:00:00Z', '2024-02-29T12:00:00Z'],
    ['DateTime', '2024-02-29t12:00:00.120000+02:00', '2024-02-29T10:00:00.12Z'],
    ['DateTime', '2024-02-29T12:00:00.1230000Z', '2024-02-29T12:00:00.123Z'],
    ['DateTime', '2016-12-31T23:59:60z', '2017-01-01T00:00:00Z'],
    ['DateTime', '1990-12-31T15:59:60.5-08:00', '1991-01-01T00:00:00.5Z'],
    ['DateTime', '2024-02-29T12:00:00-00:00', '2024-02-29T12:00:00Z'],
    ['DateTime', '0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['DateTime', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
    ['Date', '2024-02-29', '2024-02-29'],
    ['Date', '9999-12-31', '9999-12-31'],
    ['Time', '00:00:00', '00:00:00'],
    ['Time', '18:30:00.5000000', '18:30:00.5'],
    ['Time', '23:59:59.999999', '23:59:59.999999'],
    ['Bytes', '', ''],
    ['Bytes', 'AP9cJw==', 'AP9cJw=='],
    ['Bytes', '+/+/', '+/+/'],
    ['JSON', { a: [1, null, 'x', { b: true }] }, { a: [1, null, 'x', { b: true }] }],
    ['JSON', 'text', 'text'],
    ['JSON', 1e300, 1e300],
    ['JSON', [new ExactNumber('9007199254740993')], [new ExactNumber('9007199254740993')]],
    ['JSON', deep(100), deep(100)],
    ['Cursor', 'WyJhIl0', 'WyJhIl0'],
  ])('%s: the variable %j', (scalar, value, expected) => {
    expect(fromVariable(scalar, value)).toEqual(expected);
  });

  it.each<[ScalarName, string, unknown]>([
    ['ID', `"${uuid.toUpperCase()}"`, uuid],
    ['BigInt', max, max],
    ['BigInt', `"${max}"`, max],
    ['Decimal', '0.10', '0.10'],
    ['Decimal', '12345678901234567890.123', '12345678901234567890.123'],
    ['Decimal', '7', '7'],
    ['DateTime', '"2024-02-29T12:00:00Z"', '2024-02-29T12:00:00Z'],
    ['Date', '"2024-02-29"', '2024-02-29'],
    ['Time', '"18:30:00"', '18:30:00'],
    ['Bytes', '"AP8="', 'AP8='],
    ['JSON', '{a: [1, -2.5, null, true, "x"], b: {}}', { a: [1, -2.5, null, true, 'x'], b: {} }],
    ['JSON', '{a: $given, b: $absent, c: [$absent]}', { a: { x: 1 }, c: [null] }],
    ['JSON', '9007199254740991', 9007199254740991],
    ['JSON', '[9007199254740993, 0.5]', [new ExactNumber('9007199254740993'), 0.5]],
    ['Float', '1.7976931348623157e308', Number.MAX_VALUE],
    ['Float', '123456789012345678901', 123456789012345680000],
    ['Decimal', '1e99', '1e99'],
  ])('%s: the literal %s', (scalar, text, expected) => {
    expect(fromLiteral(scalar, text, { given: { x: 1 } })).toEqual(expected);
  });

  it('__proto__ as an ordinary JSON key', () => {
    const value: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}');
    for (const taken of [
      fromVariable('JSON', value),
      fromLiteral('JSON', '{__proto__: {x: 1}, constructor: 2}'),
    ]) {
      expect(JSON.stringify(taken)).toBe('{"__proto__":{"x":1},"constructor":2}');
    }
  });
});

describe('scalars reject', () => {
  it.each<[ScalarName | 'Cursor', readonly unknown[]]>([
    [
      'ID',
      ['', 'x', 1, true, {}, [], uuid.slice(1), `{${uuid}}`, uuid.replaceAll('-', ''), `${uuid}\n`],
    ],
    ['UUID', ['', 7, `${uuid}0`, ` ${uuid}`]],
    [
      'BigInt',
      [
        '',
        ' 1',
        '1.5',
        '0x10',
        '1_000',
        '9223372036854775808',
        '-9223372036854775809',
        2 ** 53,
        new ExactNumber('9007199254740993'),
        0.5,
        NaN,
        Infinity,
        true,
        {},
        '1e400',
        '1'.repeat(101),
      ],
    ],
    [
      'Decimal',
      [
        '',
        'NaN',
        'Infinity',
        '-Infinity',
        '1,5',
        '.5',
        '5.',
        '1e401',
        '1e-401',
        '1e100',
        '-1e99',
        '1e-99',
        new ExactNumber('1e400'),
        NaN,
        true,
        '9'.repeat(101),
      ],
    ],
    [
      'DateTime',
      [
        '',
        '2024-02-29',
        '2024-02-29T12:00:00',
        '2024-02-30T12:00:00Z',
        '2024-02-29T24:00:00Z',
        '2024-02-29T12:00:60Z',
        '2024-02-28T23:59:60Z',
        '9999-12-31T23:59:60Z',
        '2024-02-29T12:00:00.1234567Z',
        '2024-02-29 12:00:00Z',
        '0000-01-01T00:00:00Z',
        '0001-01-01T00:00:00+01:00',
        '9999-12-31T23:59:59-01:00',
        '10000-01-01T00:00:00Z',
        'infinity',
        'now',
        0,
        new Date(0),
      ],
    ],
    [
      'Date',
      [
        '',
        '2023-02-29',
        '2024-2-9',
        '0000-01-01',
        '10000-01-01',
        '2024-02-29T00:00:00Z',
        'today',
        20240229,
      ],
    ],
    [
      'Time',
      [
        ...['', '24:00:00', '18:30', '18:30:60', '8:30:00', '18:60:00', 'now', 'T18:30:00'],
        ...['18:30:00Z', '18:30:00+02:00', '18:30:00.1234567', '18:30:00.', '18:30:00,5', 1830],
      ],
    ],
    // Without padding, with unused bits, of another alphabet, with line breaks, and hexadecimal.
    ['Bytes', ['AA', 'AA=', 'AB==', '-_-_', 'AP9c\nJw==', ' AA==', 'AA==AA==', '\\x00', 0, true]],
    [
      'JSON',
      [
        '\0',
        '\ud800',
        'a\udc00',
        { a: ['\0'] },
        { '\0': 1 },
        { '\ud800': 1 },
        Infinity,
        [NaN],
        [new ExactNumber('1e400')],
        { a: new ExactNumber('1e-400') },
        new ExactNumber('1'.repeat(100_000)),
        deep(101),
        deep(100, []),
      ],
    ],
    ['Float', ['1', Infinity, NaN, true, {}, new ExactNumber('1e400')]],
    ['Cursor', ['', 'a b', 'a+b/', 'ä', 1, {}, '=']],
  ])('%s: %j', (scalar, values) => {
    for (const value of values) {
      const result = fromVariable(scalar, value);
      expect(result, String(value)).toBeInstanceOf(Refusal);
      expect((result as Refusal).message).toMatch(new RegExp(`^${scalar} must .*\\.$`));
    }
  });

  it.each<[ScalarName | 'Cursor', readonly string[]]>([
    ['ID', ['1', 'true', '{}', `"x"`, 'NAME']],
    ['BigInt', ['1.0', 'true', '"1.5"', '9223372036854775808']],
    ['Decimal', ['true', '"NaN"', '{}', '[1]']],
    ['DateTime', ['2024', '"2024"']],
    ['Date', ['2024', '"2024"']],
    ['Time', ['18', '"18:30"', 'NOW']],
    ['Bytes', ['0', '"AA"', 'AA']],
    ['JSON', ['NAME', '{a: NAME}', '1e999', '[-1e309]', '1e-400', '"\\u0000"', '{a: $bad}']],
    ['Float', ['1e309', '-1e400', '9'.repeat(310), '"1"', 'true', '[1]']],
    ['Cursor', ['1', '""']],
  ])('%s: the literals %j', (scalar, texts) => {
    for (const text of texts) {
      const result = fromLiteral(scalar, text, { bad: '\0' });
      expect(result, text).toBeInstanceOf(Refusal);
    }
  });

  it('a string that is not a UUID, with an example of a valid one', () => {
    const message = 'ID must be a UUID, such as "0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e".';
    expect(fromLiteral('ID', '"x"')).toEqual(new Refusal(message));
    expect(fromVariable('ID', 'x')).toEqual(new Refusal(message));
  });

  it('invalid values with a message that does not repeat them', () => {
    const long = 'x'.repeat(100_000);
    for (const scalar of [
      'ID',
      'UUID',
      'BigInt',
      'Decimal',
      'DateTime',
      'Date',
      'Time',
      'Bytes',
      'Cursor',
    ] as const) {
      const result = fromVariable(scalar, `${long} `);
      expect(result).toBeInstanceOf(Refusal);
      expect((result as Refusal).message.length).toBeLessThan(200);
    }
    expect(fromVariable('JSON', `\0${long}`)).toMatchObject({
      message: expect.not.stringContaining('xxx') as unknown,
    });
  });

  it('deeply nested JSON without a stack overflow', () => {
    expect(fromVariable('JSON', deep(100_000))).toBeInstanceOf(Refusal);
  });

  it('an invalid literal instead of treating its argument as absent', () => {
    expect(valueFromAST(parseValue('"x"'), apiScalars.ID)).toBeUndefined();
  });
});
