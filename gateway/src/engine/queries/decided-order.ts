import type { ModelIndex } from '../api/model-index.ts';
import type { ModelType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';
import { keyColumn, valueColumn } from './column.ts';
import type { InputTree } from './input-tree.ts';
import type { OrderKey } from './order.ts';

/**
 * The first of the keys that leave no two rows equal, given that the columns `fixed` are the same in all
 * rows: an issue's number alone where all are of one board. Without the id behind it, an index on the
 * unique key gives the order.
 */
export function decidingKeys(
  type: ModelType,
  row: Sql,
  keys: readonly OrderKey[],
  fixed: readonly string[],
): readonly OrderKey[] {
  const known = new Set(fixed);
  const uniques = type.uniques.map(({ columns }) => columns);
  for (const [index, { alias, column, nullable }] of keys.entries()) {
    // Of nulls, a unique key may have many.
    if (alias !== row || nullable) continue;
    known.add(column.name);
    const isDecided = uniques.some(
      (columns) => columns.includes(column.name) && columns.every((each) => known.has(each)),
    );
    if (isDecided) return keys.slice(0, index + 1);
  }
  return keys;
}

/** Columns that a filter holds to one value: `{ boardId: { eq: … } }`. */
export function fixedColumns(
  index: ModelIndex,
  type: ModelType,
  where: InputTree,
): readonly string[] {
  if (where.kind !== 'OBJECT') return [];
  return where.fields.flatMap(([name, filter]) => {
    const operators = filter.kind === 'OBJECT' ? filter.fields.map(([operator]) => operator) : [];
    if (!operators.includes('eq') || operators.includes('mode')) return [];
    const field = index.field(type, name);
    if (field?.kind === 'VALUE') return [valueColumn(field).name];
    const relation = index.keyOf(type, name);
    return relation === null ? [] : [keyColumn(relation).name];
  });
}
