import type { Precision, ValueType } from '../../sdl/model.ts';
import { scalars, type ColumnType } from '../../sdl/scalars.ts';
import { literal, sql, type Sql } from '../../sql/sql.ts';

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

interface ColumnShape {
  readonly type: ColumnType;
  readonly list: boolean;
  readonly decimal?: Precision | undefined;
}

/** The type in SQL: `text`, `text[]`, `numeric(12,2)`. */
export function typeName({ type, list, decimal }: ColumnShape): Sql {
  const name =
    decimal === undefined
      ? typeNames[type]
      : sql`${typeNames[type]}(${literal(decimal.precision)},${literal(decimal.scale)})`;
  return list ? sql`${name}[]` : name;
}

export function isSameType(a: ColumnShape, b: ColumnShape): boolean {
  return (
    a.type === b.type &&
    a.list === b.list &&
    a.decimal?.precision === b.decimal?.precision &&
    a.decimal?.scale === b.decimal?.scale
  );
}

/** If several scalars have the same column type, the last one is used: UUID for uuid, not ID. */
const scalarNames = new Map(
  Object.entries(scalars).map(([name, { columnType }]) => [columnType, name]),
);

/** The scalar for a column type: `timestamp with time zone` → `DateTime`. */
export function scalarOfColumn(type: ColumnType): string {
  return scalarNames.get(type) ?? type;
}
