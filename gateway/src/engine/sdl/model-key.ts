import type { Field, Model } from './model.ts';

/** The table of a model, and the columns of its key. */
export interface ModelKey {
  readonly table: string;
  readonly columns: readonly KeyColumn[];
}

interface KeyColumn {
  /** The name in the API: `id`, or `boardId` for the foreign key of `board`. */
  readonly name: string;
  readonly column: string;
}

/** Returns null if there is no model with this name. */
export function modelKeyOf({ types }: Model, name: string): ModelKey | null {
  const type = types.find((each) => each.name === name);
  if (type === undefined) return null;
  const columns = type.fields.flatMap(columnsOf);
  return {
    table: type.table,
    columns: columns.filter(({ column }) => type.key.columns.includes(column)),
  };
}

function columnsOf(field: Field): readonly KeyColumn[] {
  if (field.kind === 'VALUE') return [{ name: field.name, column: field.column }];
  return field.kind === 'TO_ONE' ? (field.key ?? []) : [];
}
