import type { ModelType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';

/** SQL conditions to be combined with AND. A condition that contains OR is already in parentheses. */
export type Conditions = readonly Sql[];

/** A row and its alias in SQL. */
export interface AliasedRow {
  readonly type: ModelType;
  readonly alias: Sql;
}

/** A row that a statement reads because it is related to another row. */
export interface ReadRow extends AliasedRow {
  /** The row to which one of its foreign keys refers. Absent if the statement does not read that row. */
  readonly parent?: ParentRow | null;
}

export interface ParentRow {
  /** The name of the relation that has the foreign key. */
  readonly relation: string;
  readonly row: AliasedRow;
}

/** What a caller sees of the rows. A hidden row does not exist for the caller, and a hidden value is null. */
export interface Visibility {
  /** The conditions under which the caller sees a row. Empty if the caller sees all rows of the type. */
  readonly ofRow: (row: ReadRow) => Conditions;
  /**
   * The condition under which the caller sees a field of a row, by its name in the API. Null if there is none: the
   * caller sees it wherever it sees the row.
   */
  readonly ofField: (row: AliasedRow, field: string) => Sql | null;
}

/** For callers to whom access rules do not apply, and for the filters of rules. */
export const everythingVisible: Visibility = { ofRow: () => [], ofField: () => null };
