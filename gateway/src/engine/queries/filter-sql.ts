import { assertNever } from '../../platform/assert-never.ts';
import {
  isStructuralOperator,
  type FilterOperator,
  type ValueOperator,
} from '../api/filter-operators.ts';
import { operationErrors, type ErrorPath } from '../errors.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { pgList, pgScalar, typedParam, type Column, type ParameterType } from './column.ts';
import type { Operand } from './input.ts';
import type { Parameter, Variables } from './plan.ts';

/** An operator with its operand, such as `eq: …`, in the filter on a column. */
export interface FilterEntry {
  readonly operator: FilterOperator;
  readonly operand: Operand;
  readonly path: ErrorPath;
}

/** A column to compare, and its value without regard to whether the caller sees it. */
interface FilteredColumn {
  readonly column: Column;
  readonly value: Sql;
  /** The condition under which the caller sees the value. If it does not hold, the value counts as null. */
  readonly guard: Sql | null;
}

/** A comparison of a column (left) with an operand (right). */
interface Comparison {
  readonly column: Column;
  readonly left: Sql;
  readonly operand: Operand;
  readonly path: ErrorPath;
  /** Whether the filter has `mode: INSENSITIVE`. */
  readonly insensitive: boolean;
}

/**
 * Compiles the filter on one column, such as `{ eq: …, mode: INSENSITIVE }`, to a condition for each operator. The
 * operands of structural operators are read here because they determine the SQL. They are part of the plan key.
 */
export function compileOperators(
  variables: Variables,
  { column, value: left, guard }: FilteredColumn,
  entries: readonly FilterEntry[],
): readonly Sql[] {
  const flag = (operand: Operand): unknown =>
    operand.kind === 'LEAF' ? operand.read(variables) : misplaced();
  const mode = entries.find(({ operator }) => operator === 'mode');
  const insensitive = mode !== undefined && flag(mode.operand) === 'INSENSITIVE';
  const isPresent = sql`${left} IS NOT NULL`;
  const visible = (conditions: readonly Sql[]) =>
    guard === null ? conditions : [guard, ...conditions];
  return entries.flatMap(({ operator, operand, path }): readonly Sql[] => {
    if (!isStructuralOperator(operator)) {
      return visible(valueOperators[operator]({ column, left, operand, path, insensitive }));
    }
    switch (operator) {
      case 'mode':
        return [];
      case 'isNull':
        if (flag(operand) !== true) return visible([isPresent]);
        return [
          guard === null ? sql`${left} IS NULL` : sql`(${guard} AND ${isPresent}) IS NOT TRUE`,
        ];
      case 'isEmpty':
        return visible([
          flag(operand) === true ? sql`cardinality(${left}) = 0` : sql`cardinality(${left}) > 0`,
        ]);
      default:
        return assertNever(operator);
    }
  });
}

/**
 * The SQL of each operator. If the column is null, every condition is null or false, never true. `not` relies on this:
 * it compiles to `IS NOT TRUE`.
 */
const valueOperators: Readonly<Record<ValueOperator, (comparison: Comparison) => readonly Sql[]>> =
  {
    eq: (c) => [
      c.insensitive ? sql`lower(${c.left}) = lower(${own(c)})` : sql`${c.left} = ${own(c)}`,
    ],
    neq: (c) => [
      c.insensitive ? sql`lower(${c.left}) <> lower(${own(c)})` : sql`${c.left} <> ${own(c)}`,
    ],
    in: (c) => [
      c.insensitive
        ? sql`lower(${c.left}) = ANY (${lowerList(c)})`
        : sql`${c.left} = ANY (${list(c)})`,
    ],
    notIn: (c) => [
      // If the list is empty, `<> ALL` is true even for null.
      ...(c.column.required ? [] : [sql`${c.left} IS NOT NULL`]),
      c.insensitive
        ? sql`lower(${c.left}) <> ALL (${lowerList(c)})`
        : sql`${c.left} <> ALL (${list(c)})`,
    ],
    lt: (c) => [sql`${c.left} < ${own(c)}`],
    lte: (c) => [sql`${c.left} <= ${own(c)}`],
    gt: (c) => [sql`${c.left} > ${own(c)}`],
    gte: (c) => [sql`${c.left} >= ${own(c)}`],
    contains: (c) => [
      c.column.type.name === 'JSON'
        ? sql`${c.left} @> ${own(c)}`
        : literalMatch(c, (text) => `%${text}%`),
    ],
    startsWith: (c) => [literalMatch(c, (text) => `${text}%`)],
    endsWith: (c) => [literalMatch(c, (text) => `%${text}`)],
    like: (c) => [match(c.left, c.insensitive, pattern(c))],
    ilike: (c) => [match(c.left, true, pattern(c))],
    hasKey: (c) => [
      sql`jsonb_typeof(${c.left}) = 'object'`,
      sql`${c.left} ? ${scalar(c, textType)}`,
    ],
    has: (c) => {
      const item: ParameterType = { type: c.column.type, list: false };
      return [sql`${scalar(c, item)} = ANY (${c.left})`];
    },
    hasSome: (c) => [sql`${c.left} && ${list(c)}`],
    hasEvery: (c) => [sql`${c.left} @> ${list(c)}`],
  };

const textType: ParameterType = { type: { kind: 'SCALAR', name: 'String' }, list: false };

/** The filter of a rule does not fit the model. `readSdl` rejects such rules. */
function misplaced(): never {
  throw new Error('An expression cannot be the operand of this filter operator.');
}

/** The value of an operand of an operator that takes no expressions. */
function valueOf({ operand }: Comparison, variables: Variables): unknown {
  return operand.kind === 'LEAF' ? operand.read(variables) : misplaced();
}

/** A single operand of this type. */
function scalar({ operand, path }: Comparison, type: ParameterType): Sql {
  if (operand.kind === 'EXPRESSION') return operand.sqlAs(type);
  const { read } = operand;
  return typedParam(type, (variables) => pgScalar(type.type, read(variables), path));
}

/** An operand that has the type of the column. */
function own(comparison: Comparison): Sql {
  const { column } = comparison;
  return column.list ? list(comparison) : scalar(comparison, column);
}

/** An operand that is a list of values. Each value has the column's type or, for a list column, its item type. */
function list({ column: { type }, operand, path }: Comparison): Sql {
  if (operand.kind === 'EXPRESSION') return operand.sqlAs({ type, list: true });
  const { read } = operand;
  return typedParam({ type, list: true }, (variables) => pgList(type, read(variables), path));
}

/** A list operand in lowercase. PostgreSQL's `lower` is used, so that both sides are converted in the same way. */
function lowerList(comparison: Comparison): Sql {
  return sql`ARRAY(SELECT lower(v) FROM unnest(${list(comparison)}) AS v)`;
}

/** A condition that matches the operand literally: `%`, `_` and `\` in it are escaped. */
function literalMatch(comparison: Comparison, around: (text: string) => string): Sql {
  const { left, path, insensitive, column } = comparison;
  return match(left, insensitive, (variables) =>
    around(pgScalar(column.type, valueOf(comparison, variables), path).replace(/[\\%_]/g, '\\$&')),
  );
}

function match(left: Sql, insensitive: boolean, parameter: Parameter): Sql {
  const right = typedParam(textType, parameter);
  return insensitive ? sql`${left} ILIKE ${right}` : sql`${left} LIKE ${right}`;
}

/**
 * The parameter for a LIKE pattern. It rejects a pattern that ends in an unescaped backslash, which is an error in
 * PostgreSQL (SQLSTATE 22025).
 */
function pattern(comparison: Comparison): Parameter {
  const { path, column } = comparison;
  return (variables) => {
    const value = pgScalar(column.type, valueOf(comparison, variables), path);
    const backslashes = /\\*$/.exec(value)?.[0].length ?? 0;
    if (backslashes % 2 === 1) {
      throw operationErrors.danglingEscape(path);
    }
    return value;
  };
}
