import { assertNever } from '../../platform/assert-never.ts';
import type { AggregateFunction } from '../api/bindings.ts';
import type { ValueField } from '../sdl/model.ts';
import { commaList, ident, literal, sql, type Sql } from '../sql/sql.ts';
import { isTextInAnswers, tableColumn } from './column.ts';
import { jsonFields, jsonObject, type JsonField } from './json.ts';
import { selectFields, type CompileContext, type FieldSelection } from './selection.ts';
import { visibleValue } from './source.ts';
import type { AliasedRow } from './visibility.ts';

/** A subquery that computes all aggregates over a list's rows in one pass. */
export interface AggregateScan {
  /** The aggregated rows. */
  readonly row: AliasedRow;
  /** The alias of the subquery, which has one row. */
  readonly alias: Sql;
  /** The select list of the subquery. An aggregate that is selected several times uses one column. */
  readonly columns: Map<string, { readonly name: Sql; readonly expression: Sql }>;
}

export function createScan(row: AliasedRow, alias: Sql): AggregateScan {
  return { row, alias, columns: new Map() };
}

/** `count(*) AS "value 0", …` */
export function scanColumns({ columns }: AggregateScan): Sql {
  const all = [...columns.values()];
  return commaList(all.map(({ name, expression }) => sql`${expression} AS ${name}`));
}

/** The number of rows, as a column of the scan. */
export function countOf(scan: AggregateScan): Sql {
  return scanColumn(scan, 'COUNT', sql`count(*)`);
}

function scanColumn({ alias, columns }: AggregateScan, key: string, expression: Sql): Sql {
  const known = columns.get(key);
  const name = known?.name ?? ident(`value ${columns.size}`);
  if (known === undefined) columns.set(key, { name, expression });
  return sql`${alias}.${name}`;
}

/** `aggregate { count sum { … } }` */
export function aggregateFields(
  context: CompileContext,
  field: FieldSelection,
  scan: AggregateScan,
): readonly JsonField[] {
  return jsonFields(selectFields(context, 'AGGREGATE', field), (inner) => {
    switch (inner.kind) {
      case 'COUNT':
        return countOf(scan);
      case 'SUM':
      case 'AVG':
      case 'MIN':
      case 'MAX':
        return jsonObject(aggregatedFields(context, inner, scan));
      default:
        return assertNever(inner);
    }
  });
}

function aggregatedFields(
  context: CompileContext,
  field: FieldSelection,
  scan: AggregateScan,
): readonly JsonField[] {
  return jsonFields(selectFields(context, 'AGGREGATED_FIELDS', field), ({ by, field: of }) =>
    scanColumn(
      scan,
      `${by} ${of.name}`,
      aggregated(by, of, visibleValue(context, scan.row, tableColumn(of))),
    ),
  );
}

/** The result is null if there are no rows. */
function aggregated(by: AggregateFunction, { type }: ValueField, column: Sql): Sql {
  switch (by) {
    case 'SUM':
      // The sum of Int values is a BigInt and the sum of BigInt values is a Decimal. Responses contain both as strings.
      return type.name === 'Float' ? sql`sum(${column})` : sql`sum(${column})::text`;
    case 'AVG':
      if (isTextInAnswers(type)) return sql`trim_scale(avg(${column}))::text`;
      return type.name === 'Float' ? floatAverage(column) : sql`avg(${column})::double precision`;
    case 'MIN':
      return isTextInAnswers(type) ? sql`min(${column})::text` : sql`min(${column})`;
    case 'MAX':
      return isTextInAnswers(type) ? sql`max(${column})::text` : sql`max(${column})`;
    default:
      return assertNever(by);
  }
}

/** The values from here on are added separately: the sum of 1e28 smaller values is within the range of a Float. */
const large = sql`1e280::float8`;
/** Divides large values, so that the sum of up to 2^64 values is within the range. */
const scale = sql`${literal(2 ** 64)}::float8`;
const largestScaled = sql`${literal(Number.MAX_VALUE / 2 ** 64)}::float8`;

/**
 * The average of Floats, which is always within their range. PostgreSQL's `avg` also adds the squares of the values, so
 * it raises an error for values from about 1e154.
 */
function floatAverage(column: Sql): Sql {
  const count = sql`count(${column})`;
  const isLarge = sql`abs(${column}) >= ${large}`;
  const small = sql`sum(CASE WHEN ${isLarge} THEN 0 ELSE ${column} END)`;
  // PostgreSQL raises an error if a quotient is rounded to zero.
  const ofSmall = sql`CASE WHEN abs(${small}) < ${count} * 5e-324::float8 THEN 0 ELSE ${small} / ${count} END`;
  const ofLarge = sql`sum(CASE WHEN ${isLarge} THEN ${column} / ${scale} ELSE 0 END) / ${count}`;
  // Rounding could make the average of the largest Floats greater than they are.
  const inRange = sql`least(greatest(${ofLarge}, -${largestScaled}), ${largestScaled})`;
  return sql`CASE WHEN ${count} > 0 THEN ${ofSmall} + ${inRange} * ${scale} END`;
}
