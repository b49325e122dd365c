import { textsOfId, type RowId } from './row-key.ts';
import type { Reference } from './rows.ts';

/** A UUID: the values that Tessera generates, or another one. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const longestText = 32;

const separator = ' · ';

/** A short text for a row's key: `42`, or `A-1 · 42` for a key of two parts. Long values are clipped. */
export const shortId = (id: RowId): string => textsOfId(id).map(shortText).join(separator);

/**
 * The end of a UUID, because its start does not distinguish rows: version 7 values created at about the same time start
 * with the same digits.
 */
function shortText(text: string): string {
  if (uuid.test(text)) return `…${text.slice(-8)}`;
  if (text === '') return '""';
  return text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text;
}

/** The complete key of a row: `A-1 · 42`. */
export const fullId = (id: RowId): string => textsOfId(id).join(separator);

export const labelOf = ({ id, label }: Reference): string =>
  label == null || label === '' ? shortId(id) : String(label);
