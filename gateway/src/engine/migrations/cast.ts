import { limits } from '../sdl/limits.ts';
import type { Precision } from '../sdl/model.ts';
import { literal, sql, type Sql } from '../sql/sql.ts';
import { isJsonText } from './json-text.ts';
import { typeName, type ColumnType } from './tables/column-type.ts';
import type { Column } from './tables/table.ts';

/** A conversion of a column's values to another type. `using` and `affected` take the column's name. */
export interface Cast {
  readonly using: (column: Sql) => Sql;
  /** `LOCK`: all values can be converted without loss. */
  readonly hazard: 'LOCK' | 'MAY_FAIL' | 'DATA_LOSS';
  /** An expression that is true for rows whose value cannot be converted or would lose data in the conversion. */
  readonly affected: ((column: Sql) => Sql) | null;
  /** Whether distinct values stay distinct, so that the conversion cannot violate a unique key. */
  readonly injective: boolean;
  /** Whether the conversion can turn a value into null. */
  readonly mayBecomeNull: boolean;
  /** What happens to the affected rows, worded as the end of a sentence. Null if no row can be affected. */
  readonly caution: string | null;
}

type Shape = Pick<Column, 'type' | 'list' | 'notNull' | 'decimal'>;

/**
 * The cast from one column type to another. Narrowing is strict: a value that cannot be converted exactly stops the
 * migration. Values are never rounded or truncated.
 *
 * @returns null if there is no cast; the column must then be dropped and added again
 */
export function castBetween(from: Shape, to: Shape): Cast | null {
  if (from.list === to.list) {
    if (to.decimal !== undefined) return castToPrecision(from, to, to.decimal);
    if (from.type === to.type) return plain(to);
    if (!from.list) return scalarCasts[from.type]?.[to.type] ?? null;
    return itemwiseCasts[from.type]?.includes(to.type) === true ? plain(to) : null;
  }
  if (from.type !== to.type || (from.list && to.type === 'jsonb')) {
    // In JSON, bytes would not be base64.
    return to.type === 'jsonb' && !to.list && from.type !== 'bytea' ? lossless(asJson) : null;
  }
  if (to.decimal !== undefined && !isSurelyWithin(from, to.decimal)) return null;
  return to.list ? intoList(to) : outOfList();
}

function plain(to: Pick<Shape, 'type' | 'list' | 'decimal'>): Cast {
  return lossless((column) => sql`${column}::${typeName(to)}`);
}

function lossless(using: (column: Sql) => Sql): Cast {
  return {
    using,
    hazard: 'LOCK',
    affected: null,
    injective: true,
    mayBecomeNull: false,
    caution: null,
  };
}

/** A cast that stops the migration if `fits` is not true for a value. The `fits` expression must not raise errors. */
function strict(to: ColumnType, fits: (column: Sql) => Sql, using?: (column: Sql) => Sql): Cast {
  return {
    using: using ?? ((column) => sql`${column}::${typeName({ type: to, list: false })}`),
    hazard: 'MAY_FAIL',
    affected: (column) => sql`${column} IS NOT NULL AND (${fits(column)}) IS NOT TRUE`,
    injective: false,
    mayBecomeNull: false,
    caution: 'values that cannot be converted exactly stop the migration',
  };
}

/** Casts a single value to a list. If the list is required, null becomes an empty list. */
function intoList(to: Shape): Cast {
  const empty = to.notNull ? sql`ARRAY[]::${typeName(to)}` : sql`NULL`;
  return lossless(
    (column) => sql`CASE WHEN ${column} IS NULL THEN ${empty} ELSE ARRAY[${column}] END`,
  );
}

function outOfList(): Cast {
  return {
    using: (column) => sql`${column}[1]`,
    hazard: 'DATA_LOSS',
    affected: (column) => sql`cardinality(${column}) > 1`,
    injective: false,
    mayBecomeNull: true,
    caution: 'only the first item of each list is kept',
  };
}

const between = (column: Sql, low: string, high: string): Sql =>
  sql`${column} BETWEEN ${literal(low)}::numeric AND ${literal(high)}::numeric`;

const int4 = ['-2147483648', '2147483647'] as const;
const int8 = ['-9223372036854775808', '9223372036854775807'] as const;

const wholeWithin =
  ([low, high]: readonly [string, string]) =>
  (column: Sql): Sql =>
    sql`${column} = trunc(${column}) AND ${between(column, low, high)}`;

/**
 * Whether a double is a whole number within the limits. The upper limit is exclusive: 2^63 is a double, but exceeds the
 * largest bigint by one.
 */
const wholeDoubleWithin =
  (low: string, beyond: string) =>
  (column: Sql): Sql =>
    sql`${column} = trunc(${column}) AND ${column} >= ${literal(low)}::double precision AND ${column} < ${literal(beyond)}::double precision`;

/**
 * Whether text matches the pattern and satisfies `fits`. PostgreSQL can evaluate both sides of an AND in any order, so
 * only CASE ensures that invalid text is not cast. Text of more than 1000 characters is treated as invalid.
 */
const textThat = (pattern: string, fits: (column: Sql) => Sql) => (column: Sql) =>
  sql`CASE WHEN char_length(${column}) <= 1000 AND ${column} ~ ${literal(pattern)} THEN ${fits(column)} ELSE false END`;

const always = () => sql`true`;

/**
 * Whether the decimal can be converted to a double without loss. The range check comes first, because converting a very
 * small or very large decimal raises an error.
 */
const asExactDouble = (column: Sql) =>
  sql`CASE WHEN ${column} = 0 THEN true WHEN abs(${column}) BETWEEN 1e-300 AND 1e300 THEN ${column} = (${column}::double precision)::text::numeric ELSE false END`;

/** Whether the API accepts the number in the form in which it returns it: see `writtenDecimalText`. */
const isShort = (numeric: Sql) =>
  sql`char_length((${numeric})::text) <= ${literal(limits.numberLength)}`;

const numberPattern = '^-?[0-9]+(?:\\.[0-9]+)?$';
const dayPattern = '(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const timePattern = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6}0*)?';
const zonePattern = '(?:[Zz]|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])';

/** Whether the day exists in its month. The text must start with a date. */
const isInMonth = (column: Sql) =>
  sql`substr(${column}, 9, 2)::int <= extract(day FROM make_date(substr(${column}, 1, 4)::int, substr(${column}, 6, 2)::int, 1) + interval '1 month - 1 day')`;

/** A timestamp as RFC 3339 text. The session's time zone must be UTC. */
const instantText = (column: Sql) => sql`to_jsonb(${column}) #>> '{}'`;

/** Lists become JSON lists, and numbers stay exact. The session's time zone must be UTC. */
const asJson = (column: Sql) => sql`to_jsonb(${column})`;

const toText = plain({ type: 'text', list: false });
const toNumeric = plain({ type: 'numeric', list: false });

/** All casts of single values. If a pair of types is not listed here, there is no cast. */
const scalarCasts: Readonly<Partial<Record<ColumnType, Partial<Record<ColumnType, Cast>>>>> = {
  integer: {
    bigint: plain({ type: 'bigint', list: false }),
    numeric: toNumeric,
    'double precision': plain({ type: 'double precision', list: false }),
    text: toText,
    boolean: strict('boolean', (column) => sql`${column} IN (0, 1)`),
    jsonb: lossless(asJson),
  },
  bigint: {
    integer: strict('integer', (column) => between(column, ...int4)),
    numeric: toNumeric,
    'double precision': strict('double precision', (column) =>
      asExactDouble(sql`${column}::numeric`),
    ),
    text: toText,
    jsonb: lossless(asJson),
  },
  'double precision': {
    integer: strict('integer', wholeDoubleWithin('-2147483648', '2147483648')),
    bigint: strict('bigint', wholeDoubleWithin('-9223372036854775808', '9223372036854775808')),
    // A direct cast keeps only 15 digits. A cast through text keeps all significant digits.
    numeric: strict(
      'numeric',
      (column) =>
        sql`abs(${column}) < 'Infinity'::double precision AND ${isShort(sql`${column}::text::numeric`)}`,
      (column) => sql`${column}::text::numeric`,
    ),
    text: toText,
    jsonb: strict('jsonb', (column) => sql`abs(${column}) < 'Infinity'::double precision`, asJson),
  },
  numeric: {
    integer: strict('integer', wholeWithin(int4)),
    bigint: strict('bigint', wholeWithin(int8)),
    'double precision': strict('double precision', asExactDouble),
    text: toText,
    jsonb: lossless(asJson),
  },
  boolean: {
    integer: plain({ type: 'integer', list: false }),
    text: toText,
    jsonb: lossless(asJson),
  },
  uuid: { text: toText },
  date: {
    'timestamp with time zone': strict(
      'timestamp with time zone',
      (column) => sql`${column} BETWEEN '0001-01-01'::date AND '9999-12-31'::date`,
      (column) => sql`${column}::timestamp AT TIME ZONE 'UTC'`,
    ),
    text: toText,
  },
  'timestamp with time zone': {
    date: {
      using: (column) => sql`(${column} AT TIME ZONE 'UTC')::date`,
      hazard: 'DATA_LOSS',
      affected: (column) =>
        sql`${column} <> date_trunc('day', ${column} AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'`,
      injective: false,
      mayBecomeNull: false,
      caution: 'the time of day is lost',
    },
    text: lossless(instantText),
  },
  'time without time zone': { text: toText },
  jsonb: { text: toText },
  text: {
    integer: strict(
      'integer',
      textThat('^-?[0-9]{1,10}$', (column) => between(sql`${column}::numeric`, ...int4)),
    ),
    bigint: strict(
      'bigint',
      textThat('^-?[0-9]{1,19}$', (column) => between(sql`${column}::numeric`, ...int8)),
    ),
    numeric: strict(
      'numeric',
      textThat(numberPattern, (column) => isShort(sql`${column}::numeric`)),
    ),
    'double precision': strict(
      'double precision',
      textThat(numberPattern, (column) => asExactDouble(sql`${column}::numeric`)),
    ),
    boolean: strict('boolean', (column) => sql`${column} IN ('true', 'false')`),
    uuid: strict(
      'uuid',
      textThat('^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', always),
    ),
    date: strict('date', textThat(`^${dayPattern}$`, isInMonth)),
    'time without time zone': strict(
      'time without time zone',
      textThat(`^${timePattern}$`, always),
    ),
    'timestamp with time zone': strict(
      'timestamp with time zone',
      textThat(`^${dayPattern}[Tt ]${timePattern}${zonePattern}$`, isInMonth),
    ),
    jsonb: strict('jsonb', isJsonText),
  },
};

/** The most digits that the numbers of a type have. Its numbers have no fraction. */
const mostDigits: Readonly<Partial<Record<ColumnType, number>>> = { integer: 10, bigint: 19 };

/** Whether a column of this precision can store all values of the other column. */
function isSurelyWithin({ type, decimal }: Shape, { precision, scale }: Precision): boolean {
  if (decimal !== undefined) {
    const before = decimal.precision - decimal.scale;
    return decimal.scale <= scale && before <= precision - scale;
  }
  const digits = mostDigits[type];
  return digits !== undefined && digits <= precision - scale;
}

/** PostgreSQL would round a number with too many digits after the decimal point. */
function castToPrecision(from: Shape, to: Shape, precision: Precision): Cast | null {
  const fits = (number: Sql) => isWithin(number, precision);
  const using = (column: Sql) => sql`${column}::${typeName(to)}`;
  const { type, list } = from;
  if (type === 'integer' || type === 'bigint' || type === 'numeric') {
    if (isSurelyWithin(from, precision)) return plain(to);
    return strict('numeric', list ? eachItem(fits) : fits, using);
  }
  if (type === 'double precision' && !list) {
    return strict(
      'numeric',
      (column) =>
        sql`abs(${column}) < 'Infinity'::double precision AND ${fits(sql`${column}::text::numeric`)}`,
      (column) => sql`${column}::text::${typeName(to)}`,
    );
  }
  if (type !== 'text' || list) return null;
  return strict(
    'numeric',
    textThat(numberPattern, (text) => fits(sql`${text}::numeric`)),
    using,
  );
}

/** Whether a number has no more digits than the precision allows. NaN and the infinities are greater than all numbers. */
function isWithin(number: Sql, { precision, scale }: Precision): Sql {
  const limit = sql`${literal(`1${'0'.repeat(precision - scale)}`)}::numeric`;
  // The absolute value of the smallest integer is out of range.
  return sql`abs(${number}::numeric) < ${limit} AND ${number} = round(${number}::numeric, ${literal(scale)})`;
}

function eachItem(fits: (item: Sql) => Sql): (column: Sql) => Sql {
  return (column) =>
    sql`NOT EXISTS (SELECT FROM unnest(${column}) AS i (v) WHERE (${fits(sql`i.v`)}) IS NOT TRUE)`;
}

/** The lossless casts that PostgreSQL can also apply to arrays, item by item. */
const itemwiseCasts: Readonly<Partial<Record<ColumnType, readonly ColumnType[]>>> = {
  integer: ['bigint', 'numeric', 'double precision', 'text'],
  bigint: ['numeric', 'text'],
  numeric: ['text'],
  boolean: ['text'],
  uuid: ['text'],
  'time without time zone': ['text'],
};
