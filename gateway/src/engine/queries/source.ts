import { assertNever } from '../../platform/assert-never.ts';
import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { join, projectTable, sql, type Sql } from '../sql/sql.ts';
import { columnOf } from './column.ts';
import type { CompileContext } from './selection.ts';

/** SQL conditions to be combined with AND. A condition that contains OR is already in parentheses. */
export type Conditions = readonly Sql[];

/** A row and its alias in SQL. */
export interface AliasedRow {
  readonly type: ModelType;
  readonly alias: Sql;
}

/** Rows of one type and the FROM clause that reads them. */
export interface RowSource extends AliasedRow {
  /** `"p"."issue" AS "t1"` */
  readonly from: Sql;
  /** Conditions that relate the rows to another row. Empty for all rows of the type. */
  readonly tie: Conditions;
  /** Columns that have the same value in all rows because of `tie`. */
  readonly fixed: readonly string[];
}

/** All rows of a type. */
export function tableRows({ newAlias }: CompileContext, type: ModelType): RowSource {
  const alias = newAlias();
  return { type, alias, from: tableAs(type.table, alias), tie: [], fixed: [] };
}

/** The rows on the other side of a relation of `row`. */
export function relatedRows(
  { index, newAlias }: Pick<CompileContext, 'index' | 'newAlias'>,
  field: ToOneField | ToManyField,
  row: AliasedRow,
): RowSource {
  const link = index.link(row.type, field);
  const type = link.target;
  const alias = newAlias();
  const table = tableAs(type.table, alias);
  switch (link.kind) {
    case 'OWNING_SIDE':
      return {
        type,
        alias,
        from: table,
        tie: link.columns.map(
          ({ own, other }) => sql`${columnOf(alias, other)} = ${columnOf(row.alias, own)}`,
        ),
        fixed: [],
      };
    case 'INVERSE_SIDE':
      return {
        type,
        alias,
        from: table,
        tie: link.columns.map(
          ({ own, other }) => sql`${columnOf(alias, other)} = ${columnOf(row.alias, own)}`,
        ),
        fixed: link.columns.map(({ other }) => other),
      };
    case 'MANY_TO_MANY': {
      const pair = newAlias();
      const pairs = tableAs(link.table, pair);
      return {
        type,
        alias,
        from: sql`${pairs} JOIN ${table} ON ${allOf(
          link.toTarget.map(
            ({ own, other }) => sql`${columnOf(alias, other)} = ${columnOf(pair, own)}`,
          ),
        )}`,
        tie: link.toRow.map(
          ({ own, other }) => sql`${columnOf(pair, own)} = ${columnOf(row.alias, other)}`,
        ),
        fixed: [],
      };
    }
    default:
      return assertNever(link);
  }
}

function tableAs(table: string, alias: Sql): Sql {
  return sql`${projectTable(table)} AS ${alias}`;
}

/** `a AND b`. TRUE if there are no conditions. */
export function allOf(conditions: Conditions): Sql {
  return conditions.length === 0 ? sql`TRUE` : join(conditions, sql` AND `);
}

/** `((a AND b) OR c)`. FALSE if there are no alternatives. */
export function anyOf(alternatives: readonly Conditions[]): Sql {
  const [only] = alternatives;
  if (only === undefined) return sql`FALSE`;
  if (alternatives.length === 1) return grouped(only);
  return sql`(${join(alternatives.map(grouped), sql` OR `)})`;
}

/** ` WHERE a AND b`. Empty if there are no conditions. */
export function whereClause(conditions: Conditions): Sql {
  return conditions.length === 0 ? sql`` : sql` WHERE ${allOf(conditions)}`;
}

/** Combines conditions with AND, in parentheses if there are several. */
function grouped(conditions: Conditions): Sql {
  const all = allOf(conditions);
  return conditions.length > 1 ? sql`(${all})` : all;
}
