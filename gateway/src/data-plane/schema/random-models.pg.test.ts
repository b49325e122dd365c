import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { choicesOf, withRandomRules } from '../../../test/engine/random-rules.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { modelPairs } from '../../../test/engine/random-models.ts';
import { createChoice, insertRandomRows } from '../../../test/engine/random-rows.ts';
import { readRows, sameValue, type Row, type Value } from '../../../test/engine/table-contents.ts';
import type { Model } from '../../engine/sdl/model.ts';
import { findObstacle } from './count-hazards.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import type {
  Hazard,
  MigrationPlan,
  MigrationStep,
  StepKind,
} from '../../engine/migrations/migration-plan.ts';
import { findBadBackfills } from '../../engine/migrations/find-bad-backfills.ts';
import { findBadKeys } from '../../engine/migrations/find-bad-keys.ts';
import { noHistory } from '../../engine/migrations/lineage.ts';
import { matchColumns } from '../../engine/migrations/match-columns.ts';
import { explainBadBackfills } from '../../engine/sdl/backfill-diagnostics.ts';
import { explainBadKeys } from '../../engine/sdl/key-diagnostics.ts';
import { diffTables } from '../../engine/migrations/diff-tables.ts';
import {
  matchTables,
  type MatchRules,
  type TableMatch,
} from '../../engine/migrations/match-tables.ts';
import { columnLabel, type Column, type Table } from '../../engine/migrations/tables/table.ts';
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
        const choices = choicesOf(rowSeed);
        const [current, next] = [pair.current, pair.next].map((sdl) =>
          withRandomRules(readModel(sdl), choices),
        ) as [Model, Model];
        await project.apply(current);
        await expectCatalog(project, current);
        if (isRefused(current, pair.next)) return;
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
        if (isRefused(first, pair.next) || isRefused(second, pair.current)) return;
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

/** Whether the change is refused. Each refusal has a reason and a way out. */
function isRefused(current: Model, next: string): boolean {
  const model = readModel(next);
  const reasons = [
    ...explainBadKeys(next, findBadKeys(current, model, noHistory)),
    ...explainBadBackfills(next, findBadBackfills(model)),
  ];
  for (const { message, hint } of reasons) {
    expect(message).toMatch(/^\S.*because.*\.$|could not be identified\.$/);
    expect(hint).toMatch(/^\S.*\.$/);
  }
  return reasons.length > 0;
}

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
  ACCESS: ['NONE', 'WIDENS_ACCESS'],
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
  RENAME_VALUES: ['LOCK'],
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
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const contents = new Map<string, readonly Row[]>();
  for (const table of tablesOf(model)) contents.set(table.name, await readRows(project, table));
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
  }: Step & {
    readonly before: ReadonlyMap<string, readonly Row[]>;
    readonly rules: MatchRules;
  },
): Promise<void> {
  const after = await allContents(project, next);
  const targets = (isMeant: (step: MigrationStep) => boolean) =>
    new Set(plan.steps.filter(isMeant).map(({ target }) => target));
  const lost = targets(({ hazard }) => hazard === 'DATA_LOSS');
  const filled = targets(({ kind }) => kind === 'FILL_COLUMN');
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const match = matchTables({ current, next }, tables, rules);
  const columnBefore = matchColumns(match);
  for (const table of tables.current.filter(({ label }) => !lost.has(label))) {
    const nextTable = tables.next.find(({ name }) => name === match.nextName(table.name));
    if (nextTable === undefined) throw new Error(`${table.label} no longer exists.`);
    const origins = new Map(
      nextTable.columns.map(({ name }) => [name, columnBefore(nextTable, name)?.name]),
    );
    const columns = [...origins].flatMap(([to, from]): readonly ComparedColumn[] => {
      if (from === undefined) return [];
      const label = columnLabel(nextTable, to);
      if (lost.has(label) || lost.has(columnLabel(table, from))) return [];
      const renames = renamesOf([table, from], [nextTable, to], match);
      return [{ from, to, isFilled: filled.has(label), renames }];
    });
    const isKnown = ({ name }: Column) =>
      [...origins.values()].includes(name) || lost.has(columnLabel(table, name));
    expect(table.columns.filter((column) => !isKnown(column))).toEqual([]);
    expectSameRows(before.get(table.name) ?? [], after.get(nextTable.name) ?? [], columns);
  }
}

interface ComparedColumn {
  readonly from: string;
  readonly to: string;
  readonly isFilled: boolean;
  /** The next names of enum values that are renamed. */
  readonly renames: ReadonlyMap<string, string>;
}

type ColumnPath = readonly [table: Table, column: string];

function renamesOf(before: ColumnPath, after: ColumnPath, { valueRenames }: TableMatch) {
  const [old, next] = [before, after].map(
    ([{ columns }, name]) => columns.find((column) => column.name === name)?.enumName,
  );
  const renames = old === undefined || next === undefined ? [] : valueRenames(old, next);
  return new Map(renames.map(({ from, to }) => [from, to]));
}

function renamed(value: Value, renames: ReadonlyMap<string, string>): Value {
  const rename = (text: string) => renames.get(text) ?? text;
  if (value === null) return null;
  return typeof value === 'string' ? rename(value) : value.map(rename);
}

/** The key of a row can change, so rows are compared by all their values. */
function expectSameRows(
  before: readonly Row[],
  after: readonly Row[],
  columns: readonly ComparedColumn[],
): void {
  const isSame = (row: Row, other: Row) =>
    columns.every(({ from, to, isFilled, renames }) => {
      const value = renamed(row.get(from) ?? null, renames);
      return (isFilled && value === null) || sameValue(value, other.get(to) ?? null);
    });
  // A row with a null that was filled can be the same as several rows.
  const nulls = (row: Row) => columns.filter(({ from }) => row.get(from) === null).length;
  const rest = [...after];
  for (const row of [...before].sort((a, b) => nulls(a) - nulls(b))) {
    const index = rest.findIndex((other) => isSame(row, other));
    if (index < 0) {
      const text = (rows: readonly Row[]) => JSON.stringify(rows.map((each) => [...each]));
      expect.fail(`The row ${text([row])} is not one of ${text(rest)}.`);
    }
    rest.splice(index, 1);
  }
  expect(rest).toEqual([]);
}
