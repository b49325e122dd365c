import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { withProject, type EngineProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();

const sdl = (type: string) => `type T @model { id: ID! @id f: ${type} }`;

async function withValues(
  type: string,
  values: readonly string[],
  work: (project: EngineProject) => Promise<void>,
): Promise<void> {
  await withProject(database.pool, async (project) => {
    await project.apply(sdl(type));
    // The ids are in the same order as the values.
    for (const [index, value] of values.entries()) {
      const id = String(index).padStart(32, '0');
      await project.query('INSERT INTO t (id, f) VALUES ($1::uuid, $2)', [id, value]);
    }
    await work(project);
  });
}

const goodJson = [
  '{}',
  '[]',
  'null',
  'true',
  '""',
  '"s"',
  '-0.5e+10',
  '0',
  ' \t\n\r[ 1 , {"a" : [ ] } ] ',
  '{"a": {"b": [1, "two", null, {"c": false}]}, "": ""}',
  String.raw`"\\ \" \/ \b\f\n\r\t \u00e9 \ud83d\ude00 \u0001"`,
  '"\u007f é 😀 \' $1"',
  `${'['.repeat(100)}${']'.repeat(100)}`,
  '9'.repeat(100),
  `"${'x'.repeat(100_000)}"`,
  `[${'1,'.repeat(5_000)}2]`,
];

/** Texts that jsonb rejects, or that the API rejects in JSON. */
const badJson = [
  '',
  ' ',
  'x',
  'True',
  '{',
  '[1,]',
  '[,]',
  '[1 2]',
  '1 2',
  '{"a"}',
  '{a: 1}',
  '{"a": 1,}',
  '{[]: 1}',
  '{1: 1}',
  '{"a" "b"}',
  `'a'`,
  '"a',
  'a"',
  '"a"b"',
  '"\n"',
  '"\u0001"',
  '\u0001',
  '\u0002',
  '[\u0002]',
  '\u00a01',
  String.raw`"\x"`,
  String.raw`"\u12"`,
  String.raw`"\u0000"`,
  String.raw`"\ud83d"`,
  String.raw`"\ude00"`,
  String.raw`"\ud83d\u0041"`,
  String.raw`"\"`,
  '01',
  '+1',
  '1.',
  '.5',
  '1e',
  '-',
  '0x1',
  'NaN',
  '1e400',
  '1e131072',
  '9'.repeat(101),
  'truefalse',
  'tr ue',
  `${'['.repeat(101)}${']'.repeat(101)}`,
  '[1]]',
  '[}',
];

const allValues = async (project: EngineProject) =>
  (await project.query(`SELECT to_jsonb(f)::text AS f FROM t ORDER BY id`)).map(({ f }) => f);

describe('lossless casts keep all values', () => {
  it.each([
    ['Int', 'BigInt', ['-2147483648', '7'], ['-2147483648', '7']],
    ['Int', 'Decimal', ['-1'], ['-1']],
    ['Int', 'Float', ['2147483647'], ['2147483647']],
    ['Int', 'String', ['-5'], ['"-5"']],
    ['BigInt', 'Decimal', ['9223372036854775807'], ['9223372036854775807']],
    ['Int', 'Decimal @decimal(precision: 11, scale: 1)', ['-2147483648'], ['-2147483648.0']],
    ['BigInt', 'Decimal @decimal(precision: 19, scale: 0)', ['7'], ['7']],
    ['Decimal @decimal(precision: 4, scale: 2)', 'Decimal', ['1.5'], ['1.50']],
    ['Decimal @decimal(precision: 4, scale: 2)', 'String', ['1.5'], ['"1.50"']],
    [
      'Decimal @decimal(precision: 4, scale: 2)',
      'Decimal @decimal(precision: 6, scale: 3)',
      ['-99.99'],
      ['-99.990'],
    ],
    ['BigInt', 'String', ['9223372036854775807'], ['"9223372036854775807"']],
    ['Float', 'String', ['0.1', '1e300'], ['"0.1"', '"1e+300"']],
    ['Decimal', 'String', ['1.50'], ['"1.50"']],
    ['Boolean', 'Int', ['true', 'false'], ['1', '0']],
    ['Boolean', 'String', ['true'], ['"true"']],
    [
      'UUID',
      'String',
      ['AAAAAAAA-0000-4000-8000-000000000000'],
      ['"aaaaaaaa-0000-4000-8000-000000000000"'],
    ],
    ['Date', 'String', ['2024-02-29'], ['"2024-02-29"']],
    ['Time', 'String', ['18:30:00.500'], ['"18:30:00.5"']],
    ['[Time!]', '[String!]', ['{18:30:00}'], ['["18:30:00"]']],
    ['DateTime', 'String', ['2024-02-29T12:00:00.5+02'], ['"2024-02-29T10:00:00.5+00:00"']],
    ['JSON', 'String', ['{"a":1}'], [String.raw`"{\"a\": 1}"`]],
    ['Int', 'JSON', ['-7'], ['-7']],
    ['BigInt', 'JSON', ['9223372036854775807'], ['9223372036854775807']],
    ['Decimal', 'JSON', ['1.50'], ['1.50']],
    ['Boolean', 'JSON', ['true'], ['true']],
    ['[String!]', 'JSON', ['{a,"b\\"c"}', '{}'], [String.raw`["a", "b\"c"]`, '[]']],
    ['[Int!]', 'JSON', ['{1,2}'], ['[1, 2]']],
    ['[JSON!]', 'JSON', ['{"{\\"a\\":1}"}'], ['[{"a": 1}]']],
    ['[DateTime!]', 'JSON', ['{2024-02-29T12:00:00Z}'], ['["2024-02-29T12:00:00+00:00"]']],
    ['String', '[String!]', ['a', '{b}'], ['["a"]', '["{b}"]']],
    ['[Int!]', '[BigInt!]', ['{1,2}'], ['[1, 2]']],
    ['[Int!]', '[String!]', ['{1,2}'], ['["1", "2"]']],
    ['[Decimal!] @decimal(precision: 4, scale: 2)', '[Decimal!]', ['{1,2}'], ['[1.00, 2.00]']],
  ])('%s → %s', async (from, to, values, expected) => {
    await withValues(from, values, async (project) => {
      expect(await project.hazards(sdl(to))).toEqual({
        'CHANGE_TYPE T.f': `LOCK ${values.length}`,
        ...(to === '[String!]' && from === 'String' ? { 'ADD_CHECK T.f': 'LOCK 2' } : {}),
        ...(from.startsWith('[') && to !== 'JSON' ? { 'ADD_CHECK T.f': 'LOCK 1' } : {}),
      });
      await project.query(`SET TimeZone = 'Asia/Tokyo'`);
      await project.apply(sdl(to));
      expect(await allValues(project)).toEqual(expected);
    });
  });
});

describe('strict casts count the values that cannot be converted exactly', () => {
  it.each([
    ['BigInt', 'Int', ['2147483647', '-2147483648'], ['2147483648', '-2147483649']],
    [
      'BigInt',
      'Float',
      ['9007199254740992', '-4', '0'],
      ['9007199254740993', '9223372036854775807'],
    ],
    ['Float', 'Int', ['2147483647', '-2147483648', '-0'], ['0.5', '2147483648', 'NaN', 'Infinity']],
    [
      'Float',
      'BigInt',
      ['9007199254740993', '-9223372036854775808'],
      ['0.1', '9223372036854775808', 'NaN', '-Infinity'],
    ],
    [
      'Float',
      'Decimal',
      ['0.1', '1e98', '-1.7976931348623157e98', '1e-98', '0.30000000000000004'],
      ['1e100', '1e308', '2.2250738585072014e-308', 'NaN', 'Infinity', '-Infinity'],
    ],
    ['Decimal', 'Int', ['5.00', '-2147483648'], ['5.01', '2147483648', 'NaN']],
    ['Decimal', 'BigInt', ['9223372036854775807'], ['9223372036854775808', '0.5']],
    [
      'Decimal',
      'Float',
      ['0.1', '-1.50', '0', '1e300'],
      ['0.12345678901234567890', '1e308', '1e-310', 'NaN', 'Infinity'],
    ],
    [
      'Decimal',
      'Decimal @decimal(precision: 4, scale: 2)',
      ['99.99', '-99.9900', '0'],
      ['100', '-99.999', '0.001', '99.995', 'NaN', 'Infinity'],
    ],
    [
      'Decimal @decimal(precision: 4, scale: 2)',
      'Decimal @decimal(precision: 4, scale: 3)',
      ['9.99', '1.50'],
      ['10', '-10.01'],
    ],
    ['Int', 'Decimal @decimal(precision: 3, scale: 1)', ['99', '-99'], ['100', '-2147483648']],
    ['BigInt', 'Decimal @decimal(precision: 18, scale: 0)', ['7'], ['-9223372036854775808']],
    [
      'Float',
      'Decimal @decimal(precision: 3, scale: 1)',
      ['0.1', '-99.5', '1e1'],
      ['0.25', '100', '1e300', 'NaN', '-Infinity'],
    ],
    [
      'String',
      'Decimal @decimal(precision: 3, scale: 1)',
      ['1.50', '-0.1', '0099.0'],
      ['1.55', '100', '1e1', '', 'NaN'],
    ],
    ['Int', 'Boolean', ['0', '1'], ['2', '-1']],
    ['Date', 'DateTime', ['0001-01-01', '9999-12-31'], ['infinity', '10000-01-01']],
    [
      'String',
      'Int',
      ['7', '-7', '007', '2147483647'],
      ['', ' 7', '+7', '7.0', '2147483648', '99999999999', 'x', '٧'],
    ],
    ['String', 'BigInt', ['9223372036854775807'], ['9223372036854775808', '1e3']],
    [
      'String',
      'Decimal',
      ['1.50', '-0.1', `${'0'.repeat(100)}7`, '9'.repeat(100)],
      [
        '9'.repeat(101),
        `0.${'1'.repeat(99)}`,
        '.5',
        '1.',
        '1e3',
        'NaN',
        '',
        'x'.repeat(2000),
        '1'.repeat(2000),
      ],
    ],
    [
      'String',
      'Float',
      ['0.1', '100'],
      ['0.12345678901234567890', 'x', '', '1'.repeat(400), '1'.repeat(200_000)],
    ],
    ['String', 'Boolean', ['true', 'false'], ['TRUE', 't', '1', '']],
    [
      'String',
      'UUID',
      ['AAAAAAAA-0000-4000-8000-000000000000'],
      ['aaaaaaaa00004000800000000000000', '{x}', ''],
    ],
    [
      'String',
      'Date',
      ['2024-02-29', '0001-01-01'],
      ['2023-02-29', '2024-04-31', '0000-01-01', '2024-2-9', 'today', '2024-02-29T00:00:00Z'],
    ],
    [
      'String',
      'Time',
      ['18:30:00', '23:59:59.9999990'],
      ['24:00:00', '18:30', '18:30:60', '18:30:00Z', '18:30:00.1234567', 'now', ''],
    ],
    [
      'String',
      'DateTime',
      ['2024-02-29T23:59:59.123456Z', '2024-01-01 00:00:00+14:00'],
      ['2024-02-30T00:00:00Z', '2024-01-01T24:00:00Z', '2024-01-01T00:00:00', 'now'],
    ],
    ['Float', 'JSON', ['0.1', '1e300'], ['NaN', 'Infinity']],
    ['String', 'JSON', goodJson, badJson],
  ])('%s → %s', async (from, to, good, bad) => {
    await withValues(from, [...good, ...bad], async (project) => {
      expect(await project.hazards(sdl(to))).toEqual({
        'CHANGE_TYPE T.f': `MAY_FAIL ${bad.length}`,
      });
      await expect(project.apply(sdl(to))).rejects.toMatchObject({
        code: 'ROWS_IN_THE_WAY',
        rows: bad.length,
      });
      for (const value of bad) {
        await project.query(`DELETE FROM t WHERE f = $1 AND id >= $2`, [
          value,
          String(good.length).padStart(32, '0'),
        ]);
      }
      await project.apply(sdl(to));
      expect(await allValues(project)).toHaveLength(good.length);
    });
  });
});

describe('lossy casts count the rows that lose data', () => {
  it('DateTime → Date drops the time of day', async () => {
    const values = ['2024-02-29T00:00:00Z', '2024-02-29T23:00:00-02:00'];
    await withValues('DateTime', values, async (project) => {
      expect(await project.hazards(sdl('Date'))).toEqual({ 'CHANGE_TYPE T.f': 'DATA_LOSS 1' });
      await project.query(`SET TimeZone = 'Asia/Tokyo'`);
      await project.apply(sdl('Date'));
      expect(await allValues(project)).toEqual(['"2024-02-29"', '"2024-03-01"']);
    });
  });

  it('a list → a single value keeps the first item and converts an empty list to null', async () => {
    await withValues('[Int!]!', ['{1,2,3}', '{4}', '{}'], async (project) => {
      expect(await project.hazards(sdl('Int'))).toEqual({ 'CHANGE_TYPE T.f': 'DATA_LOSS 1' });
      expect(await project.hazards(sdl('Int!'))).toEqual({
        'CHANGE_TYPE T.f': 'DATA_LOSS 1',
        'SET_REQUIRED T.f': 'MAY_FAIL 1',
      });
      await project.apply(sdl('Int'));
      expect(await allValues(project)).toEqual(['1', '4', null]);
    });
  });

  it('an optional value → a required list converts null to an empty list', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('Int'));
      await project.query(`INSERT INTO t (id) VALUES (gen_random_uuid())`);
      await project.apply(sdl('[Int!]!'));
      expect(await allValues(project)).toEqual(['[]']);
    });
  });

  it('JSON → Int drops the column and adds it again, because there is no cast', async () => {
    await withValues('JSON', ['7'], async (project) => {
      expect(await project.hazards(sdl('Int'))).toEqual({ 'DROP_COLUMN T.f': 'DATA_LOSS 1' });
    });
  });
});
