import { sql, type Sql } from '../sql/sql.ts';
import { columnOf, typedParam, type Column } from './column.ts';
import type { Conditions } from './conditions.ts';
import { operationErrors } from '../errors.ts';
import type { InputPath } from './input-budget.ts';
import type { LeafReader } from './input-tree.ts';
import { pgList, pgScalar } from './pg-value.ts';
import type { Parameter } from './statement.ts';

/** One operator with its operand, on one column of the row `alias`. */
export interface Comparison {
  readonly alias: Sql;
  readonly column: Column;
  readonly operand: LeafReader;
  readonly path: InputPath;
  /** `mode: INSENSITIVE` stands beside it. */
  readonly insensitive: boolean;
}

/**
 * What an operator means. A null column makes it null or false, never true: so every condition is true or
 * not, and `not` is `IS NOT TRUE`.
 */
export function compileOperator(operator: string, comparison: Comparison): Conditions {
  const { alias, column, insensitive } = comparison;
  const left = columnOf(alias, column.name);
  switch (operator) {
    case 'eq':
      return [
        insensitive ? equalIgnoringCase(left, comparison) : sql`${left} = ${own(comparison)}`,
      ];
    case 'neq':
      return [
        insensitive
          ? sql`lower(${left}) <> lower(${own(comparison)})`
          : sql`${left} <> ${own(comparison)}`,
      ];
    case 'in':
      return [anyOfList(left, comparison)];
    case 'notIn':
      // Nothing differs from nothing: `<> ALL('{}')` is true for null too.
      return [
        ...(column.required ? [] : [sql`${left} IS NOT NULL`]),
        insensitive
          ? sql`lower(${left}) <> ALL (${lowerList(comparison)})`
          : sql`${left} <> ALL (${list(comparison)})`,
      ];
    case 'lt':
      return [sql`${left} < ${own(comparison)}`];
    case 'lte':
      return [sql`${left} <= ${own(comparison)}`];
    case 'gt':
      return [sql`${left} > ${own(comparison)}`];
    case 'gte':
      return [sql`${left} >= ${own(comparison)}`];
    case 'contains':
      return [
        column.type.name === 'JSON'
          ? sql`${left} @> ${own(comparison)}`
          : like(left, comparison, (text) => `%${text}%`),
      ];
    case 'startsWith':
      return [like(left, comparison, (text) => `${text}%`)];
    case 'endsWith':
      return [like(left, comparison, (text) => `%${text}`)];
    case 'like':
      return [matches(left, insensitive, pattern(comparison))];
    case 'ilike':
      return [matches(left, true, pattern(comparison))];
    case 'hasKey':
      return [
        sql`jsonb_typeof(${left}) = 'object'`,
        sql`${left} ? ${typedParam(text, scalar(comparison, text))}`,
      ];
    case 'has':
      return [sql`${typedParam(item(column), scalar(comparison, column))} = ANY (${left})`];
    case 'hasSome':
      return [sql`${left} && ${list(comparison)}`];
    case 'hasEvery':
      return [sql`${left} @> ${list(comparison)}`];
    default:
      throw new Error(`There is no operator ${operator}.`);
  }
}

const text: Pick<Column, 'type' | 'list'> = {
  type: { kind: 'SCALAR', name: 'String' },
  list: false,
};

function item({ type }: Column): Pick<Column, 'type' | 'list'> {
  return { type, list: false };
}

function scalar({ operand, path }: Comparison, { type }: Pick<Column, 'type'>): Parameter {
  return (variables) => pgScalar(type, operand(variables), path);
}

/** A value of the column's own type. */
function own(comparison: Comparison): Sql {
  const { column } = comparison;
  return column.list ? list(comparison) : typedParam(column, scalar(comparison, column));
}

/** A list of what the column holds, or holds a list of. */
function list({ column: { type }, operand, path }: Comparison): Sql {
  const parameter: Parameter = (variables) => pgList(type, operand(variables), path);
  return typedParam({ type, list: true }, parameter);
}

function equalIgnoringCase(left: Sql, comparison: Comparison): Sql {
  return sql`lower(${left}) = lower(${own(comparison)})`;
}

function anyOfList(left: Sql, comparison: Comparison): Sql {
  return comparison.insensitive
    ? sql`lower(${left}) = ANY (${lowerList(comparison)})`
    : sql`${left} = ANY (${list(comparison)})`;
}

/** PostgreSQL's own `lower`, so that both sides are folded alike. */
function lowerList(comparison: Comparison): Sql {
  return sql`ARRAY(SELECT lower(v) FROM unnest(${list(comparison)}) AS v)`;
}

function like(left: Sql, comparison: Comparison, around: (text: string) => string): Sql {
  const { operand, path, insensitive, column } = comparison;
  return matches(left, insensitive, (variables) =>
    around(pgScalar(column.type, operand(variables), path).replace(/[\\%_]/g, '\\$&')),
  );
}

function matches(left: Sql, insensitive: boolean, parameter: Parameter): Sql {
  const right = typedParam(text, parameter);
  return insensitive ? sql`${left} ILIKE ${right}` : sql`${left} LIKE ${right}`;
}

/** PostgreSQL refuses a pattern whose last backslash escapes nothing. */
function pattern({ operand, path, column }: Comparison): Parameter {
  return (variables) => {
    const value = pgScalar(column.type, operand(variables), path);
    const backslashes = /\\*$/.exec(value)?.[0].length ?? 0;
    if (backslashes % 2 === 1) {
      throw operationErrors.danglingEscape(path);
    }
    return value;
  };
}
