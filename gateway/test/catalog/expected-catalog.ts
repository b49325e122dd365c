import type { Model } from '../../src/engine/sdl/model.ts';
import { ident, renderStandalone } from '../../src/engine/sql/sql.ts';
import { checkExpression } from '../../src/engine/migrations/tables/check-rule.ts';
import { defaultExpression } from '../../src/engine/migrations/steps/ddl.ts';
import { typeName } from '../../src/engine/migrations/tables/column-type.ts';
import type { Column, Table } from '../../src/engine/migrations/tables/table.ts';
import { tablesOf } from '../../src/engine/migrations/tables/tables-of.ts';
import { canonicalDefault, canonicalExpression } from './canonical-expression.ts';
import { byName, type CatalogColumn, type CatalogSnapshot, type CatalogTable } from './snapshot.ts';

/**
 * Returns the catalog that a model is expected to produce. `introspect` must return the same after the plan is applied.
 */
export function catalogOf(model: Model): CatalogSnapshot {
  return { tables: tablesOf(model).map(catalogTable).sort(byName), strangers: [] };
}

function catalogTable({ name, columns, keys, foreignKeys, checks }: Table): CatalogTable {
  return {
    name,
    columns: columns.map(catalogColumn).sort(byName),
    keys: keys
      .map((key) => ({ kind: key.kind, name: key.name, columns: key.columns }))
      .sort(byName),
    foreignKeys: foreignKeys
      .map((key) => ({
        name: key.name,
        columns: key.columns,
        table: key.table,
        referencedColumns: key.referencedColumns,
        onDelete: key.onDelete,
        onUpdate: key.onUpdate,
      }))
      .sort(byName),
    checks: checks
      .map((check) => ({
        name: check.name,
        expression: canonicalExpression(
          renderStandalone(checkExpression(check.rule, ident(check.column))),
        ),
      }))
      .sort(byName),
    privileges: ['DELETE', 'INSERT', 'SELECT', 'UPDATE'],
  };
}

function catalogColumn(column: Column): CatalogColumn {
  const type = renderStandalone(typeName(column));
  const value = defaultExpression(column);
  return {
    name: column.name,
    type,
    notNull: column.notNull,
    default: value === null ? null : canonicalDefault(renderStandalone(value), type),
    sequence:
      column.sequence === null
        ? null
        : {
            name: column.sequence,
            type,
            generated: 'BY DEFAULT',
            privileges: ['SELECT', 'UPDATE', 'USAGE'],
          },
  };
}
