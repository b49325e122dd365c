/**
 * The catalog of a project's schema as plain data that can be compared: sorted by name, with normalized expressions.
 */
export interface CatalogSnapshot {
  readonly tables: readonly CatalogTable[];
  /** Objects that no model defines, such as `view "x"`. Empty in a correct schema. */
  readonly strangers: readonly string[];
}

export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly checks: readonly CatalogCheck[];
  /** The sorted privileges of the project's role: `DELETE`, `INSERT`, … */
  readonly privileges: readonly string[];
}

export interface CatalogColumn {
  readonly name: string;
  /** As formatted by `format_type`: `text[]`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  readonly sequence: CatalogSequence | null;
}

/** The sequence of an identity column. */
export interface CatalogSequence {
  readonly name: string;
  readonly type: string;
  /** `ALWAYS`, or `BY DEFAULT` if a row can have a value of its own. */
  readonly generated: string;
  /** The sorted privileges of the project's role. */
  readonly privileges: readonly string[];
}

export interface CatalogKey {
  readonly kind: 'PRIMARY_KEY' | 'UNIQUE' | 'INDEX';
  readonly name: string;
  readonly columns: readonly string[];
}

export interface CatalogForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly table: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}

export interface CatalogCheck {
  readonly name: string;
  readonly expression: string;
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
