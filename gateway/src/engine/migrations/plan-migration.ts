import type { Model } from '../sdl/model.ts';
import { deepFreeze } from '../sdl/freeze.ts';
import { sql, ident } from '../sql/sql.ts';
import type { ProjectNames } from './project-names.ts';
import type { Table } from './tables/table.ts';
import { tablesOf } from './tables/tables-of.ts';
import { columnSteps } from './column-steps.ts';
import { constraintSteps, foreignKeySteps } from './constraint-steps.ts';
import { createDdl, type Ddl } from './ddl.ts';
import { contentHash } from './hash.ts';
import { columnLabel } from './labels.ts';
import { liveCounts, type TargetBefore } from './live-counts.ts';
import { locksOf } from './locks.ts';
import type { MigrationPlan } from './migration-plan.ts';
import { inOrder, type PhasedStep } from './phases.ts';
import { renameSteps } from './rename-steps.ts';
import { step } from './step.ts';
import { diffTables, type TableDiff } from './table-diff.ts';
import { matchTables, type TableMatch } from './table-match.ts';

export interface PlanContext {
  readonly project: ProjectNames;
  /** The number of the version that `current` is; 0 where there is none. */
  readonly baseVersion: number;
}

const emptyModel: Model = { types: [], enums: [], relations: [] };

/**
 * What has to be done to the tables of `current` so that they become those of `next`, in an order that
 * works. Pure: the same arguments give the same plan with the same hash. There are no steps where
 * nothing in the database changes, such as for a new description.
 */
export function planMigration(
  current: Model | null,
  next: Model,
  { project, baseVersion }: PlanContext,
): MigrationPlan {
  const models = { current: current ?? emptyModel, next };
  const tables = { current: tablesOf(models.current), next: tablesOf(next) };
  const match = matchTables(models, tables);
  const diffs = match.pairs.map(({ before, after }) => diffTables(before, after, match));
  const change: Change = { tables, match, diffs, ddl: createDdl(project), project };
  const content = {
    schema: project.schema,
    role: project.role,
    baseVersion,
    target: contentHash(next),
    steps: inOrder([
      ...dropTables(change),
      ...renameSteps(diffs, change.ddl),
      ...createTables(change),
      ...diffs.flatMap((diff) => changeTable(diff, change)),
    ]),
    locks: locksOf(tables, diffs, match),
  };
  return deepFreeze({ hash: contentHash(content), ...content });
}

interface Change {
  readonly tables: { readonly current: readonly Table[]; readonly next: readonly Table[] };
  readonly match: TableMatch;
  readonly diffs: readonly TableDiff[];
  readonly ddl: Ddl;
  readonly project: ProjectNames;
}

function changeTable(diff: TableDiff, { ddl, project, match }: Change): readonly PhasedStep[] {
  const context = { diff, ddl, counts: liveCounts(project.schema, diff) };
  return [
    ...columnSteps(context),
    ...constraintSteps(context),
    ...foreignKeySteps(context, (table) => targetBefore(table, match)),
  ];
}

function targetBefore(table: string, { pairs }: TableMatch): TargetBefore | null {
  const before = pairs.find((pair) => pair.after.name === table)?.before;
  const key = before?.keys.find(({ kind }) => kind === 'PRIMARY_KEY');
  const column = key?.columns[0];
  return before === undefined || column === undefined ? null : { table: before.name, column };
}

/** New tables stand alone first; only then do foreign keys connect them, in circles if need be. */
function createTables({ tables, match, ddl }: Change): readonly PhasedStep[] {
  const kept = new Set(match.pairs.map(({ after }) => after));
  const created = tables.next.filter((table) => !kept.has(table));
  return created.flatMap((table) => [
    step({
      phase: 'CREATE_TABLES',
      kind: 'CREATE_TABLE',
      target: table.label,
      summary:
        table.kind === 'JOIN'
          ? `Create a table for the pairs of ${table.label}.`
          : `Create a table for ${table.label}.`,
      sql: ddl.createTable(table),
    }),
    ...table.foreignKeys.map((key) => {
      const target = columnLabel(table, key.column);
      return step({
        phase: 'ADD_FOREIGN_KEYS',
        kind: 'ADD_FOREIGN_KEY',
        target,
        summary: `Let ${target} point only to rows that exist; on delete: ${key.onDelete.toLowerCase()}.`,
        sql: [ddl.addForeignKey(table.name, key)],
      });
    }),
  ]);
}

/** Tables that go may point to each other, so each is let go of before it is dropped. */
function dropTables({ tables, match, ddl, project }: Change): readonly PhasedStep[] {
  const going = tables.current
    .filter(({ name }) => match.nextName(name) === null)
    // Pairs go first, since nothing points to them.
    .sort((a, b) => Number(b.kind === 'JOIN') - Number(a.kind === 'JOIN'));
  return going.map((table, index) => {
    const releases = going
      .slice(index + 1)
      .flatMap((other) =>
        other.foreignKeys
          .filter((key) => key.table === table.name)
          .map((key) => ddl.dropConstraint(other.name, key.name)),
      );
    return step({
      phase: 'DROP_TABLES',
      kind: 'DROP_TABLE',
      target: table.label,
      summary:
        table.kind === 'JOIN'
          ? `Drop all pairs of ${table.label}.`
          : `Drop ${table.label} with all of its rows.`,
      sql: [...releases, ddl.dropTable(table.name)],
      hazard: {
        level: 'DATA_LOSS',
        count: sql`SELECT count(*) AS count FROM ${ident(project.schema, table.name)}`,
      },
    });
  });
}
