import type { GraphQLObjectType, SelectionSetNode } from 'graphql';
import type { AggregateFunction } from '../api/bindings.ts';
import type { ValueField } from '../sdl/model.ts';
import { commaList, ident, literal, sql, type Sql } from '../sql/sql.ts';
import { columnOf, isTextInAnswers } from './column.ts';
import { answeredType, kindOf, selectFields, type CompileContext } from './context.ts';
import { jsonObject, type JsonField } from './json-object.ts';

/** What is computed over all rows of a list, in one pass over them. */
export interface Scan {
  /** The row that is aggregated. */
  readonly row: Sql;
  /** What each expression is called in the scan's result. */
  readonly columns: Map<string, { readonly name: Sql; readonly expression: Sql }>;
}

export function createScan(row: Sql): Scan {
  return { row, columns: new Map() };
}

/** `SELECT count(*) AS "value 0", … ` without its FROM. */
export function scanColumns({ columns }: Scan): Sql {
  const all = [...columns.values()];
  return commaList(all.map(({ name, expression }) => sql`${expression} AS ${name}`));
}

/** The name under which the scan answers the number of rows. */
export function scannedCount(scan: Scan): Sql {
  return scanned(scan, 'COUNT', sql`count(*)`);
}

function scanned({ columns }: Scan, key: string, expression: Sql): Sql {
  const known = columns.get(key);
  if (known !== undefined) return known.name;
  const name = ident(`value ${columns.size}`);
  columns.set(key, { name, expression });
  return name;
}

/** The fields of an aggregate, or of its `sum avg min max`, as columns of `result`, the scan's. */
export function aggregateFields(
  context: CompileContext,
  parent: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
  scan: Scan,
  result: Sql,
): readonly JsonField[] {
  return selectFields(context, parent, selectionSets).map((field): JsonField => {
    const { binding, responseKey } = field;
    if (binding === 'TYPENAME') return [responseKey, literal(parent.name)];
    if (binding !== 'INTROSPECTION' && binding.kind === 'AGGREGATED') {
      const { by, field: of } = binding;
      const name = scanned(scan, `${by} ${of.name}`, aggregated(by, of, scan.row));
      return [responseKey, sql`${result}.${name}`];
    }
    switch (kindOf(field)) {
      case 'COUNT':
        return [responseKey, sql`${result}.${scannedCount(scan)}`];
      case 'SUM':
      case 'AVG':
      case 'MIN':
      case 'MAX': {
        const type = answeredType(field);
        const fields = aggregateFields(context, type, field.selectionSets, scan, result);
        return [responseKey, jsonObject(fields)];
      }
      default:
        throw new Error('This is no part of an aggregate.');
    }
  });
}

/** Null over no rows. */
function aggregated(by: AggregateFunction, { column: name, type }: ValueField, row: Sql): Sql {
  const column = columnOf(row, name);
  switch (by) {
    case 'SUM':
      // Of Int it is a BigInt, of BigInt a Decimal.
      return type.name === 'Float' ? sql`sum(${column})` : sql`sum(${column})::text`;
    case 'AVG':
      return isTextInAnswers(type)
        ? sql`trim_scale(avg(${column}))::text`
        : sql`avg(${column})::double precision`;
    case 'MIN':
      return isTextInAnswers(type) ? sql`min(${column})::text` : sql`min(${column})`;
    case 'MAX':
      return isTextInAnswers(type) ? sql`max(${column})::text` : sql`max(${column})`;
  }
}
