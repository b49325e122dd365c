import {
  columnsOfForeignKey,
  isInKey,
  isOwningSide,
  type Link,
  type LinkedColumns,
  type ModelColumn,
  type ModelIndex,
  type OwningSideField,
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
import { generatedName } from '../sdl/names.ts';
import { commaList, ident, projectTable, sql, type Sql } from '../sql/sql.ts';
import { columnGenerator, type ColumnGenerator } from './new-values.ts';
import { codecOf, codecOfType, type ValueCodec } from './value-codec.ts';

/** A model's table as mutations use it: the columns that a caller can write, and the relations. */
export interface WritableTable {
  readonly type: ModelType;
  /** `"p_…"."issue"` */
  readonly sqlName: Sql;
  /** The columns of the primary key, which identify a row. */
  readonly key: readonly WritableColumn[];
  /** The columns of the primary key, followed by the other columns that foreign keys reference. */
  readonly identity: readonly WritableColumn[];
  /** The fields that a caller can write, in the order of the model. A field with `@id` is the first. */
  readonly fields: readonly WritableField[];
  /** The columns of all fields, in the same order. */
  readonly columns: readonly WritableColumn[];
  /** `"id", "title", …` */
  readonly columnList: Sql;
  /** `"id" uuid, "title" text, …` */
  readonly columnDefinitions: Sql;
  /** The column whose values come from a sequence. It is the only column of the key. Null if there is none. */
  readonly sequence: Sequence | null;
  /** `"updated_at" = now()` for each `@updatedAt` column. Every update sets these columns. */
  readonly updatedAt: readonly Sql[];
  readonly relations: readonly WritableRelation[];
  /** The primary key and the other unique keys, by their names. */
  readonly uniques: ReadonlyMap<string, UniqueColumns>;
  /** The position of a column in `columns`. */
  readonly position: (column: string) => number;
}

export interface Sequence {
  readonly column: WritableColumn;
  /** The name of the sequence in the project's schema, not quoted. */
  readonly name: string;
}

export type WritableField =
  | { readonly kind: 'VALUE'; readonly column: WritableColumn }
  | { readonly kind: 'FOREIGN_KEY'; readonly key: WritableForeignKey };

/** The foreign key of a relation: one column, or several that are written together. */
export interface WritableForeignKey {
  readonly field: OwningSideField;
  readonly columns: readonly WritableColumn[];
  /** The columns of the other row, in the same order. */
  readonly references: readonly string[];
  /** The same columns in pairs, from the other row's side. It is created only once: see `writableTable`. */
  readonly linked: readonly LinkedColumns[];
  readonly required: boolean;
  readonly isOneToOne: boolean;
  /** Whether the foreign key is a part of the row's key, which does not change. */
  readonly inKey: boolean;
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
  readonly generate: ColumnGenerator | null;
  /** Whether the column is a part of the row's key, which does not change. */
  readonly inKey: boolean;
  /** The relation field of a foreign key. Null for other columns. */
  readonly owningSide: OwningSideField | null;
}

export interface WritableRelation {
  readonly field: ToOneField | ToManyField;
  readonly link: Link;
  /** The field of the owning side, if this is the inverse side. Null for other relations. */
  readonly owningField: string | null;
}

/** A key that `where`, `connect`, `disconnect` and `set` can use to identify a row. */
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
  const fields = orderedFields(type).flatMap((field): readonly WritableField[] => {
    if (isOwningSide(field)) return [{ kind: 'FOREIGN_KEY', key: foreignKey(index, type, field) }];
    return field.kind === 'VALUE' && (field.role === 'ID' || field.role === 'PLAIN')
      ? [{ kind: 'VALUE', column: valueColumn(type, field) }]
      : [];
  });
  const columns = fields.flatMap((field) =>
    field.kind === 'VALUE' ? [field.column] : field.key.columns,
  );
  const positions = new Map(columns.map(({ column }, position) => [column, position]));
  const columnNamed = (name: string): WritableColumn => {
    const column = columns[positions.get(name) ?? -1];
    if (column === undefined) throw new Error(`${type.name} has no writable column ${name}.`);
    return column;
  };
  const key = type.key.columns.map(columnNamed);
  const others = referencedColumns(index, type).filter((name) => !type.key.columns.includes(name));
  return {
    type,
    sqlName: projectTable(type.table),
    key,
    identity: [...key, ...others.map(columnNamed)],
    fields,
    columns,
    columnList: commaList(columns.map((column) => column.ident)),
    columnDefinitions: commaList(
      columns.map(({ ident: name, sqlType }) => sql`${name} ${sqlType}`),
    ),
    sequence: sequenceOf(type, columns),
    updatedAt: type.fields.flatMap((field) =>
      field.kind === 'VALUE' && field.role === 'UPDATED_AT'
        ? [sql`${ident(field.column)} = now()`]
        : [],
    ),
    relations: type.fields.flatMap((field) =>
      field.kind === 'VALUE' ? [] : [writableRelation(index, type, field)],
    ),
    uniques: new Map(
      [type.key, ...type.uniques].map((unique) => [
        unique.name,
        uniqueColumns(index, type, unique, columnNamed),
      ]),
    ),
    position: (column) => positions.get(column) ?? -1,
  };
}

function orderedFields({ fields }: ModelType) {
  const isId = (field: (typeof fields)[number]) => field.kind === 'VALUE' && field.role === 'ID';
  return [...fields.filter(isId), ...fields.filter((field) => !isId(field))];
}

/** The columns of the type that foreign keys reference. */
function referencedColumns({ model }: ModelIndex, type: ModelType): readonly string[] {
  const columns = model.relations.flatMap((relation) =>
    relation.kind === 'FOREIGN_KEY' && relation.inverseSide.type === type.name
      ? relation.key.map(({ references }) => references)
      : [],
  );
  return [...new Set(columns)];
}

function sequenceOf({ table }: ModelType, columns: readonly WritableColumn[]): Sequence | null {
  const column = columns.find(({ generate }) => generate === 'SEQUENCE');
  return column === undefined ? null : { column, name: generatedName(table, column.column, 'seq') };
}

function valueColumn(type: ModelType, field: ValueField): WritableColumn {
  const { name, column, list, required, default: value } = field;
  return {
    name,
    column,
    ident: ident(column),
    sqlType: typeName({ type: columnTypeOf(field.type), list }),
    codec: codecOf(field),
    required,
    default: value,
    generate: columnGenerator(field, identifiesRows(type, field)),
    inKey: isInKey(type, field),
    owningSide: null,
  };
}

function identifiesRows({ key, uniques }: ModelType, { column }: ValueField): boolean {
  return [key, ...uniques].some(({ columns }) => columns.includes(column));
}

function foreignKey(
  index: ModelIndex,
  type: ModelType,
  field: OwningSideField,
): WritableForeignKey {
  const relation = index.relation(field.relation);
  const inKey = isInKey(type, field);
  return {
    field,
    columns: columnsOfForeignKey(field).map((column) => foreignKeyColumn(column, field, inKey)),
    references: field.key.map(({ references }) => references),
    linked: field.key.map(({ column, references, type: of }) => ({
      own: references,
      other: column,
      type: of,
    })),
    required: field.required,
    isOneToOne: relation.kind === 'FOREIGN_KEY' && relation.unique,
    inKey,
  };
}

function foreignKeyColumn(
  { name, column, type, required }: ModelColumn,
  owningSide: OwningSideField,
  inKey: boolean,
): WritableColumn {
  return {
    name,
    column,
    ident: ident(column),
    sqlType: typeName({ type: columnTypeOf(type), list: false }),
    codec: codecOfType(type),
    required,
    default: null,
    generate: null,
    inKey,
    owningSide,
  };
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

/**
 * Constraints are not checked in lookups, because a value that violates them matches no row. A number with too many digits
 * is refused, because a foreign key would contain the rounded number.
 */
function uniqueColumns(
  index: ModelIndex,
  type: ModelType,
  key: UniqueKey,
  columnNamed: (name: string) => WritableColumn,
): UniqueColumns {
  return {
    key,
    columns: index
      .columnsOf(type, key)
      .map(({ column, field }) =>
        field.kind === 'VALUE'
          ? valueColumn(type, { ...field, constraint: null })
          : columnNamed(column),
      ),
  };
}
