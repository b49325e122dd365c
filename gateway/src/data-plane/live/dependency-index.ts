import { imageText, type ReadEquality } from '../../engine/runtime.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { Change } from '../changes/changes.ts';
import type { BoundRead, Condition } from './bound-reads.ts';

/**
 * Finds the entries that changes can affect. The time depends on the number of entries found, not on the number of
 * entries in the index.
 */
export interface DependencyIndex<Entry> {
  add(entry: Entry, reads: readonly BoundRead[]): void;
  remove(entry: Entry): void;
  /** Returns the entries that read one of the changed rows, as it was or as it is now. */
  affectedBy(changes: readonly Change[]): ReadonlySet<Entry>;
}

/** One read of one entry. */
interface Posting<Entry> {
  readonly entry: Entry;
  readonly conditions: readonly Condition[];
  /** The condition by which the index finds the read. Null if it has none. */
  readonly key: Condition | null;
}

type Postings<Entry> = Set<Posting<Entry>>;

/** The reads of one table. */
interface TableReads<Entry> {
  readonly unconditional: Postings<Entry>;
  /** The reads with a condition, by the column of their key and each of its values. */
  readonly byColumn: Map<string, ColumnReads<Entry>>;
}

interface ColumnReads<Entry> {
  readonly equality: ReadEquality;
  readonly byValue: Map<string, Postings<Entry>>;
}

export function createDependencyIndex<Entry>(): DependencyIndex<Entry> {
  const tables = new Map<string, TableReads<Entry>>();
  const postingsOf = new Map<Entry, (Posting<Entry> & { readonly table: string })[]>();

  return {
    add(entry, reads) {
      const own = reads.map(({ table, conditions }) => {
        const posting = { entry, conditions, key: narrowest(conditions), table };
        place(getOrAdd(tables, table, emptyTable<Entry>), posting);
        return posting;
      });
      postingsOf.set(entry, own);
    },
    remove(entry) {
      for (const posting of postingsOf.get(entry) ?? []) {
        const table = tables.get(posting.table);
        if (table !== undefined && displace(table, posting)) tables.delete(posting.table);
      }
      postingsOf.delete(entry);
    },
    affectedBy(changes) {
      const found = new Set<Entry>();
      const seen = new Set<TableReads<Entry>>();
      for (const change of changes) {
        const table = tables.get(change.table);
        if (table === undefined) continue;
        // One change of a table affects all entries that read the whole table.
        if (!seen.has(table)) for (const { entry } of table.unconditional) found.add(entry);
        seen.add(table);
        if (table.byColumn.size > 0) addAffected(found, table, change);
      }
      return found;
    },
  };
}

/** The condition with the fewest values, because the read is stored once for each. */
function narrowest(conditions: readonly Condition[]): Condition | null {
  return conditions.reduce<Condition | null>(
    (best, each) => (best === null || each.values.size < best.values.size ? each : best),
    null,
  );
}

function emptyTable<Entry>(): TableReads<Entry> {
  return { unconditional: new Set(), byColumn: new Map() };
}

function place<Entry>(table: TableReads<Entry>, posting: Posting<Entry>): void {
  const { key } = posting;
  if (key === null) {
    table.unconditional.add(posting);
    return;
  }
  const { equality, values } = key;
  const column: ColumnReads<Entry> = getOrAdd(table.byColumn, equality.column, () => ({
    equality,
    byValue: new Map(),
  }));
  for (const value of values) {
    const postings: Postings<Entry> = getOrAdd(column.byValue, value, () => new Set());
    postings.add(posting);
  }
}

/** Removes a read. Returns true if the table has no other. */
function displace<Entry>(table: TableReads<Entry>, posting: Posting<Entry>): boolean {
  const { unconditional, byColumn } = table;
  unconditional.delete(posting);
  const column = posting.key === null ? undefined : byColumn.get(posting.key.equality.column);
  if (posting.key !== null && column !== undefined) {
    for (const value of posting.key.values) {
      const postings = column.byValue.get(value);
      postings?.delete(posting);
      if (postings?.size === 0) column.byValue.delete(value);
    }
    if (column.byValue.size === 0) byColumn.delete(posting.key.equality.column);
  }
  return unconditional.size === 0 && byColumn.size === 0;
}

function addAffected<Entry>(found: Set<Entry>, table: TableReads<Entry>, change: Change): void {
  const images = imagesOf(change);
  for (const column of table.byColumn.values()) {
    for (const postings of candidates(column, images)) {
      for (const { entry, conditions } of postings) {
        if (!found.has(entry) && images.some((image) => mayMatch(image, conditions))) {
          found.add(entry);
        }
      }
    }
  }
}

/** The reads whose key has the value of an image in this column, or all if one of the values is not known. */
function candidates<Entry>(
  { equality, byValue }: ColumnReads<Entry>,
  images: readonly Image[],
): Iterable<Postings<Entry>> {
  const values = new Set<string>();
  for (const image of images) {
    const value = textIn(image, equality);
    if (value === undefined) return byValue.values();
    if (value !== null) values.add(value);
  }
  return [...values].flatMap((value) => byValue.get(value) ?? []);
}

/** The columns of a row before or after the change. Columns that the log does not contain are missing. */
export type Image = Readonly<Record<string, unknown>>;

const nothingKnown: Image = {};

/** The row before and after the change. An image that was not logged has no columns. */
export function imagesOf({ operation, old, new: now }: Change): readonly Image[] {
  switch (operation) {
    case 'INSERT':
      return [parsed(now)];
    case 'DELETE':
      return [parsed(old)];
    case 'UPDATE':
      return [parsed(old), parsed(now)];
    case 'RESET':
      return [nothingKnown];
    default:
      return assertNever(operation);
  }
}

function parsed(json: string | null): Image {
  // An image is a JSON object.
  return json === null ? nothingKnown : (JSON.parse(json) as Image);
}

/** See `imageText`. */
function textIn(image: Image, equality: ReadEquality): string | null | undefined {
  const { column } = equality;
  return Object.hasOwn(image, column) ? imageText(equality, image[column]) : undefined;
}

/** Whether a row can satisfy the conditions. */
export function mayMatch(image: Image, conditions: readonly Condition[]): boolean {
  return conditions.every(({ equality, values }) => {
    const value = textIn(image, equality);
    return value === undefined || (value !== null && values.has(value));
  });
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const created = create();
  map.set(key, created);
  return created;
}
