import { assertNever } from '../../platform/assert-never.ts';
import type { InputLocation } from './input-location.ts';
import type { UniqueColumns, WritableRelation, WritableTable } from './writable-table.ts';

/** The id of a row: known, or found while the write runs. */
export type RowId = string | PendingId;

/** A class, so that no value of a client can be mistaken for one. */
export class PendingId {
  /** How to find the id; null for the row that the root field updates. */
  readonly lookup: Lookup | null;

  constructor(lookup: Lookup | null) {
    this.lookup = lookup;
  }
}

/** A row that `connect`, `disconnect` or `set` names by a unique key other than its id. */
export interface Lookup {
  readonly table: WritableTable;
  readonly unique: UniqueColumns;
  /** In the order of `unique.columns`. */
  readonly values: readonly unknown[];
  readonly location: InputLocation;
  /** A row that does not exist need not be disconnected. */
  readonly optional: boolean;
}

/** A new row. Its cells are in the order of `WritableTable.columns`: the first is its id, foreign keys may be pending. */
export interface DraftRow {
  readonly id: string;
  readonly cells: readonly unknown[];
}

/** A row of a join table. */
export interface DraftPair {
  readonly own: RowId;
  readonly other: RowId;
}

/** A row that the input names, and where. */
export interface NamedRow {
  readonly row: RowId;
  readonly location: InputLocation;
}

/** An existing row whose foreign key will refer to another parent. */
export interface Attachment extends NamedRow {
  readonly parent: RowId;
}

/** `connect` by id where the database's foreign key checks that the row exists. */
export interface Reference {
  readonly relation: string;
  readonly id: string;
  readonly location: InputLocation;
}

/**
 * Rows, join-table pairs and changed foreign keys that an input asks for, grouped by table or relation. New rows and
 * pairs have no order among them: one statement inserts them all.
 */
export class Draft {
  readonly rows = new Map<WritableTable, DraftRow[]>();
  readonly pairs = new Map<WritableRelation, DraftPair[]>();
  readonly attachments = new Map<WritableRelation, Attachment[]>();

  get isEmpty(): boolean {
    return this.rows.size === 0 && this.pairs.size === 0 && this.attachments.size === 0;
  }

  addRow(table: WritableTable, row: DraftRow): void {
    push(this.rows, table, row);
  }

  addPair(relation: WritableRelation, pair: DraftPair): void {
    push(this.pairs, relation, pair);
  }

  /** Relates a row on the other side of a relation to its parent. */
  link(relation: WritableRelation, parent: RowId, { row, location }: NamedRow): void {
    const { kind } = relation.link;
    switch (kind) {
      case 'MANY_TO_MANY':
        this.addPair(relation, { own: parent, other: row });
        return;
      case 'INVERSE_SIDE':
        push(this.attachments, relation, { row, parent, location });
        return;
      case 'OWNING_SIDE':
        throw new Error('The foreign key of the owning side is a cell of its row.');
      default:
        assertNever(kind);
    }
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
