import type { OwningSideField } from '../api/model-index.ts';
import { columnTypeOf, typeName } from '../migrations/tables/column-type.ts';
import type { ValueField, ValueType } from '../sdl/model.ts';
import { ident, join, param, sql, type Sql } from '../sql/sql.ts';
import type { Parameter } from './statement.ts';

/** A column as filters, orders and answers see it: that of a field, or of the key that a relation holds. */
export interface Column {
  readonly name: string;
  readonly type: ValueType;
  readonly list: boolean;
  readonly required: boolean;
}

const idType: ValueType = { kind: 'SCALAR', name: 'ID' };

export function valueColumn({ column, type, list, required }: ValueField): Column {
  return { name: column, type, list, required };
}

export function keyColumn({ key, required }: OwningSideField): Column {
  return { name: key.column, type: idType, list: false, required };
}

/** `"t1"."created_at"` */
export function columnOf(alias: Sql, name: string): Sql {
  return join([alias, ident(name)], sql`.`);
}

/** `$1::uuid`, or `$1::uuid[]`: PostgreSQL never guesses a type. */
export function typedParam(
  { type, list }: Pick<Column, 'type' | 'list'>,
  parameter: Parameter,
): Sql {
  return sql`${param(parameter)}::${typeName({ type: columnTypeOf(type), list })}`;
}

/**
 * The column in an answer. Numbers that JavaScript's cannot hold are texts there.
 */
export function answerOf(alias: Sql, { name, type, list }: Column): Sql {
  const column = columnOf(alias, name);
  if (!isTextInAnswers(type)) return column;
  return list ? sql`${column}::text[]` : sql`${column}::text`;
}

export function isTextInAnswers({ name }: ValueType): boolean {
  return name === 'BigInt' || name === 'Decimal';
}
