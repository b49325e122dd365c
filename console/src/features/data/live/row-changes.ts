import type { Model } from '#console/domain/models/project-models.ts';
import { countOf } from '#console/lib/count-of.ts';

/** A change of a row, as the stream of the model sends it. */
export interface RowChange {
  readonly operation: 'CREATED' | 'UPDATED' | 'DELETED' | 'RESET';
  /** The key of the row; null for `RESET`. */
  readonly key: unknown;
}

/** What has happened to each row since the list was loaded, by the JSON of its key. */
export type RowChanges = ReadonlyMap<string, 'CREATED' | 'UPDATED' | 'DELETED'> | 'UNKNOWN';

export const noChanges: RowChanges = new Map();

/** Above this number of rows, they are not counted anymore. */
export const maxCounted = 1_000;

/** Adds a change. What happened to a row before it decides what has happened to it since the list was loaded. */
export function withChange(changes: RowChanges, { operation, key }: RowChange): RowChanges {
  if (changes === 'UNKNOWN' || operation === 'RESET') return 'UNKNOWN';
  const id = JSON.stringify(key);
  const before = changes.get(id);
  const next = new Map(changes);
  if (operation === 'DELETED' && before === 'CREATED') next.delete(id);
  else if (operation === 'UPDATED' && before === 'CREATED') return changes;
  else if (operation === 'CREATED' && before === 'DELETED') next.set(id, 'UPDATED');
  else next.set(id, operation);
  return next.size > maxCounted ? 'UNKNOWN' : next;
}

/** Such as `3 new rows`; null if nothing has changed. */
export function changesInWords(changes: RowChanges): string | null {
  if (changes === 'UNKNOWN') return 'Rows have changed';
  const numberOf = (operation: string) =>
    [...changes.values()].filter((each) => each === operation).length;
  const [created, updated, deleted] = ['CREATED', 'UPDATED', 'DELETED'].map(numberOf);
  const parts = [
    ...(created ? [countOf(created, 'new row')] : []),
    ...(updated ? [`${countOf(updated, 'row')} changed`] : []),
    ...(deleted ? [`${countOf(deleted, 'row')} removed`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** The stream of changes of a model with `@live`. Variables: `where after`. */
export function changesDocument(model: Model, field: string): string {
  const { parts } = model.key;
  const key = parts.length === 1 ? 'key: id' : `key { ${parts.map(({ name }) => name).join(' ')} }`;
  return `subscription ConsoleChanges($where: ${model.name}WhereInput, $after: Cursor) { change: ${field}(where: $where, after: $after) { operation ${key} } }`;
}
