import type { WriteColumn, TableShape } from './table-shape.ts';
import { PendingId, type InputReading, type Lookup, type RowId } from './draft.ts';
import { asObject, given, type InputObject } from './input-object.ts';
import { at, type Place } from './place.ts';

/**
 * Reads a `WhereUniqueInput` within `data`: an id as it is, any other key as a row to look up.
 *
 * @returns null after it reported what is wrong
 */
export function readUnique(
  reading: InputReading,
  shape: TableShape,
  input: InputObject,
  place: Place,
  { optional }: Pick<Lookup, 'optional'> = { optional: false },
): RowId | null {
  reading.countRow(place);
  const [id] = shape.columns;
  const idGiven = id === undefined ? undefined : given(input, id.name);
  if (id !== undefined && idGiven !== undefined) {
    // An id is a text.
    return readKeyValue(reading, id, idGiven, at(place, id.name)) as string | null;
  }
  for (const [name, unique] of shape.uniques) {
    const value = given(input, name);
    if (value === undefined) continue;
    const [only, ...more] = unique.columns;
    const values =
      only !== undefined && more.length === 0
        ? [readKeyValue(reading, only, value, at(place, name))]
        : readParts(reading, unique.columns, asObject(value), at(place, name));
    if (values.includes(null)) return null;
    const pending = new PendingId({ shape, unique, values, place, optional });
    reading.lookups.push(pending);
    return pending;
  }
  reading.report(place, 'Name the row by one of its keys.');
  return null;
}

function readParts(
  reading: InputReading,
  columns: readonly WriteColumn[],
  input: InputObject,
  place: Place,
): readonly unknown[] {
  return columns.map((column) =>
    readKeyValue(reading, column, given(input, column.name), at(place, column.name)),
  );
}

/** Null after it reported what is wrong. */
function readKeyValue(
  reading: InputReading,
  { codec }: WriteColumn,
  value: unknown,
  place: Place,
): unknown {
  if (value === null || value === undefined) {
    reading.report(place, 'A key has no null.');
    return null;
  }
  const result = codec.read(value);
  if (result.ok) return result.value;
  reading.report(place, result.message);
  return null;
}
