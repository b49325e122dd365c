import { issueTexts } from '../errors.ts';
import type { InputReading } from './draft.ts';
import { at, type Place } from './place.ts';
import type { WriteColumn } from './table-shape.ts';

/** What a column is given: the value to store; null after it reported what is wrong. */
export function readValue(
  reading: InputReading,
  column: WriteColumn,
  value: unknown,
  parent: Place,
): unknown {
  if (value === null) {
    if (column.required) reading.report(at(parent, column.name), issueTexts.notNull);
    return null;
  }
  const result = column.codec.read(value);
  if (result.ok) return result.value;
  const place = at(parent, column.name);
  reading.report(result.item === null ? place : at(place, result.item), result.message);
  return null;
}
