import type { ModelIndex } from '../api/model-index.ts';
import { operationErrors, type InputIssue } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import { pathOf, type Place } from './place.ts';
import type { TableShape, UniqueShape, WriteRelation } from './table-shape.ts';

/** The id of a row: known, or found when the write runs. */
export type RowId = string | PendingId;

/** A class, so that nothing a client sends can look like one. */
export class PendingId {
  /** How to find it; null for the row that the root field changes. */
  readonly lookup: Lookup | null;

  constructor(lookup: Lookup | null) {
    this.lookup = lookup;
  }
}

/** A row that `connect` and its like name by another key than the id. */
export interface Lookup {
  readonly shape: TableShape;
  readonly unique: UniqueShape;
  /** As `unique.columns`. */
  readonly values: readonly unknown[];
  readonly place: Place;
  /** What is not there need not be disconnected. */
  readonly optional: boolean;
}

/** A new row; cells as `TableShape.columns`: the first is its id, and those of keys may be pending. */
export interface DraftRow {
  readonly id: string;
  readonly cells: readonly unknown[];
}

/** A pair of a join table. */
export interface DraftPair {
  readonly own: RowId;
  readonly other: RowId;
}

/** A row that is there already and shall point to another owner. */
export interface DraftAttachment {
  readonly row: RowId;
  readonly owner: RowId;
  readonly place: Place;
}

/** `connect` by id where the database's foreign key tells whether the row is there. */
export interface Reference {
  readonly relation: string;
  readonly id: string;
  readonly place: Place;
}

/** What is to be written, by where; everything in it can be written at once. */
export interface Draft {
  readonly rows: Map<TableShape, DraftRow[]>;
  readonly pairs: Map<WriteRelation, DraftPair[]>;
  readonly attachments: Map<WriteRelation, DraftAttachment[]>;
}

export function emptyDraft(): Draft {
  return { rows: new Map(), pairs: new Map(), attachments: new Map() };
}

export function isEmpty({ rows, pairs, attachments }: Draft): boolean {
  return rows.size === 0 && pairs.size === 0 && attachments.size === 0;
}

/** Adds to the list of a key, which it makes where there is none. */
export function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

const maxIssues = 100;

/** Shared by every root field of a request. */
export interface RowBudget {
  rowsLeft: number;
}

/** What reading the input of one root field gathers on its way; issues are gathered for the whole request. */
export class InputReading {
  readonly index: ModelIndex;
  readonly newId: () => string;
  readonly lookups: PendingId[] = [];
  readonly references: Reference[] = [];
  readonly #budget: RowBudget;
  readonly #issues: InputIssue[];

  constructor(index: ModelIndex, newId: () => string, budget: RowBudget, issues: InputIssue[]) {
    this.index = index;
    this.newId = newId;
    this.#budget = budget;
    this.#issues = issues;
  }

  /** For a branch that may not be taken: its rows are looked up apart, its issues are told together. */
  branch(): InputReading {
    return new InputReading(this.index, this.newId, this.#budget, this.#issues);
  }

  /** Beyond a hundred issues, more would help nobody. */
  report(place: Place, message: string): void {
    if (this.#issues.length < maxIssues) this.#issues.push({ path: pathOf(place), message });
  }

  /** @throws OperationError when the request names more rows than one may */
  countRow(place: Place): void {
    this.#budget.rowsLeft -= 1;
    if (this.#budget.rowsLeft >= 0) return;
    throw operationErrors.tooManyRowsNamed(pathOf(place), requestLimits.writtenRows);
  }
}
