import type { Model } from '../sdl/model.ts';
import { deepFreeze } from '../sdl/collections.ts';
import { diffTables } from './diff-tables.ts';
import { contentHash } from './hash.ts';
import { locksOf } from './locks.ts';
import { matchTables, type TableMatch } from './match-tables.ts';
import { inOrder, type MigrationPlan } from './migration-plan.ts';
import type { ProjectNames } from './project-names.ts';
import { affectedRows, type ReferencedTable } from './steps/affected-rows.ts';
import { columnSteps } from './steps/column-steps.ts';
import { constraintSteps } from './steps/constraint-steps.ts';
import { createDdl } from './steps/ddl.ts';
import { renameSteps } from './steps/rename-steps.ts';
import { createTables, dropTables } from './steps/table-steps.ts';
import { tablesOf } from './tables/tables-of.ts';

interface MigrationBase {
  readonly project: ProjectNames;
  /** The version number of `current`, or 0 if there is none. */
  readonly baseVersion: number;
}

const emptyModel: Model = { types: [], enums: [], relations: [] };

/**
 * Plans how to turn the tables of `current` into those of `next`: matches the tables, compares each pair, creates the
 * steps with their SQL, summary and hazard, and orders the steps.
 *
 * This is a pure function: the same arguments always give the same plan, with the same hash. Changes that do not affect
 * the database, such as a new description, have no steps.
 */
export function planMigration(
  current: Model | null,
  next: Model,
  { project, baseVersion }: MigrationBase,
): MigrationPlan {
  const models = { current: current ?? emptyModel, next };
  const tables = { current: tablesOf(models.current), next: tablesOf(next) };
  const match = matchTables(models, tables);
  const diffs = match.pairs.map(({ before, after }) => diffTables(before, after, match));
  const ddl = createDdl(project);
  const steps = [
    ...dropTables(match.dropped, project.schema, ddl),
    ...renameSteps(diffs, ddl),
    ...createTables(match.created, ddl),
    ...diffs.flatMap((diff) => {
      const affected = affectedRows(project.schema, diff);
      const context = { diff, ddl, affected, currentTable: currentTables(match) };
      return [...columnSteps(context), ...constraintSteps(context)];
    }),
  ];
  const content = {
    schema: project.schema,
    role: project.role,
    baseVersion,
    target: targetHash(next),
    steps: inOrder(steps),
    locks: locksOf(match, diffs),
  };
  return deepFreeze({ hash: planHash(content), ...content });
}

/** Returns a plan's hash. Summaries are excluded, so a plan does not become stale when an upgrade rewords them. */
function planHash(content: Omit<MigrationPlan, 'hash'>): string {
  const steps = content.steps.map(({ summary: _, ...step }) => step);
  return contentHash({ ...content, steps });
}

function currentTables({ pairs }: TableMatch): (next: string) => ReferencedTable | null {
  return (next) => {
    const before = pairs.find(({ after }) => after.name === next)?.before;
    const column = before?.keys.find(({ kind }) => kind === 'PRIMARY_KEY')?.columns[0];
    return before === undefined || column === undefined ? null : { table: before.name, column };
  };
}

/**
 * Hashes a model in the format of version 0.1, in which the sides of a relation were named `holder` and `target`. If
 * the hash used the new names, a plan created before an upgrade would be stale after the upgrade.
 */
function targetHash({ relations, ...model }: Model): string {
  return contentHash({
    ...model,
    relations: relations.map((relation) => {
      if (relation.kind === 'JOIN_TABLE') return relation;
      const { owningSide: holder, inverseSide: target, ...others } = relation;
      return { ...others, holder, target };
    }),
  });
}
