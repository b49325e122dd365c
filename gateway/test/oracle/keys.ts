import {
  columnsOfType,
  type ModelColumn,
  type ModelIndex,
  type OwningSideField,
} from '../../src/engine/api/model-index.ts';
import type { ModelType, RelationSide, ValueType } from '../../src/engine/sdl/model.ts';
import type { Row } from './row.ts';
import { equalityText } from './values.ts';

/** A key of a row as text. Two keys of a type have the same text if and only if they are equal. */
export type KeyText = string;

/** The foreign key of a relation, by names in the API: `shelfId` references `id`. */
export interface ForeignKeyNames {
  readonly holder: ModelType;
  readonly target: ModelType;
  readonly columns: readonly {
    readonly name: string;
    readonly type: ValueType;
    readonly references: string;
  }[];
}

/** The values of some columns as text. Null if one of them is null, because null equals no other value. */
export function textOf(
  columns: readonly Pick<ModelColumn, 'name' | 'type'>[],
  row: Readonly<Record<string, unknown>>,
): KeyText | null {
  const parts = columns.map(({ name, type }) => equalityText(type, row[name] ?? null));
  return parts.includes(null) ? null : JSON.stringify(parts);
}

export function keyOf(index: ModelIndex, type: ModelType, row: Row): KeyText {
  const text = textOf(index.keyOf(type), row);
  if (text === null) throw new Error(`A row of ${type.name} has no key.`);
  return text;
}

/** The foreign key of the owning side of a relation. */
export function foreignKeyOf(index: ModelIndex, { type, field }: RelationSide): ForeignKeyNames {
  const holder = index.type(type);
  const found = index.field(holder, field);
  if (found?.kind !== 'TO_ONE' || found.key === null) {
    throw new Error(`${type}.${field} has no foreign key.`);
  }
  const target = index.type(found.target);
  const columns = found.key.map(({ name, type: of, references }) => {
    const column = columnsOfType(target).find((each) => each.column === references);
    if (column === undefined) throw new Error(`${target.name} has no column ${references}.`);
    return { name, type: of, references: column.name };
  });
  return { holder, target, columns };
}

/** The text of the row that a foreign key references. Null if the key is null. */
export function referenceIn({ columns }: ForeignKeyNames, row: Row): KeyText | null {
  return textOf(columns, row);
}

/** The text by which foreign keys reference a row. Null if one of the referenced columns is null. */
export function referenceTo({ columns }: ForeignKeyNames, row: Row): KeyText | null {
  return textOf(
    columns.map(({ references, type }) => ({ name: references, type })),
    row,
  );
}

/** The columns of a foreign key that reference a row, or that reference none. */
export function cellsTo({ columns }: ForeignKeyNames, row: Row | null): Row {
  return Object.fromEntries(
    columns.map(({ name, references }) => [name, row?.[references] ?? null]),
  );
}

/** The names of the columns of a field's foreign key: `boardId`, or several. */
export function namesOf({ key }: OwningSideField): readonly string[] {
  return key.map(({ name }) => name);
}
