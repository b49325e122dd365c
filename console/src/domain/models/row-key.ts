import type { JsonObject, JsonValue } from './json.ts';
import type { ModelKey } from './project-models.ts';
import { readValue, valueText } from './values.ts';

/**
 * The text that identifies a row of a model, in URLs, selections and lists: `42`, or `A-1,42` for a key of two parts.
 * Commas and percent signs in the values are escaped.
 */
export type RowId = string;

export const rowIdOf = (values: readonly JsonValue[]): RowId =>
  values.map((value) => escaped(valueText(value))).join(',');

/** The texts of the key's values, in the order of the key's parts. */
export const textsOfId = (id: RowId): readonly string[] => id.split(',').map(unescaped);

// A lone percent sign stands for an empty text, so that no row has an empty ID.
const escaped = (text: string): string =>
  text === '' ? '%' : text.replaceAll('%', '%25').replaceAll(',', '%2C');

const unescaped = (text: string): string =>
  text === '%' ? '' : text.replaceAll('%2C', ',').replaceAll('%25', '%');

/** Whether a row of a model with this key can have the ID, which might come from a URL. */
export function isRowId({ parts }: ModelKey, id: RowId): boolean {
  const texts = textsOfId(id);
  return (
    texts.length === parts.length &&
    parts.every(({ type }, index) => readValue(type, texts[index] ?? '').isOk)
  );
}

/**
 * The key's values in the format of the API: Int values are numbers, and BigInt values are strings. A text that is not a
 * value of its type stays a text, which the API rejects with a reason.
 */
export function keyValuesOf({ parts }: ModelKey, id: RowId): readonly JsonValue[] {
  const texts = textsOfId(id);
  return parts.map(({ type }, index) => {
    const text = texts[index] ?? '';
    const reading = readValue(type, text);
    return reading.isOk ? reading.value : text;
  });
}

/** The input that names one row: `{ id: 42 }`, or `{ shelf_item: { shelfId: 'A-1', itemId: 42 } }`. */
export function uniqueWhere(key: ModelKey, id: RowId): JsonObject {
  const values = keyValuesOf(key, id);
  const [only = null] = values;
  return { [key.name]: key.parts.length === 1 ? only : byPart(key, values) };
}

/** A condition that only the row with this ID meets: `{ id: { eq: 42 } }`. */
export const rowCondition = (key: ModelKey, id: RowId): JsonObject =>
  byPart(
    key,
    keyValuesOf(key, id).map((value) => ({ eq: value })),
  );

/**
 * A condition that only the rows with these IDs meet. Rows that differ only in the last part of the key share a
 * condition, because the API limits the number of values in a filter.
 */
export function rowsCondition(key: ModelKey, ids: readonly RowId[]): JsonObject {
  const last = key.parts.at(-1)?.name ?? key.name;
  const groups = new Map<RowId, { readonly first: JsonObject; readonly values: JsonValue[] }>();
  for (const id of ids) {
    const values = keyValuesOf(key, id);
    const sameAs = rowIdOf(values.slice(0, -1));
    const group = groups.get(sameAs) ?? { first: rowCondition(key, id), values: [] };
    group.values.push(values.at(-1) ?? null);
    groups.set(sameAs, group);
  }
  const conditions = [...groups.values()].map(({ first, values }) => ({
    ...first,
    [last]: { in: values },
  }));
  return conditions.length === 1 && conditions[0] !== undefined
    ? conditions[0]
    : { or: conditions };
}

const byPart = ({ parts }: ModelKey, values: readonly JsonValue[]): JsonObject =>
  Object.fromEntries(parts.map(({ name }, index) => [name, values[index] ?? null]));

/**
 * The text of a key for people to copy: the value, or the input for a query if the key has several parts:
 * `{ shelf_item: { shelfId: "A-1", itemId: 42 } }`.
 */
export function keyText(key: ModelKey, id: RowId): string {
  const values = keyValuesOf(key, id);
  const [only = '', ...more] = values;
  if (more.length === 0) return valueText(only);
  const inputs = key.parts.map(({ name, type }, index) => {
    const value = values[index] ?? null;
    return `${name}: ${type.kind === 'ENUM' ? valueText(value) : JSON.stringify(value)}`;
  });
  return `{ ${key.name}: { ${inputs.join(', ')} } }`;
}
