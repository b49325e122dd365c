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
  jsonb: sql`jsonb`,
};

/** An enum is a text with a CHECK: adding a value needs no lock on other tables, and removing one works. */
export function columnTypeOf(type: ValueType): ColumnType {
  return type.kind === 'ENUM' ? 'text' : scalars[type.name].columnType;
}

/** `text`, `text[]` */
export function typeName({
  type,
  list,
}: {
  readonly type: ColumnType;
  readonly list: boolean;
}): Sql {
  return list ? sql`${typeNames[type]}[]` : typeNames[type];
}

/** A uuid column is called UUID, not ID: the last of the scalars with the same column type. */
const scalarNames = new Map(
  Object.entries(scalars).map(([name, { columnType }]) => [columnType, name]),
);

/** `timestamp with time zone` → `DateTime` */
export function scalarOfColumn(type: ColumnType): string {
  return scalarNames.get(type) ?? type;
}
