import { keepsSequence, type ColumnPair, type TableDiff } from '../diff-tables.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { columnLabel, type Table } from '../tables/table.ts';
import type { Ddl } from './ddl.ts';
import { orderRenames, type Rename } from './rename-order.ts';
import { sentences } from './sentences.ts';
import { createStep } from './step.ts';

/** Steps that rename tables, columns, and the indexes and constraints that are named after them. */
export function renameSteps(diffs: readonly TableDiff[], ddl: Ddl): readonly MigrationStep[] {
  return [
    ...renameTables(diffs, ddl),
    ...diffs.flatMap((diff) => renameColumns(diff, ddl)),
    ...renameConstraints(diffs, ddl),
  ];
}

function renameTables(diffs: readonly TableDiff[], ddl: Ddl): readonly MigrationStep[] {
  const before = new Map(diffs.map((diff) => [diff.before.name, diff.before]));
  const after = new Map(diffs.map((diff) => [diff.after.name, diff.after]));
  const renames = orderRenames(
    diffs.map((diff) => ({ from: diff.before.name, to: diff.after.name })),
  );
  return renames.map((rename) => {
    const [from, to] = [before.get(rename.from), after.get(rename.to)];
    return createStep({
      kind: 'RENAME_TABLE',
      target: (from ?? to)?.label ?? rename.to,
      summary: sentences.RENAME_TABLE(from, to),
      sql: [ddl.renameTable(rename)],
    });
  });
}

function renameColumns({ before, after, columns }: TableDiff, ddl: Ddl): readonly MigrationStep[] {
  const renames = orderRenames(
    columns.kept.map((pair) => ({ from: pair.before.name, to: pair.after.name })),
  );
  const label = (table: Table, name: string) =>
    table.columns.some((column) => column.name === name) ? columnLabel(table, name) : undefined;
  return renames.map((rename) => {
    const [from, to] = [label(before, rename.from), label(after, rename.to)];
    return createStep({
      kind: 'RENAME_COLUMN',
      target: from ?? to ?? rename.to,
      summary: sentences.RENAME_COLUMN(from, to, rename),
      sql: [ddl.renameColumn(after.name, rename)],
    });
  });
}

/**
 * Names of indexes, including those of keys, and of sequences are unique in a schema. Other constraint names are unique
 * in a table.
 */
function renameConstraints(diffs: readonly TableDiff[], ddl: Ddl): readonly MigrationStep[] {
  const indexes = orderRenames(diffs.flatMap(({ keys }) => keys.kept.map(renameOf)));
  const sequences = orderRenames(diffs.flatMap(({ columns }) => columns.kept.flatMap(sequenceOf)));
  const constraints = diffs.flatMap(({ after, checks, foreignKeys }) => {
    const renames = [...checks.kept.map(renameOf), ...foreignKeys.kept.map(renameOf)];
    return orderRenames(renames).map((rename) => ({ table: after.name, rename }));
  });
  const count = indexes.length + constraints.length;
  if (count + sequences.length === 0) return [];
  return [
    createStep({
      kind: 'RENAME_CONSTRAINTS',
      target: 'Keys and checks',
      summary: sentences.RENAME_CONSTRAINTS(count, sequences.length),
      sql: [
        ...indexes.map((rename) => ddl.renameIndex(rename)),
        ...sequences.map((rename) => ddl.renameSequence(rename)),
        ...constraints.map(({ table, rename }) => ddl.renameConstraint(table, rename)),
      ],
    }),
  ];
}

function sequenceOf(pair: ColumnPair): readonly Rename[] {
  const [from, to] = [pair.before.sequence, pair.after.sequence];
  return !keepsSequence(pair) || from === null || to === null ? [] : [{ from, to }];
}

function renameOf(kept: {
  readonly before: { readonly name: string };
  readonly after: { readonly name: string };
}): Rename {
  return { from: kept.before.name, to: kept.after.name };
}
