import type { ValueType } from '../../sdl/model.ts';
import { scalars, type ColumnType } from '../../sdl/scalars.ts';
import { sql, type Sql } from '../../sql/sql.ts';

export type { ColumnType };

const typeNames: Readonly<Record<ColumnType, Sql>> = {
  uuid: sql`uuid`,
  text: sql`text`,
  integer: sql`integer`,
  bigint: sql`bigint`,
  'double precision': sql`double precision`,
  numeric: sql`numeric`,
  boolean: sql`boolean`,
  'timestamp with time zone': sql`timestamp with time zone`,
  date: sql`date`,
  'time without time zone': sql`time without time zone`,
  bytea: sql`bytea`,
  jsonb: sql`jsonb`,
};

/**
 * An enum is stored as text with a CHECK constraint, so values can be removed, and adding a value locks no other table.
 */
export function columnTypeOf(type: ValueType): ColumnType {
  return type.kind === 'ENUM' ? 'text' : scalars[type.name].columnType;
}

/** The type in SQL: `text`, `text[]`. */
export function typeName({
  type,
  list,
}: {
  readonly type: ColumnType;
  readonly list: boolean;
}): Sql {
  return list ? sql`${typeNames[type]}[]` : typeNames[type];
}

/** If several scalars have the same column type, the last one is used: UUID for uuid, not ID. */
const scalarNames = new Map(
  Object.entries(scalars).map(([name, { columnType }]) => [columnType, name]),
);

/** The scalar for a column type: `timestamp with time zone` → `DateTime`. */
export function scalarOfColumn(type: ColumnType): string {
  return scalarNames.get(type) ?? type;
}
