import type { JsonValue } from '../../sdl/model.ts';
import { commaList, literal, sql, type Sql } from '../../sql/sql.ts';
import { typeName, type ColumnType } from './column-type.ts';
import type { Column } from './table.ts';

/** `'BACKLOG'::text`, `ARRAY['a'::text]::text[]`, `now()`; null for a column without default. */
export function defaultExpression(column: Pick<Column, 'default' | 'type' | 'list'>): Sql | null {
  const { default: value, type, list } = column;
  if (value === null) return null;
  if (value.kind === 'NOW') return sql`now()`;
  if (list && Array.isArray(value.value)) {
    // A JSON value that is an array; `isArray` forgets what its items are.
    const items = (value.value as readonly JsonValue[]).map((item) => valueExpression(item, type));
    return sql`ARRAY[${commaList(items)}]::${typeName(column)}`;
  }
  return valueExpression(value.value, type);
}

function valueExpression(value: JsonValue, type: ColumnType): Sql {
  const cast = typeName({ type, list: false });
  if (type === 'jsonb') return sql`${literal(JSON.stringify(value))}::${cast}`;
  if (typeof value === 'boolean') return literal(value);
  return sql`${literal(typeof value === 'string' ? value : JSON.stringify(value))}::${cast}`;
}
