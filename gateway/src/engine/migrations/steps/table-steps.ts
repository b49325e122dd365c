import { ident, sql } from '../../sql/sql.ts';
import { dropsKeyOf, type TableDiff } from '../diff-tables.ts';
import type { MigrationStep } from '../migration-plan.ts';
import type { Table } from '../tables/table.ts';
import { createForeignKey, removeForeignKey } from './constraint-steps.ts';
import type { Ddl } from './ddl.ts';
import { sentences } from './sentences.ts';
import { createStep } from './step.ts';

/**
 * Creates tables with their columns, keys and checks. Foreign keys are added after all tables exist, because tables can
 * reference each other.
 */
export function createTables(tables: readonly Table[], ddl: Ddl): readonly MigrationStep[] {
  return tables.flatMap((table) => [
    createStep({
      kind: 'CREATE_TABLE',
      target: table.label,
      summary: sentences.CREATE_TABLE(table),
      sql: ddl.createTable(table),
    }),
    ...table.foreignKeys.map((key) => createForeignKey(key, table, ddl)),
  ]);
}

/** Drops the foreign keys of dropped tables that reference keys which are dropped before the tables. */
export function releaseKeys(
  tables: readonly Table[],
  diffs: readonly TableDiff[],
  ddl: Ddl,
): readonly MigrationStep[] {
  return tables.flatMap((table) =>
    table.foreignKeys
      .filter((key) =>
        diffs.some((diff) => diff.before.name === key.table && dropsKeyOf(key, diff)),
      )
      .map((key) => removeForeignKey(key, table, ddl)),
  );
}

/**
 * Drops tables. They can reference each other, so the foreign keys that reference a table are dropped before the table
 * itself.
 */
export function dropTables(
  tables: readonly Table[],
  schema: string,
  ddl: Ddl,
): readonly MigrationStep[] {
  // Join tables are dropped first, because no table references them.
  const going = [...tables].sort((a, b) => Number(b.kind === 'JOIN') - Number(a.kind === 'JOIN'));
  return going.map((table, index) => {
    const releases = going
      .slice(index + 1)
      .flatMap((other) =>
        other.foreignKeys
          .filter((key) => key.table === table.name)
          .map((key) => ddl.dropConstraint(other.name, key.name)),
      );
    return createStep({
      kind: 'DROP_TABLE',
      target: table.label,
      summary: sentences.DROP_TABLE(table),
      sql: [...releases, ddl.dropTable(table.name)],
      hazard: {
        level: 'DATA_LOSS',
        count: sql`SELECT count(*) AS count FROM ${ident(schema, table.name)}`,
      },
    });
  });
}
