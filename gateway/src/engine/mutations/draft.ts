import { assertNever } from '../../platform/assert-never.ts';
import type { InputLocation } from './input-location.ts';
import type {
  UniqueColumns,
  WritableColumn,
  WritableRelation,
  WritableTable,
} from './writable-table.ts';

/** The id of a row, or a `PendingId` until the write looks up the id. */
export type RowId = string | PendingId;

/** An id that is looked up while the write runs. It is a class, so that no client value can be mistaken for it. */
export class PendingId {
  /** How to find the id. Null for the row that the root field updates. */
  readonly lookup: Lookup | null;

  constructor(lookup: Lookup | null) {
    this.lookup = lookup;
  }
}

/** Identifies a row in `connect`, `disconnect` or `set` by a unique key other than its id. */
export interface Lookup {
  readonly table: WritableTable;
  readonly unique: UniqueColumns;
  /** The values of the key, in the order of `unique.columns`. */
  readonly values: readonly unknown[];
  readonly location: InputLocation;
  /** Whether the row can be missing, as in `disconnect`: a missing row does not have to be disconnected. */
  readonly optional: boolean;
}

/** A new row. Cells are in the order of `WritableTable.columns`. The first is the id. Foreign keys can be pending. */
export interface DraftRow {
  readonly id: string;
  readonly cells: readonly unknown[];
  readonly location: InputLocation;
}

/** A row of a join table. */
export interface DraftPair {
  readonly own: RowId;
  readonly other: RowId;
}

/** A row that the input identifies, with its location in the input. */
export interface NamedRow {
  readonly row: RowId;
  readonly location: InputLocation;
}

/** An existing row whose foreign key will refer to another parent. */
export interface Attachment extends NamedRow {
  readonly parent: RowId;
}

/** A row that is connected by id. The foreign key constraint ensures that the row exists. */
export interface Reference {
  readonly relation: string;
  readonly id: string;
  readonly location: InputLocation;
}

/** A row of a one-to-one relation that is connected to another row. Its current partner is disconnected first. */
export interface Release {
  /** The table with the foreign key. */
  readonly table: WritableTable;
  readonly column: WritableColumn;
  readonly target: RowId;
}

/** The id that a row must have when it has been looked up, because the `where` of an upsert contains this id. */
export interface ExpectedId {
  readonly row: PendingId;
  readonly id: string;
  readonly location: InputLocation;
}

/**
 * The new rows, join-table pairs and changed foreign keys that an input describes, grouped by table or relation. The
 * order of new rows and pairs is irrelevant, because one statement inserts all of them.
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

  /** Links a row on the other side of a relation to its parent. */
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
        throw new Error('On the owning side, the foreign key must be set in the row itself.');
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
