import { literal, sql, type Sql } from '../sql/sql.ts';
import { typeName, type ColumnType } from './tables/column-type.ts';
import type { Column } from './tables/table.ts';

/** How the values of a column become values of another type. Each part takes the column's name. */
export interface Cast {
  readonly using: (column: Sql) => Sql;
  /** `LOCK`: every value has its counterpart. */
  readonly hazard: 'LOCK' | 'MAY_FAIL' | 'DATA_LOSS';
  /** True for the rows that could not be converted, or whose value would lose something. */
  readonly affected: ((column: Sql) => Sql) | null;
  /** Whether different values stay different, so that a unique key cannot break. */
  readonly injective: boolean;
  /** Whether a value can become null. */
  readonly mayBecomeNull: boolean;
  /** The end of a sentence about the affected rows, if there can be any. */
  readonly caution: string | null;
}

type Shape = Pick<Column, 'type' | 'list' | 'notNull'>;

/**
 * The cast from one column's type to another's. Narrowing is strict: a value that has no exact
 * counterpart stops the migration rather than being rounded or cut.
 *
 * @returns null where there is none, and the column has to be dropped and made anew
 */
export function castBetween(from: Shape, to: Shape): Cast | null {
  if (from.list === to.list) {
    if (!from.list) return scalarCasts[from.type]?.[to.type] ?? null;
    return itemwiseCasts[from.type]?.includes(to.type) === true ? plain(to) : null;
  }
  if (from.type !== to.type) return null;
  return to.list ? intoList(to) : outOfList();
}

function plain(to: Pick<Shape, 'type' | 'list'>): Cast {
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

/** Rows for which `fits` is not true stop the migration. `fits` must not raise errors itself. */
function strict(to: ColumnType, fits: (column: Sql) => Sql, using?: (column: Sql) => Sql): Cast {
  return {
    using: using ?? ((column) => sql`${column}::${typeName({ type: to, list: false })}`),
    hazard: 'MAY_FAIL',
    affected: (column) => sql`${column} IS NOT NULL AND (${fits(column)}) IS NOT TRUE`,
    injective: false,
    mayBecomeNull: false,
    caution: 'a value without an exact counterpart stops the migration',
  };
}

/** A null becomes the empty list where the list is required. */
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
    caution: 'of each list only the first item stays',
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

/** Doubles are compared as doubles: 2^63 itself is one, and just too large for a bigint. */
const wholeDoubleWithin =
  (low: string, beyond: string) =>
  (column: Sql): Sql =>
    sql`${column} = trunc(${column}) AND ${column} >= ${literal(low)}::double precision AND ${column} < ${literal(beyond)}::double precision`;

/**
 * PostgreSQL may evaluate both sides of an AND; only CASE keeps a cast from texts that it cannot read. Longer
 * texts are no numbers or times that anybody wrote.
 */
const textThat = (pattern: string, fits: (column: Sql) => Sql) => (column: Sql) =>
  sql`CASE WHEN char_length(${column}) <= 1000 AND ${column} ~ ${literal(pattern)} THEN ${fits(column)} ELSE false END`;

const always = () => sql`true`;

/** A double that a decimal equals exactly; tiny and huge ones would raise an error in the cast. */
const asExactDouble = (column: Sql) =>
  sql`CASE WHEN ${column} = 0 THEN true WHEN abs(${column}) BETWEEN 1e-300 AND 1e300 THEN ${column} = (${column}::double precision)::text::numeric ELSE false END`;

const dayPattern = '(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])';
const timePattern = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?';
const zonePattern = '(?:Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])';

/** For a text that starts like a date: whether its month has that day. */
const isInMonth = (column: Sql) =>
  sql`substr(${column}, 9, 2)::int <= extract(day FROM make_date(substr(${column}, 1, 4)::int, substr(${column}, 6, 2)::int, 1) + interval '1 month - 1 day')`;

/** An instant as RFC 3339 text; the session's time zone must be UTC. */
const instantText = (column: Sql) => sql`to_jsonb(${column}) #>> '{}'`;

const toText = plain({ type: 'text', list: false });
const toNumeric = plain({ type: 'numeric', list: false });

/** Every cast of single values there is. What is missing has no counterpart. */
const scalarCasts: Readonly<Partial<Record<ColumnType, Partial<Record<ColumnType, Cast>>>>> = {
  integer: {
    bigint: plain({ type: 'bigint', list: false }),
    numeric: toNumeric,
    'double precision': plain({ type: 'double precision', list: false }),
    text: toText,
    boolean: strict('boolean', (column) => sql`${column} IN (0, 1)`),
  },
  bigint: {
    integer: strict('integer', (column) => between(column, ...int4)),
    numeric: toNumeric,
    'double precision': strict('double precision', (column) =>
      asExactDouble(sql`${column}::numeric`),
    ),
    text: toText,
  },
  'double precision': {
    integer: strict('integer', wholeDoubleWithin('-2147483648', '2147483648')),
    bigint: strict('bigint', wholeDoubleWithin('-9223372036854775808', '9223372036854775808')),
    // Directly, PostgreSQL would keep only 15 digits; its text has all that matter.
    numeric: lossless((column) => sql`${column}::text::numeric`),
    text: toText,
  },
  numeric: {
    integer: strict('integer', wholeWithin(int4)),
    bigint: strict('bigint', wholeWithin(int8)),
    'double precision': strict('double precision', asExactDouble),
    text: toText,
  },
  boolean: {
    integer: plain({ type: 'integer', list: false }),
    text: toText,
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
    numeric: strict('numeric', textThat('^-?[0-9]+(?:\\.[0-9]+)?$', always)),
    'double precision': strict(
      'double precision',
      textThat('^-?[0-9]+(?:\\.[0-9]+)?$', (column) => asExactDouble(sql`${column}::numeric`)),
    ),
    boolean: strict('boolean', (column) => sql`${column} IN ('true', 'false')`),
    uuid: strict(
      'uuid',
      textThat('^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$', always),
    ),
    date: strict('date', textThat(`^${dayPattern}$`, isInMonth)),
    'timestamp with time zone': strict(
      'timestamp with time zone',
      textThat(`^${dayPattern}[T ]${timePattern}${zonePattern}$`, isInMonth),
    ),
  },
};

/** The casts that PostgreSQL also has for arrays, item by item, without any loss. */
const itemwiseCasts: Readonly<Partial<Record<ColumnType, readonly ColumnType[]>>> = {
  integer: ['bigint', 'numeric', 'double precision', 'text'],
  bigint: ['numeric', 'text'],
  numeric: ['text'],
  boolean: ['text'],
  uuid: ['text'],
};
