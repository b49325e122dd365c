import { assertNever } from '../../platform/assert-never.ts';
import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { join, projectTable, sql, type Sql } from '../sql/sql.ts';
import { columnOf, type Column } from './column.ts';
import type { CompileContext } from './selection.ts';
import type { AliasedRow, Conditions, ParentRow } from './visibility.ts';

/** Rows of one type and the FROM clause that reads them. */
export interface RowSource extends AliasedRow {
  /** `"p"."issue" AS "t1"` */
  readonly from: Sql;
  /**
   * The conditions of the source: that the rows are related to another row, and that the caller sees them. Every
   * statement that reads `from` must contain them. Empty if there are none.
   */
  readonly scope: Conditions;
  /** Columns that have the same value in all rows because of `scope`. */
  readonly fixed: readonly string[];
  /** Whether the caller sees all rows that `scope` would otherwise contain. */
  readonly hidesNone: boolean;
}

type SourceContext = Pick<CompileContext, 'index' | 'newAlias' | 'visibility'>;

/** The rows of a type that the caller sees. */
export function tableRows(context: SourceContext, type: ModelType): RowSource {
  return visibleRows(context, { type, alias: context.newAlias() });
}

/**
 * Reads rows again that a statement already reads under the same alias, in a scope of their own. They can have another
 * parent, to which conditions must not refer.
 */
export function visibleRows({ visibility }: SourceContext, { type, alias }: AliasedRow): RowSource {
  const visible = visibility.ofRow({ type, alias });
  return {
    type,
    alias,
    from: tableAs(type.table, alias),
    scope: visible,
    fixed: [],
    hidesNone: visible.length === 0,
  };
}

/** The rows on the other side of a relation of `row` that the caller sees. */
export function relatedRows(
  context: SourceContext,
  field: ToOneField | ToManyField,
  row: AliasedRow,
): RowSource {
  const { type, alias, from, links, fixed, parent } = linkedRows(context, field, row);
  const visible = context.visibility.ofRow({ type, alias, parent });
  const guard = context.visibility.ofField(row, field.name);
  const tie = links.map(({ own, other }) => sql`${other} = ${own}`);
  return {
    type,
    alias,
    from,
    scope: [...tie, ...(guard === null ? [] : [guard]), ...visible],
    fixed,
    hidesNone: visible.length === 0 && guard === null,
  };
}

/** Rows that can be related to a row, and the columns that have the same value in related rows. */
interface LinkedRows extends Pick<RowSource, 'type' | 'alias' | 'from' | 'fixed'> {
  readonly links: readonly { readonly own: Sql; readonly other: Sql }[];
  /** The row, if the foreign key of related rows refers to it. */
  readonly parent: ParentRow | null;
}

/** All rows that can be on the other side of a relation of `row`, regardless of what the caller sees. */
export function linkedRows(
  context: Pick<SourceContext, 'index' | 'newAlias'>,
  field: ToOneField | ToManyField,
  row: AliasedRow,
): LinkedRows {
  const link = context.index.link(row.type, field);
  const type = link.target;
  const alias = context.newAlias();
  const from = tableAs(type.table, alias);
  switch (link.kind) {
    case 'OWNING_SIDE':
    case 'INVERSE_SIDE': {
      const isInverse = link.kind === 'INVERSE_SIDE';
      return {
        type,
        alias,
        from,
        links: link.columns.map(({ own, other }) => ({
          own: columnOf(row.alias, own),
          other: columnOf(alias, other),
        })),
        fixed: isInverse ? link.columns.map(({ other }) => other) : [],
        parent: isInverse
          ? { relation: field.relation, row: { type: row.type, alias: row.alias } }
          : null,
      };
    }
    case 'MANY_TO_MANY': {
      const pair = context.newAlias();
      const pairs = tableAs(link.table, pair);
      return {
        type,
        alias,
        from: sql`${pairs} JOIN ${from} ON ${allOf(
          link.toTarget.map(
            ({ own, other }) => sql`${columnOf(alias, other)} = ${columnOf(pair, own)}`,
          ),
        )}`,
        links: link.toRow.map(({ own, other }) => ({
          own: columnOf(row.alias, other),
          other: columnOf(pair, own),
        })),
        fixed: [],
        parent: null,
      };
    }
    default:
      return assertNever(link);
  }
}

/**
 * The value of a column as the caller sees it. All values that a caller can select, compare, sort by or aggregate are
 * this expression.
 */
export function visibleValue(
  context: Pick<CompileContext, 'index' | 'visibility'>,
  row: AliasedRow,
  column: Pick<Column, 'name'>,
): Sql {
  const value = columnOf(row.alias, column.name);
  const guard = guardOf(context, row, column);
  return guard === null ? value : sql`CASE WHEN ${guard} THEN ${value} END`;
}

/** The condition under which the caller sees the value of a column. Null if it sees it wherever it sees the row. */
export function guardOf(
  { index, visibility }: Pick<CompileContext, 'index' | 'visibility'>,
  row: AliasedRow,
  { name }: Pick<Column, 'name'>,
): Sql | null {
  return visibility.ofField(row, index.fieldOfColumn(row.type, name));
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
