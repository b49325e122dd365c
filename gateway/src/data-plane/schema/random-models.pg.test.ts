import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { modelPairs } from '../../../test/engine/random-models.ts';
import { createChoice, insertRandomRows } from '../../../test/engine/random-rows.ts';
import {
  readContents,
  sameValue,
  type Contents,
  type Value,
} from '../../../test/engine/table-contents.ts';
import type { Model } from '../../engine/sdl/model.ts';
import { findObstacle } from './count-hazards.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import type { Hazard, MigrationPlan, StepKind } from '../../engine/migrations/migration-plan.ts';
import { diffTables } from '../../engine/migrations/diff-tables.ts';
import { matchTables, type MatchRules } from '../../engine/migrations/match-tables.ts';
import { columnLabel, type Column } from '../../engine/migrations/tables/table.ts';
import { tablesOf } from '../../engine/migrations/tables/tables-of.ts';

const database = useTestDatabase();
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');
const timeoutMs = 60_000 + runs * 5_000;

it(
  `migrates from any model to any other (${runs} pairs, seed ${seed})`,
  { timeout: timeoutMs },
  async () => {
    const seen = new Set<string>();
    const property = fc.asyncProperty(modelPairs, fc.integer(), async (pair, rowSeed) => {
      await withProject(database.pool, async (project) => {
        await project.query(`SET TimeZone = 'UTC'`);
        const [current, next] = [readModel(pair.current), readModel(pair.next)];
        await project.apply(current);
        await expectCatalog(project, current);
        await insertRandomRows(project, current, createChoice(rowSeed));
        const plan = project.plan(next);
        for (const { kind, hazard } of plan.steps) seen.add(`${kind} ${hazard}`);
        await applyOrRefuse(project, { current, next, plan });
        await expectCatalog(project, next);
        expect(project.plan(next).steps).toEqual([]);
      });
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: false, ...limits() });
    // The test is meaningful only if the pairs cover all kinds of steps.
    if (runs >= 200) expect([...seen].sort()).toEqual(expect.arrayContaining(everyStep));
  },
);

it(
  `goes back to an earlier model and keeps all rows and values that it kept on the way (${runs} histories, seed ${seed})`,
  { timeout: timeoutMs },
  async () => {
    const property = fc.asyncProperty(modelPairs, fc.integer(), async (pair, rowSeed) => {
      await withProject(database.pool, async (project) => {
        await project.query(`SET TimeZone = 'UTC'`);
        const [first, second] = [readModel(pair.current), readModel(pair.next)];
        const third = readModel(`type Unrelated @model { id: ID! @id } ${pair.next}`);
        await project.apply(first);
        await insertRandomRows(project, first, createChoice(rowSeed));
        const forward = await migrate(project, first, second);
        await migrate(project, second, third);
        const back = await migrate(project, third, first);
        expectInverse(forward, back);
        expectInverse(back, await migrate(project, first, second));
        expect(project.plan(second).steps).toEqual([]);
      });
    });
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: false, ...limits() });
  },
);

/**
 * Applies a model. Returns the current names of its tables that are kept, and of its columns that are kept with the
 * same type. There is not a cast back for every cast.
 */
async function migrate(
  project: EngineProject,
  current: Model,
  next: Model,
): Promise<ReadonlyMap<string, string>> {
  const plan = project.plan(next);
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const match = matchTables({ current, next }, tables, project.history(next));
  const diffs = new Map(diffTables(match).map(({ after, columns }) => [after, columns.kept]));
  await applyOrRefuse(project, { current, next, plan });
  await expectCatalog(project, next);
  return new Map(
    match.pairs.flatMap(({ before, after }) => [
      [after.name, before.name] as const,
      ...(diffs.get(after) ?? [])
        .filter(({ cast }) => cast === null)
        .map((pair) => {
          const names = [`${after.name} ${pair.after.name}`, `${before.name} ${pair.before.name}`];
          return [names[0] ?? '', names[1] ?? ''] as const;
        }),
    ]),
  );
}

/** Checks that everything that was kept on the way is also kept on the way back, under its earlier name. */
function expectInverse(
  forward: ReadonlyMap<string, string>,
  back: ReadonlyMap<string, string>,
): void {
  for (const [after, before] of forward) {
    expect(`${before} was ${back.get(before) ?? 'dropped'}`).toBe(`${before} was ${after}`);
  }
}

/** The hazards that steps of each kind have in a sufficiently large sample. */
const hazardsOfSteps: Readonly<Record<StepKind, readonly Hazard[]>> = {
  ADD_CHECK: ['LOCK', 'MAY_FAIL'],
  ADD_COLUMN: ['LOCK', 'MAY_FAIL', 'NONE'],
  ADD_FOREIGN_KEY: ['LOCK', 'NONE'],
  ADD_KEY: ['LOCK', 'MAY_FAIL'],
  ADD_SEQUENCE: ['LOCK'],
  CHANGE_DEFAULT: ['NONE'],
  CHANGE_TYPE: ['DATA_LOSS', 'LOCK', 'MAY_FAIL'],
  CREATE_TABLE: ['NONE'],
  DROP_CHECK: ['NONE'],
  DROP_COLUMN: ['DATA_LOSS'],
  DROP_FOREIGN_KEY: ['NONE'],
  DROP_KEY: ['NONE'],
  DROP_SEQUENCE: ['NONE'],
  DROP_TABLE: ['DATA_LOSS'],
  FILL_COLUMN: ['LOCK', 'MAY_FAIL'],
  RENAME_COLUMN: ['NONE'],
  RENAME_CONSTRAINTS: ['NONE'],
  RENAME_TABLE: ['NONE'],
  SET_OPTIONAL: ['NONE'],
  SET_REQUIRED: ['MAY_FAIL'],
};
const everyStep = Object.entries(hazardsOfSteps).flatMap(([kind, hazards]) =>
  hazards.map((hazard) => `${kind} ${hazard}`),
);

/** Shrinks a failure for a limited time and then reports it. */
function limits() {
  return { interruptAfterTimeLimit: timeoutMs - 30_000, markInterruptAsFailure: true };
}

interface Step {
  readonly current: Model;
  readonly next: Model;
  readonly plan: MigrationPlan;
}

/**
 * The counts predict exactly whether the plan can be applied. If it cannot, nothing changes until the rows that prevent
 * it are removed.
 */
async function applyOrRefuse(project: EngineProject, step: Step): Promise<void> {
  const { current, next, plan } = step;
  // Applying a model changes the history.
  const rules = project.history(next);
  if ((await findObstacle(project.client, plan.steps)) !== null) {
    const before = await allContents(project, current);
    await expect(project.apply(next)).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
    await expectCatalog(project, current);
    expect(await allContents(project, current)).toEqual(before);
    await removeObstacles(project, step, rules);
  }
  const before = await allContents(project, current);
  await project.apply(next);
  await expectKept(project, { ...step, before, rules });
}

/** Deletes rows one by one until none violates the plan, so that as many rows as possible remain. */
async function removeObstacles(
  project: EngineProject,
  { current, next, plan }: Step,
  rules: MatchRules,
): Promise<void> {
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const { pairs } = matchTables({ current, next }, tables, rules);
  for (let most = 200; most > 0; most -= 1) {
    const obstacle = await findObstacle(project.client, plan.steps);
    if (obstacle === null) return;
    const [label] = plan.steps[obstacle.step]?.target.split(/[.(]/) ?? [];
    const table = pairs.find(({ after }) => after.label === label)?.before.name ?? '';
    const one = `(SELECT ctid FROM "${table}" ORDER BY md5(ctid::text) LIMIT 1)`;
    try {
      await project.query(`DELETE FROM "${table}" WHERE ctid = ${one}`);
    } catch {
      // Another row references it.
      await project.query(`TRUNCATE "${table}" CASCADE`);
    }
  }
  throw new Error('Rows still violate the plan.');
}

async function expectCatalog(project: EngineProject, model: Model): Promise<void> {
  expect(await introspect(project.client, project.names)).toEqual(catalogOf(model));
}

async function allContents(
  project: EngineProject,
  model: Model,
): Promise<ReadonlyMap<string, Contents>> {
  const contents = new Map<string, Contents>();
  for (const table of tablesOf(model)) {
    contents.set(table.name, await readContents(project, table));
  }
  return contents;
}

/** Checks that no row or value is lost or changed unless a step declares data loss or fills rows without a value. */
async function expectKept(
  project: EngineProject,
  {
    current,
    next,
    plan,
    before,
    rules,
  }: Step & { readonly before: ReadonlyMap<string, Contents>; readonly rules: MatchRules },
): Promise<void> {
  const after = await allContents(project, next);
  const lost = new Set(
    plan.steps.filter(({ hazard }) => hazard === 'DATA_LOSS').map(({ target }) => target),
  );
  const filled = new Set(
    plan.steps.filter(({ kind }) => kind === 'FILL_COLUMN').map(({ target }) => target),
  );
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const match = matchTables({ current, next }, tables, rules);
  for (const table of tables.current.filter(({ label }) => !lost.has(label))) {
    const nextTable = tables.next.find(({ name }) => name === match.nextName(table.name));
    if (nextTable === undefined) throw new Error(`${table.label} no longer exists.`);
    const [rows, nextRows] = [before.get(table.name), after.get(nextTable.name)];
    expect([...(nextRows?.keys() ?? [])].sort()).toEqual([...(rows?.keys() ?? [])].sort());
    for (const column of table.columns) {
      const nextColumn: Column | undefined = nextTable.columns.find(
        ({ origin }) => match.originBefore(nextTable, origin) === column.origin,
      );
      const label = columnLabel(table, column.name);
      const nextLabel = nextColumn && columnLabel(nextTable, nextColumn.name);
      if (lost.has(label) || lost.has(nextLabel ?? '')) continue;
      for (const [id, row] of rows ?? []) {
        const was = row.get(column.name) ?? null;
        if (was === null && filled.has(nextLabel ?? '')) continue;
        const is: Value = nextRows?.get(id)?.get(nextColumn?.name ?? '') ?? null;
        if (!sameValue(was, is)) {
          expect.fail(`${label} was ${JSON.stringify(was)} and is ${JSON.stringify(is)}`);
        }
      }
    }
  }
}
