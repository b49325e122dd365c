import type { ValueType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';
import type { Parameter } from './plan.ts';

// Conditions such as `"t1"."board_id" = $1` are also known as data, so that a live query does not run again because of
// a row with another value. SQL that is not created by a function of this file, such as a condition under OR or NOT,
// has no data: it is only a reason to run the query again more often than necessary.

/** A column of the row with this alias. */
export interface ColumnOfRow {
  readonly alias: Sql;
  readonly column: string;
}

/** A parameter of the statement, or a parameter that is a list of values. */
export interface TypedParameter {
  readonly parameter: Parameter;
  readonly type: { readonly type: ValueType; readonly list: boolean };
}

/** A condition that is true only in rows in which the column equals the other side. */
export interface Equality {
  readonly column: ColumnOfRow;
  readonly to:
    | { readonly kind: 'COLUMN'; readonly column: ColumnOfRow }
    /** One of the values, if the parameter is a list. */
    | { readonly kind: 'PARAMETER'; readonly parameter: TypedParameter };
}

const columns = new WeakMap<Sql, ColumnOfRow>();
const parameters = new WeakMap<Sql, TypedParameter>();
const equalities = new WeakMap<Sql, Equality>();
const implied = new WeakMap<Sql, readonly Equality[]>();

/** Notes that an expression is the value of a column, which is not guarded. */
export function asColumn(expression: Sql, column: ColumnOfRow): Sql {
  columns.set(expression, column);
  return expression;
}

/** Notes that an expression is the value of a parameter or, in some requests, null. */
export function asParameter(expression: Sql, parameter: TypedParameter): Sql {
  parameters.set(expression, parameter);
  return expression;
}

/** Notes that a condition is `left = right` or, if `right` is a list of values, `left = ANY (right)`. */
export function asEquality(
  condition: Sql,
  { left, right, operator }: { left: Sql; right: Sql; operator: '=' | 'ANY' },
): Sql {
  const column = columns.get(left);
  const parameter = parameters.get(right);
  const other = columns.get(right);
  if (column === undefined) return condition;
  if (parameter !== undefined && parameter.type.list === (operator === 'ANY')) {
    equalities.set(condition, { column, to: { kind: 'PARAMETER', parameter } });
  } else if (other !== undefined && operator === '=') {
    equalities.set(condition, { column, to: { kind: 'COLUMN', column: other } });
  }
  return condition;
}

/** Notes that a condition is true only if there are rows for which all of the other conditions are true. */
export function asExistence(condition: Sql, others: readonly Sql[]): Sql {
  implied.set(condition, others.flatMap(equalitiesIn));
  return condition;
}

/** The equalities that are true where a condition is, also with columns of rows that it says exist. */
export function equalitiesIn(condition: Sql): readonly Equality[] {
  const own = equalities.get(condition);
  return own === undefined ? (implied.get(condition) ?? []) : [own];
}

/** The equality that a condition is. Null if it is another condition. */
export function equalityIn(condition: Sql): Equality | null {
  return equalities.get(condition) ?? null;
}
