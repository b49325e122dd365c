/**
 * What PostgreSQL's catalog says of a project's schema, in a form that can be compared: sorted by name,
 * expressions reduced to what they mean. Plain data.
 */
export interface CatalogSnapshot {
  readonly tables: readonly CatalogTable[];
  /** Anything that no model asks for, such as `view "x"`; empty if all is well. */
  readonly strangers: readonly string[];
}

export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly keys: readonly CatalogKey[];
  readonly foreignKeys: readonly CatalogForeignKey[];
  readonly checks: readonly CatalogCheck[];
  /** What the project's role may do, sorted: `DELETE`, `INSERT`, … */
  readonly privileges: readonly string[];
}

export interface CatalogColumn {
  readonly name: string;
  /** As `format_type` writes it: `text[]`. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
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
}

export interface CatalogCheck {
  readonly name: string;
  readonly expression: string;
}

export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
