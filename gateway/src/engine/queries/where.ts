import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { columnOf, keyColumn, valueColumn, type Column } from './column.ts';
import { allOf, anyOf, whereClause, type Conditions } from './conditions.ts';
import type { CompileContext } from './context.ts';
import type { InputPath } from './input-budget.ts';
import { fieldsOf, itemsOf, leafOf, type InputTree, type LeafReader } from './input-tree.ts';
import { linkedRows } from './link.ts';
import { compileOperator } from './operators.ts';

/** A filter, and the row that it is about. */
export interface FilterPlace {
  readonly type: ModelType;
  readonly alias: Sql;
  readonly path: InputPath;
}

/**
 * `{ title: { eq: … }, board: { … } }` → `"t1"."title" = $1`, `EXISTS (…)`; none for a filter that is
 * absent as a whole. Null is no operand, nor is a variable without a value: neither may widen a filter.
 * @throws OperationError
 */
export function compileWhere(
  context: CompileContext,
  tree: InputTree,
  place: FilterPlace,
): Conditions {
  return tree.kind === 'ABSENT' ? [] : compileFilter(context, tree, place);
}

function compileFilter(
  context: CompileContext,
  tree: InputTree,
  { type, alias, path }: FilterPlace,
): Conditions {
  return fieldsOf(tree, path).flatMap(([name, inner]) => {
    const at = [...path, name];
    const same = (each: InputTree, index: number): Conditions =>
      compileFilter(context, each, { type, alias, path: [...at, index] });
    switch (name) {
      case 'and':
        return itemsOf(inner, at).flatMap(same);
      case 'or':
        return [anyOf(itemsOf(inner, at).map(same))];
      case 'not':
        return [complement(compileFilter(context, inner, { type, alias, path: at }))];
      default:
        return compileField(context, { name, tree: inner }, { type, alias, path: at });
    }
  });
}

/** Of conditions that are true or not, null being not. */
function complement(conditions: Conditions): Sql {
  return sql`(${allOf(conditions)}) IS NOT TRUE`;
}

interface NamedTree {
  readonly name: string;
  readonly tree: InputTree;
}

function compileField(
  context: CompileContext,
  { name, tree }: NamedTree,
  place: FilterPlace,
): Conditions {
  const { index } = context;
  const field = index.field(place.type, name);
  switch (field?.kind) {
    case 'VALUE':
      return compileValue(context, tree, valueColumn(field), place);
    case 'TO_ONE':
      return [sql`EXISTS (${relatedRows(context, field, tree, place)})`];
    case 'TO_MANY':
      return fieldsOf(tree, place.path).map(([quantifier, inner]) =>
        compileQuantifier(context, field, { name: quantifier, tree: inner }, place),
      );
    case undefined: {
      const owning = index.keyOf(place.type, name);
      if (owning === null) throw new Error(`${place.type.name} has no field ${name}.`);
      return compileValue(context, tree, keyColumn(owning), place);
    }
  }
}

function compileQuantifier(
  context: CompileContext,
  field: ToManyField,
  { name, tree }: NamedTree,
  place: FilterPlace,
): Sql {
  const at = { ...place, path: [...place.path, name] };
  switch (name) {
    case 'some':
      return sql`EXISTS (${relatedRows(context, field, tree, at)})`;
    case 'none':
      return sql`NOT EXISTS (${relatedRows(context, field, tree, at)})`;
    case 'every':
      return sql`NOT EXISTS (${relatedRows(context, field, tree, at, (conditions) => [complement(conditions)])})`;
    default:
      throw new Error(`There is no quantifier ${name}.`);
  }
}

/** `SELECT FROM … WHERE …`: the rows of a relation that meet what `wrap` makes of a filter. */
function relatedRows(
  context: CompileContext,
  field: ToOneField | ToManyField,
  tree: InputTree,
  { type, alias, path }: FilterPlace,
  wrap: (conditions: Conditions) => Conditions = (conditions) => conditions,
): Sql {
  context.budget.spendRelation(path);
  const { index, newAlias } = context;
  const link = index.link(type, field);
  const inner = newAlias();
  const { from, tie } = linkedRows(index, {
    link,
    parent: alias,
    parentId: index.idOf(type).column,
    alias: inner,
    newAlias,
  });
  const filter = compileFilter(context, tree, { type: link.target, alias: inner, path });
  return sql`SELECT FROM ${from}${whereClause([...tie, ...wrap(filter)])}`;
}

function compileValue(
  { variables }: CompileContext,
  tree: InputTree,
  column: Column,
  { alias, path }: FilterPlace,
): Conditions {
  const operators = fieldsOf(tree, path).map(([name, inner]) => {
    const at = [...path, name];
    return { name, path: at, operand: leafOf(inner, at) };
  });
  // These few are in the shape: they decide the SQL.
  const structural = ({ operand }: { readonly operand: LeafReader }) => operand(variables);
  const mode = operators.find(({ name }) => name === 'mode');
  const insensitive = mode !== undefined && structural(mode) === 'INSENSITIVE';
  const left = columnOf(alias, column.name);
  return operators.flatMap((operator): Conditions => {
    switch (operator.name) {
      case 'mode':
        return [];
      case 'isNull':
        return [structural(operator) === true ? sql`${left} IS NULL` : sql`${left} IS NOT NULL`];
      case 'isEmpty':
        return [
          structural(operator) === true
            ? sql`cardinality(${left}) = 0`
            : sql`cardinality(${left}) > 0`,
        ];
      default:
        return compileOperator(operator.name, { ...operator, alias, column, insensitive });
    }
  });
}
