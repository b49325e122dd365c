import type { Model } from '../sdl/model.ts';
import type { IssuerReferences } from '../sdl/user-field-diagnostics.ts';
import { deepFreeze } from '../sdl/collections.ts';
import { accessSteps } from './access/access-steps.ts';
import { planNotes } from './access/plan-notes.ts';
import { diffTables, type TableDiff } from './diff-tables.ts';
import { contentHash } from './hash.ts';
import { locksOf } from './locks.ts';
import { nextLineage, noHistory, type Lineage, type MigrationHistory } from './lineage.ts';
import { matchTables, type MatchRules, type TableMatch } from './match-tables.ts';
import { inOrder, type MigrationPlan } from './migration-plan.ts';
import type { ProjectNames } from './project-names.ts';
import { affectedRows } from './steps/affected-rows.ts';
import { columnSteps } from './steps/column-steps.ts';
import { constraintSteps } from './steps/constraint-steps.ts';
import { createDdl } from './steps/ddl.ts';
import { renameSteps } from './steps/rename-steps.ts';
import { createTables, dropTables, releaseKeys } from './steps/table-steps.ts';
import { suggestRenames } from './suggest-renames.ts';
import { targetHash } from './target-hash.ts';
import { tablesOf } from './tables/tables-of.ts';

interface MigrationBase {
  readonly project: ProjectNames;
  /** The version number of `current`, or 0 if there is none. */
  readonly baseVersion: number;
  /** Omitted if nothing is known about earlier versions. */
  readonly history?: MigrationHistory;
  /** The trusted issuers of the project. */
  readonly issuers?: readonly IssuerReferences[];
}

const emptyModel: Model = { types: [], enums: [], relations: [], access: null };

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
  { project, baseVersion, history = noHistory, issuers = [] }: MigrationBase,
): MigrationPlan {
  const models = { current: current ?? emptyModel, next };
  const { match, diffs } = compareModels(models, history);
  const ddl = createDdl(project);
  const byName = new Map(diffs.map((diff) => [diff.after.name, diff]));
  const tableSteps = [
    ...releaseKeys(match.dropped, diffs, ddl),
    ...dropTables(match.dropped, project.schema, ddl),
    ...renameSteps(diffs, ddl),
    ...createTables(match.created, ddl),
    ...diffs.flatMap((diff) => {
      const affected = affectedRows(project.schema, diff);
      const context = { diff, ddl, affected, diffOf: (name: string) => byName.get(name) ?? null };
      return [...columnSteps(context), ...constraintSteps(context)];
    }),
  ];
  const { schema } = project;
  const changesTables = tableSteps.length > 0;
  const steps = [
    ...tableSteps,
    ...accessSteps(models, { names: match.names, schema, changesTables }),
  ];
  const content = {
    schema,
    role: project.role,
    baseVersion,
    target: targetHash(next),
    steps: inOrder(steps),
    locks: locksOf(match, diffs),
  };
  return deepFreeze({
    hash: planHash(content),
    ...content,
    suggestions: suggestRenames(models, { match, diffs }),
    notes: planNotes(models, issuers),
    lineage: lineageAfter(next, { lineage: history.lineage, baseVersion, match, diffs }),
  });
}

interface ModelDiff {
  readonly match: TableMatch;
  readonly diffs: readonly TableDiff[];
}

function compareModels(
  models: { readonly current: Model; readonly next: Model },
  rules: MatchRules,
): ModelDiff {
  const tables = { current: tablesOf(models.current), next: tablesOf(models.next) };
  const match = matchTables(models, tables, rules);
  return { match, diffs: diffTables(match) };
}

/** An applied version whose lineage was not stored, because an earlier version of Tessera applied it. */
interface AppliedModel {
  readonly number: number;
  readonly model: Model;
}

/**
 * Returns the lineage of the last of several consecutive versions, as earlier versions of Tessera matched their names.
 */
export function lineageOf(
  versions: readonly AppliedModel[],
  before: Lineage | null,
): Lineage | null {
  let lineage = before;
  for (const [index, { number, model }] of versions.entries()) {
    const current = versions[index - 1];
    if (current === undefined) continue;
    const compared = compareModels({ current: current.model, next: model }, 'NAMES_ONLY');
    lineage = lineageAfter(model, { lineage, baseVersion: number - 1, ...compared });
  }
  return lineage;
}

/** A field whose column is dropped and added again is a new field, even if it keeps its name. */
function lineageAfter(
  next: Model,
  {
    lineage,
    baseVersion,
    match,
    diffs,
  }: ModelDiff & { readonly lineage: Lineage | null; readonly baseVersion: number },
): Lineage {
  const { types, fields, values } = match.names;
  const replaced = new Set(
    diffs.flatMap(({ after, columns }) =>
      columns.added.map(({ origin }) => `${after.label}.${origin}`),
    ),
  );
  const kept = new Map([...fields].filter(([path]) => !replaced.has(path)));
  return nextLineage(lineage, next, {
    kept: { types, values, fields: kept },
    version: baseVersion + 1,
  });
}

type HashedPlan = Omit<MigrationPlan, 'hash' | 'suggestions' | 'notes' | 'lineage'>;

/**
 * Returns a plan's hash. Everything that only informs is excluded, so a plan does not become stale when an upgrade
 * rewords a summary.
 */
function planHash(content: HashedPlan): string {
  const steps = content.steps.map(
    ({ summary: _, rows: _rows, tooLong: _tooLong, publicRows: _public, ...step }) => step,
  );
  return contentHash({ ...content, steps });
}
