import { assertNever } from '../../platform/assert-never.ts';
import { isFilterOperator, isQuantifier } from '../api/filter-operators.ts';
import type { ErrorPath } from '../errors.ts';
import type { ToManyField, ToOneField } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { columnNamed, columnOf, pgScalar, tableColumn, typedParam, type Column } from './column.ts';
import { compileOperators, type FilterEntry } from './filter-sql.ts';
import { fieldsOf, itemsOf, leafOf, operandOf, type InputTree } from './input.ts';
import type { FilterContext } from './selection.ts';
import { allOf, anyOf, guardOf, relatedRows, whereClause } from './source.ts';
import type { AliasedRow, Conditions, ReadRow } from './visibility.ts';

/** The row that a filter applies to, and the filter's path in the arguments. */
export interface FilteredRow extends ReadRow {
  readonly path: ErrorPath;
}

/**
 * Compiles `{ title: { eq: … }, board: { … } }` to the conditions `"t1"."title" = $1` and `EXISTS (…)`. An absent
 * filter has no conditions. Null and variables without a value are errors within a filter, because ignoring them would
 * make the filter match more rows than intended.
 * @throws OperationError if the filter is invalid
 */
export function compileWhere(
  context: FilterContext,
  tree: InputTree,
  row: FilteredRow,
): Conditions {
  return tree.kind === 'ABSENT' ? [] : compileFilter(context, tree, row);
}

function compileFilter(context: FilterContext, tree: InputTree, row: FilteredRow): Conditions {
  return fieldsOf(tree, row.path).flatMap(([name, inner]) => {
    const at: FilteredRow = { ...row, path: [...row.path, name] };
    const item = (each: InputTree, index: number): Conditions =>
      compileFilter(context, each, { ...row, path: [...at.path, index] });
    if (inner.kind === 'CONDITION') return inner.on(row);
    switch (name) {
      case 'and':
        return itemsOf(inner, at.path).flatMap(item);
      case 'or':
        return [anyOf(itemsOf(inner, at.path).map(item))];
      case 'not':
        return [complement(compileFilter(context, inner, at))];
      default:
        return compileField(context, { name, tree: inner }, at);
    }
  });
}

/** A condition that is true if the given conditions are false or null. */
function complement(conditions: Conditions): Sql {
  return sql`(${allOf(conditions)}) IS NOT TRUE`;
}

interface NamedTree {
  readonly name: string;
  readonly tree: InputTree;
}

function compileField(
  context: FilterContext,
  { name, tree }: NamedTree,
  row: FilteredRow,
): Conditions {
  const { index } = context;
  const field = index.field(row.type, name);
  if (field === null) {
    const column = columnNamed(index, row.type, name);
    if (column === null) throw new Error(`${row.type.name} has no field ${name}.`);
    return compileValue(context, tree, column, row);
  }
  switch (field.kind) {
    case 'VALUE':
      return compileValue(context, tree, tableColumn(field), row);
    case 'TO_ONE':
      return [sql`EXISTS (${matchingRows(context, field, row, matching(context, tree))})`];
    case 'TO_MANY':
      return fieldsOf(tree, row.path).map(([quantifier, inner]) =>
        compileQuantifier(context, field, { name: quantifier, tree: inner }, row),
      );
    default:
      return assertNever(field);
  }
}

function compileValue(
  context: FilterContext,
  tree: InputTree,
  column: Column,
  { path, ...row }: FilteredRow,
): Conditions {
  const entries = fieldsOf(tree, path).map(([operator, inner]): FilterEntry => {
    if (!isFilterOperator(operator)) throw new Error(`There is no operator ${operator}.`);
    const at = [...path, operator];
    return { operator, operand: operandOf(inner, at), path: at };
  });
  const value = columnOf(row.alias, column.name);
  const guard = guardOf(context, row, column);
  return compileOperators(context.variables, { column, value, guard }, entries);
}

function compileQuantifier(
  context: FilterContext,
  field: ToManyField,
  { name, tree }: NamedTree,
  row: FilteredRow,
): Sql {
  if (!isQuantifier(name)) throw new Error(`There is no quantifier ${name}.`);
  const at: FilteredRow = { ...row, path: [...row.path, name] };
  const filter = matching(context, tree);
  switch (name) {
    case 'some':
      return sql`EXISTS (${matchingRows(context, field, at, filter)})`;
    case 'none':
      return sql`NOT EXISTS (${matchingRows(context, field, at, filter)})`;
    case 'every':
      return sql`NOT EXISTS (${matchingRows(context, field, at, (inner) => [complement(filter(inner))])})`;
    default:
      return assertNever(name);
  }
}

type ConditionsOn = (row: FilteredRow) => Conditions;

function matching(context: FilterContext, tree: InputTree): ConditionsOn {
  return (row) => compileFilter(context, tree, row);
}

/** `SELECT FROM … WHERE …` for the rows of a relation that match `conditions`. */
function matchingRows(
  context: FilterContext,
  field: ToOneField | ToManyField,
  row: FilteredRow,
  conditions: ConditionsOn,
): Sql {
  context.budget.spendRelation(row.path);
  const { type, alias, from, scope } = relatedRows(context, field, row);
  return sql`SELECT FROM ${from}${whereClause([...scope, ...conditions({ type, alias, path: row.path })])}`;
}

/**
 * Compiles `{ email: … }` or `{ board_number: { boardId, number } }` to an equality for each column of the unique key.
 * @throws OperationError if the filter is invalid
 */
export function compileUniqueWhere(
  context: FilterContext,
  tree: InputTree,
  { type, alias, path }: FilteredRow,
): Conditions {
  // The type is a oneOf input object, so validation ensures that it has exactly one field.
  const [[name, inner] = []] = fieldsOf(tree, path);
  if (name === undefined || inner === undefined) throw new Error('A unique key is missing.');
  const at = [...path, name];
  const equality = (field: string, leaf: InputTree, leafPath: ErrorPath): Conditions => {
    const column = columnNamed(context.index, type, field);
    if (column === null) throw new Error(`${type.name} has no field ${field}.`);
    const read = leafOf(leaf, leafPath);
    const value = typedParam(column, (variables) =>
      pgScalar(column.type, read(variables), leafPath),
    );
    const guard = guardOf(context, { type, alias }, column);
    const equal = sql`${columnOf(alias, column.name)} = ${value}`;
    return guard === null ? [equal] : [guard, equal];
  };
  const key = [type.key, ...type.uniques].find((each) => each.name === name);
  if (key === undefined || key.columns.length === 1) return equality(name, inner, at);
  return fieldsOf(inner, at).flatMap(([field, leaf]) => equality(field, leaf, [...at, field]));
}

/** The columns that a filter fixes to one value, as in `{ boardId: { eq: … } }`. */
export function fixedColumns(
  { index }: FilterContext,
  tree: InputTree,
  { type }: AliasedRow,
): readonly string[] {
  if (tree.kind !== 'OBJECT') return [];
  return tree.fields.flatMap(([name, filter]) => {
    const operators = filter.kind === 'OBJECT' ? filter.fields.map(([operator]) => operator) : [];
    // With `mode: INSENSITIVE`, `eq` matches several different values.
    if (!operators.includes('eq') || operators.includes('mode')) return [];
    return columnNamed(index, type, name)?.name ?? [];
  });
}
