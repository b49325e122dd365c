import type { ScalarName, ValueType } from '../../sdl/model.ts';
import { sql, type Sql } from '../../sql/sql.ts';

/** As `format_type` of PostgreSQL writes them. */
export type ColumnType =
  | 'uuid'
  | 'text'
  | 'integer'
  | 'bigint'
  | 'double precision'
  | 'numeric'
  | 'boolean'
  | 'timestamp with time zone'
  | 'date'
  | 'jsonb';

const scalarTypes: Readonly<Record<ScalarName, ColumnType>> = {
  ID: 'uuid',
  UUID: 'uuid',
  String: 'text',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  Decimal: 'numeric',
  Boolean: 'boolean',
  DateTime: 'timestamp with time zone',
  Date: 'date',
  JSON: 'jsonb',
};

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
  return type.kind === 'ENUM' ? 'text' : scalarTypes[type.name];
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
