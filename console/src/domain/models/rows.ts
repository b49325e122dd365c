import type { JsonObject, JsonValue } from './json.ts';
import { rowIdOf, type RowId } from './row-key.ts';

/** A row in a response: the values of its key, and a value, reference or count for each field. */
export type Row = JsonObject;

/** A row with the value that identifies it to people. */
export interface Reference {
  readonly id: RowId;
  /** Absent if the model has no label field; null if the field's value is null. */
  readonly label?: string | number | boolean | null;
}

/** The names of the key's values and of the label in a response. They differ from the names of all usual fields. */
export const keyAlias = (index: number): string => `_key${index}`;
export const labelAlias = '_label';

/** The ID of a row or of a related row. All documents select the values of its key. */
export function idOfRow(row: JsonObject): RowId {
  const values: JsonValue[] = [];
  for (let index = 0; keyAlias(index) in row; index += 1) values.push(row[keyAlias(index)] ?? null);
  return rowIdOf(values);
}

/** The related row of a to-one relation, or a row of a list; null if there is none. */
export function referenceOf(value: JsonValue | undefined): Reference | null {
  if (value === null || value === undefined) return null;
  // All documents select related rows as objects.
  const row = value as JsonObject;
  const label = row[labelAlias];
  const id = idOfRow(row);
  // The label field is a single scalar.
  return label === undefined ? { id } : { id, label: label as string | number | boolean | null };
}

/** The number of rows in a to-many relation. All documents select it as `{ totalCount }`, so the cast is safe. */
export const totalOf = (value: JsonValue | undefined): number =>
  (value as { totalCount?: number } | null | undefined)?.totalCount ?? 0;

/** The rows of a list. */
export const referencesOf = (rows: readonly JsonObject[]): readonly Reference[] =>
  rows.flatMap((row) => referenceOf(row) ?? []);
