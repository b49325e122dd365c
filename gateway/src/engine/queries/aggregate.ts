import { assertNever } from '../../platform/assert-never.ts';
import type { AggregateFunction } from '../api/bindings.ts';
import type { ValueField } from '../sdl/model.ts';
import { commaList, ident, sql, type Sql } from '../sql/sql.ts';
import { columnOf, isTextInAnswers } from './column.ts';
import { jsonFields, jsonObject, type JsonField } from './json.ts';
import { selectFields, type CompileContext, type FieldSelection } from './selection.ts';

/** A subquery that computes all aggregates over a list's rows in one pass. */
export interface AggregateScan {
  /** The alias of the aggregated rows. */
  readonly row: Sql;
  /** The alias of the subquery, which has one row. */
  readonly alias: Sql;
  /** The select list of the subquery. An aggregate that is selected several times uses one column. */
  readonly columns: Map<string, { readonly name: Sql; readonly expression: Sql }>;
}

export function createScan(row: Sql, alias: Sql): AggregateScan {
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
    scanColumn(scan, `${by} ${of.name}`, aggregated(by, of, scan.row)),
  );
}

/** The result is null if there are no rows. */
function aggregated(by: AggregateFunction, { column: name, type }: ValueField, row: Sql): Sql {
  const column = columnOf(row, name);
  switch (by) {
    case 'SUM':
      // The sum of Int values is a BigInt and the sum of BigInt values is a Decimal. Responses contain both as strings.
      return type.name === 'Float' ? sql`sum(${column})` : sql`sum(${column})::text`;
    case 'AVG':
      return isTextInAnswers(type)
        ? sql`trim_scale(avg(${column}))::text`
        : sql`avg(${column})::double precision`;
    case 'MIN':
      return isTextInAnswers(type) ? sql`min(${column})::text` : sql`min(${column})`;
    case 'MAX':
      return isTextInAnswers(type) ? sql`max(${column})::text` : sql`max(${column})`;
    default:
      return assertNever(by);
  }
}
