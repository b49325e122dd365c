import type { JsonObject } from './json.ts';
import { labelFieldOf, type KeyPart, type Model } from './project-models.ts';
import { isRowId, rowCondition, rowIdOf } from './row-key.ts';
import { readValue } from './values.ts';

/**
 * The condition for the rows that a picker offers for a search text; null for all rows. Texts are searched in the label
 * and in the key, and other values must equal the search text.
 */
export function choiceCondition(model: Model, text: string): JsonObject | null {
  const searched = text.trim();
  if (searched === '') return null;
  const label = labelFieldOf(model);
  const conditions = [
    ...(label === null ? [] : valueCondition(label, searched)),
    ...keyConditions(model, searched),
  ];
  // An empty list of alternatives matches no rows.
  return conditions.length === 1 && conditions[0] !== undefined
    ? conditions[0]
    : { or: conditions };
}

function keyConditions({ key }: Model, searched: string): readonly JsonObject[] {
  const byPart = key.parts.flatMap((part) => valueCondition(part, searched));
  if (key.parts.length === 1) return byPart;
  // A key of several parts can be entered as it is shown, `A-1 · 42`, or with commas.
  const id = rowIdOf(searched.split(searched.includes('·') ? /\s*·\s*/ : /\s*,\s*/));
  return isRowId(key, id) ? [rowCondition(key, id), ...byPart] : byPart;
}

function valueCondition({ name, type }: KeyPart, searched: string): readonly JsonObject[] {
  if (type.name === 'String') return [{ [name]: { contains: searched, mode: 'INSENSITIVE' } }];
  const reading = readValue(type, searched);
  return reading.isOk ? [{ [name]: { eq: reading.value } }] : [];
}
