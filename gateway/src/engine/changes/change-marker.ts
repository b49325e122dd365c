/**
 * What the marker of an apply in the change log says about the changes before it, so that they can be read as changes of
 * the next tables. Names are of tables and columns.
 */
export interface ChangeMarker {
  /** The number of the version that is applied. */
  readonly version: number;
  /** The next name of each table that is renamed. Null for a table that is dropped. */
  readonly tables: Readonly<Record<string, string | null>>;
  /** By next table: the next name of each column that is renamed. Null for a column that is dropped. */
  readonly columns: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  /** By next table: the columns that earlier images lack. */
  readonly added: Readonly<Record<string, readonly string[]>>;
  /** The next tables whose earlier images cannot be read, because values or keys changed. */
  readonly reset: readonly string[];
}
