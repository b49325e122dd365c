import {
  isOwningSide,
  type OwningSideField,
  type Link,
  type ModelIndex,
} from '../api/model-index.ts';
import { columnTypeOf, typeName } from '../migrations/tables/column-type.ts';
import type {
  JsonValue,
  ModelType,
  ToManyField,
  ToOneField,
  UniqueKey,
  ValueField,
} from '../sdl/model.ts';
import { commaList, ident, projectTable, sql, type Sql } from '../sql/sql.ts';
import { codecOf, idCodec, type ValueCodec } from './value-codec.ts';

/** A model's table as mutations use it: the columns that a caller can write, and the relations. */
export interface WritableTable {
  readonly type: ModelType;
  /** `"p_…"."issue"` */
  readonly sqlName: Sql;
  readonly id: WritableColumn;
  readonly idColumn: Sql;
  /** The other columns that a caller can write, in the order of the model. */
  readonly otherColumns: readonly WritableColumn[];
  /** The id, followed by the other columns. */
  readonly columns: readonly WritableColumn[];
  /** `"id", "title", …` */
  readonly columnList: Sql;
  /** `"id" uuid, "title" text, …` */
  readonly columnDefinitions: Sql;
  /** `"updated_at" = now()` for each `@updatedAt` column. Every update sets these columns. */
  readonly updatedAt: readonly Sql[];
  readonly relations: readonly WritableRelation[];
  readonly uniques: ReadonlyMap<string, UniqueColumns>;
}

export interface WritableColumn {
  /** The name in inputs: `title`, `boardId`. */
  readonly name: string;
  readonly column: string;
  readonly ident: Sql;
  readonly sqlType: Sql;
  readonly codec: ValueCodec;
  readonly required: boolean;
  /** The value in a new row if the input does not contain the field. Null if there is no default. */
  readonly default: JsonValue;
  /** The relation field of a foreign key. Null for other columns. */
  readonly owningSide: OwningSideField | null;
  /** Whether the column is the foreign key of a one-to-one relation. */
  readonly isOneToOne: boolean;
}

export interface WritableRelation {
  readonly field: ToOneField | ToManyField;
  readonly link: Link;
  /** The field of the owning side, if this is the inverse side. Null for other relations. */
  readonly owningField: string | null;
}

/** A unique key that `connect`, `disconnect` and `set` can use to identify a row. */
export interface UniqueColumns {
  readonly key: UniqueKey;
  readonly columns: readonly WritableColumn[];
}

const tablesOf = new WeakMap<ModelIndex, Map<string, WritableTable>>();

/** Returns the table for a model type. It is created only once, because it is part of statement keys. */
export function writableTable(index: ModelIndex, type: ModelType): WritableTable {
  const tables = tablesOf.get(index) ?? new Map<string, WritableTable>();
  tablesOf.set(index, tables);
  const known = tables.get(type.name);
  if (known !== undefined) return known;
  const table = readTable(index, type);
  tables.set(type.name, table);
  return table;
}

function readTable(index: ModelIndex, type: ModelType): WritableTable {
  const id = valueColumn(index.idOf(type));
  const otherColumns = type.fields.flatMap((field) => {
    if (isOwningSide(field)) return [keyColumn(index, field)];
    return field.kind === 'VALUE' && field.role === 'PLAIN' ? [valueColumn(field)] : [];
  });
  const columns = [id, ...otherColumns];
  return {
    type,
    sqlName: projectTable(type.table),
    id,
    idColumn: id.ident,
    otherColumns,
    columns,
    columnList: commaList(columns.map((column) => column.ident)),
    columnDefinitions: commaList(
      columns.map(({ ident: name, sqlType }) => sql`${name} ${sqlType}`),
    ),
    updatedAt: type.fields.flatMap((field) =>
      field.kind === 'VALUE' && field.role === 'UPDATED_AT'
        ? [sql`${ident(field.column)} = now()`]
        : [],
    ),
    relations: type.fields.flatMap((field) =>
      field.kind === 'VALUE' ? [] : [writableRelation(index, type, field)],
    ),
    uniques: new Map(type.uniques.map((key) => [key.name, uniqueColumns(key, type, columns)])),
  };
}

function valueColumn(field: ValueField): WritableColumn {
  const { name, column, list, required, default: value } = field;
  return {
    name,
    column,
    ident: ident(column),
    sqlType: typeName({ type: columnTypeOf(field.type), list }),
    codec: codecOf(field),
    required,
    default: value,
    owningSide: null,
    isOneToOne: false,
  };
}

function keyColumn(index: ModelIndex, field: OwningSideField): WritableColumn {
  return {
    name: field.key.name,
    column: field.key.column,
    ident: ident(field.key.column),
    sqlType: sql`uuid`,
    codec: idCodec,
    required: field.required,
    default: null,
    owningSide: field,
    isOneToOne: isOneToOne(index, field),
  };
}

/** Whether the other side of the relation is also a single row. */
export function isOneToOne(index: ModelIndex, field: OwningSideField): boolean {
  const relation = index.relation(field.relation);
  if (relation.kind !== 'FOREIGN_KEY') return false;
  const { type, field: inverse } = relation.inverseSide;
  return index.field(index.type(type), inverse)?.kind === 'TO_ONE';
}

function writableRelation(
  index: ModelIndex,
  type: ModelType,
  field: ToOneField | ToManyField,
): WritableRelation {
  const relation = index.relation(field.relation);
  const link = index.link(type, field);
  const owningField =
    link.kind === 'INVERSE_SIDE' && relation.kind === 'FOREIGN_KEY'
      ? relation.owningSide.field
      : null;
  return { field, link, owningField };
}

/** Constraints are not checked in lookups, because a value that violates them matches no row. */
function uniqueColumns(
  key: UniqueKey,
  type: ModelType,
  columns: readonly WritableColumn[],
): UniqueColumns {
  return {
    key,
    columns: key.columns.map((name) => {
      const field = type.fields.find((each) => each.kind === 'VALUE' && each.column === name);
      if (field?.kind === 'VALUE') return valueColumn({ ...field, constraint: null });
      const foreignKey = columns.find(({ column }) => column === name);
      if (foreignKey === undefined) throw new Error(`${type.name} has no column for ${key.name}.`);
      return foreignKey;
    }),
  };
}
