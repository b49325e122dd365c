import { assertNever } from '../../platform/assert-never.ts';
import type { PgValue } from '../sql/statement-runner.ts';
import type { InputLocation } from './input-location.ts';
import type { CellOf, NamedRow, NewRow, RowRef } from './row-ref.ts';
import type {
  WritableColumn,
  WritableForeignKey,
  WritableRelation,
  WritableTable,
} from './writable-table.ts';

/** A row of a join table. */
export interface DraftPair {
  readonly own: RowRef;
  readonly other: RowRef;
}

/** An existing row whose foreign key will refer to another parent. */
export interface Attachment {
  readonly row: NamedRow;
  readonly parent: RowRef;
}

/** A row that is connected by the values of its foreign key. The foreign key constraint ensures that the row exists. */
export interface Reference {
  readonly relation: string;
  /** The values as PostgreSQL prints them in the details of an error: `7, 12`. */
  readonly printed: string;
  readonly location: InputLocation;
}

/** A row of a one-to-one relation that is connected to another row. Its current partner is disconnected first. */
export interface Release {
  /** The table with the foreign key. */
  readonly table: WritableTable;
  readonly key: WritableForeignKey;
  readonly target: RowRef;
}

/** The value that a cell must have when its row has been looked up, because the `where` of an upsert contains it. */
export interface ExpectedValue {
  readonly cell: CellOf;
  readonly column: WritableColumn;
  readonly value: PgValue;
  readonly location: InputLocation;
}

/**
 * The new rows, join-table pairs and changed foreign keys that an input describes, grouped by table or relation. The
 * order of new rows and pairs is irrelevant, because one statement inserts all of them.
 */
export class Draft {
  readonly rows = new Map<WritableTable, NewRow[]>();
  readonly pairs = new Map<WritableRelation, DraftPair[]>();
  readonly attachments = new Map<WritableRelation, Attachment[]>();

  get isEmpty(): boolean {
    return this.rows.size === 0 && this.pairs.size === 0 && this.attachments.size === 0;
  }

  addRow(row: NewRow): void {
    push(this.rows, row.table, row);
  }

  addPair(relation: WritableRelation, pair: DraftPair): void {
    push(this.pairs, relation, pair);
  }

  /** Links a row on the other side of a relation to its parent. */
  link(relation: WritableRelation, parent: RowRef, row: NamedRow): void {
    const { kind } = relation.link;
    switch (kind) {
      case 'MANY_TO_MANY':
        this.addPair(relation, { own: parent, other: row });
        return;
      case 'INVERSE_SIDE':
        push(this.attachments, relation, { row, parent });
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
