import type { Table } from './tables/table.ts';
import type { Ddl } from './ddl.ts';
import { columnLabel } from './labels.ts';
import type { PhasedStep } from './phases.ts';
import { orderRenames, type Rename } from './rename-order.ts';
import { step } from './step.ts';
import type { TableDiff } from './table-diff.ts';

/** All renames: of tables, of columns, and of the indexes and constraints that are called after them. */
export function renameSteps(diffs: readonly TableDiff[], ddl: Ddl): readonly PhasedStep[] {
  return [
    ...renameTables(diffs, ddl),
    ...diffs.flatMap((diff) => renameColumns(diff, ddl)),
    ...renameConstraints(diffs, ddl),
  ];
}

function renameTables(diffs: readonly TableDiff[], ddl: Ddl): readonly PhasedStep[] {
  const before = new Map(diffs.map((diff) => [diff.before.name, diff.before]));
  const after = new Map(diffs.map((diff) => [diff.after.name, diff.after]));
  const renames = orderRenames(
    diffs.map((diff) => ({ from: diff.before.name, to: diff.after.name })),
  );
  return renames.map((rename) => {
    const [from, to] = [before.get(rename.from), after.get(rename.to)];
    return step({
      phase: 'RENAME_TABLES',
      kind: 'RENAME_TABLE',
      target: (from ?? to)?.label ?? rename.to,
      summary: renameSummary(from?.label, to?.label),
      sql: [ddl.renameTable(rename)],
    });
  });
}

function renameColumns({ before, after, columns }: TableDiff, ddl: Ddl): readonly PhasedStep[] {
  const renames = orderRenames(
    columns.kept.map((pair) => ({ from: pair.before.name, to: pair.after.name })),
  );
  const label = (table: Table, name: string) =>
    table.columns.some((column) => column.name === name) ? columnLabel(table, name) : undefined;
  return renames.map((rename) => {
    const [from, to] = [label(before, rename.from), label(after, rename.to)];
    return step({
      phase: 'RENAME_COLUMNS',
      kind: 'RENAME_COLUMN',
      target: from ?? to ?? rename.to,
      summary: renameSummary(from, to),
      sql: [ddl.renameColumn(after.name, rename)],
    });
  });
}

/** One of the two is missing where a swap goes by way of a temporary name. */
function renameSummary(from: string | undefined, to: string | undefined): string {
  if (to === undefined) return `Set ${from ?? 'it'} aside, so that its name is free.`;
  if (from === undefined) return `Give ${to} its name.`;
  return `Rename ${from} to ${to}; all data stays.`;
}

/** Indexes share one namespace in a schema, with the keys that stand on them; other constraints one a table. */
function renameConstraints(diffs: readonly TableDiff[], ddl: Ddl): readonly PhasedStep[] {
  const indexes = orderRenames(diffs.flatMap(({ keys }) => keys.kept.map(renameOf)));
  const constraints = diffs.flatMap(({ after, checks, foreignKeys }) => {
    const renames = [...checks.kept.map(renameOf), ...foreignKeys.kept.map(renameOf)];
    return orderRenames(renames).map((rename) => ({ table: after.name, rename }));
  });
  const count = indexes.length + constraints.length;
  if (count === 0) return [];
  return [
    step({
      phase: 'RENAME_CONSTRAINTS',
      kind: 'RENAME_CONSTRAINTS',
      target: 'Keys and checks',
      summary: `Give ${count} keys and checks the names that go with their tables and columns.`,
      sql: [
        ...indexes.map((rename) => ddl.renameIndex(rename)),
        ...constraints.map(({ table, rename }) => ddl.renameConstraint(table, rename)),
      ],
    }),
  ];
}

function renameOf(kept: {
  readonly before: { readonly name: string };
  readonly after: { readonly name: string };
}): Rename {
  return { from: kept.before.name, to: kept.after.name };
}
