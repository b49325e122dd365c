import type { ModelIndex } from '../api/model-index.ts';
import type { ModelType } from '../sdl/model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import { columnOf, keyColumn, typedParam, valueColumn, type Column } from './column.ts';
import type { Conditions } from './conditions.ts';
import type { InputPath } from './input-budget.ts';
import { fieldsOf, leafOf, type InputTree } from './input-tree.ts';
import { pgScalar } from './pg-value.ts';
import type { Parameter } from './statement.ts';

/** One column of a unique key, and the value that it must have. */
export interface UniqueValue {
  readonly column: Column;
  readonly parameter: Parameter;
}

/**
 * `{ email: … }`, `{ board_number: { boardId, number } }` → each column of that key with its value.
 * @throws OperationError
 */
export function uniqueValues(
  index: ModelIndex,
  tree: InputTree,
  type: ModelType,
  path: InputPath,
): readonly UniqueValue[] {
  // A oneOf input: validation has seen to it that there is exactly one.
  const [[name, inner] = []] = fieldsOf(tree, path);
  if (name === undefined || inner === undefined) throw new Error('A unique key is missing.');
  const at = [...path, name];
  const valueOf = (field: string, leaf: InputTree, place: InputPath): UniqueValue => {
    const column = uniqueColumn(index, type, field);
    const read = leafOf(leaf, place);
    return { column, parameter: (variables) => pgScalar(column.type, read(variables), place) };
  };
  const key = type.uniques.find((each) => each.name === name);
  if (key === undefined || key.fields.length === 1) return [valueOf(name, inner, at)];
  return fieldsOf(inner, at).map(([field, leaf]) => valueOf(field, leaf, [...at, field]));
}

export function uniqueConditions(values: readonly UniqueValue[], alias: Sql): Conditions {
  return values.map(
    ({ column, parameter }) =>
      sql`${columnOf(alias, column.name)} = ${typedParam(column, parameter)}`,
  );
}

/** By the name of a field or of a relation's key. */
function uniqueColumn(index: ModelIndex, type: ModelType, name: string): Column {
  const field = index.field(type, name);
  if (field?.kind === 'VALUE') return valueColumn(field);
  const relation = index.keyOf(type, name);
  if (relation === null) throw new Error(`${type.name} has no field ${name}.`);
  return keyColumn(relation);
}
