import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { modelPairs } from '../../../test/engine/random-models.ts';
import { createChoice, insertRandomRows } from '../../../test/engine/random-rows.ts';
import { readContents, sameValue, type Contents } from '../../../test/engine/table-contents.ts';
import type { Model } from '../sdl/model.ts';
import { countHazards } from './apply/count-hazards.ts';
import { introspect } from './apply/introspect.ts';
import { catalogOf } from './catalog/catalog-of.ts';
import { columnLabel } from './plan/labels.ts';
import type { MigrationPlan } from './plan/migration-plan.ts';
import { matchTables } from './plan/table-match.ts';
import { tablesOf } from './tables/tables-of.ts';

const database = useTestDatabase();
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');
const timeoutMs = 60_000 + runs * 5_000;

it(
  `leads from any model to any other (${runs} pairs, seed ${seed})`,
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
    // The pairs are worth something only if all kinds of steps come up in them.
    if (runs >= 100) expect([...seen].sort()).toEqual(expect.arrayContaining(everyStep));
  },
);

const everyStep = [
  'ADD_CHECK LOCK',
  'ADD_CHECK MAY_FAIL',
  'ADD_COLUMN MAY_FAIL',
  'ADD_COLUMN NONE',
  'ADD_FOREIGN_KEY LOCK',
  'ADD_FOREIGN_KEY NONE',
  'ADD_KEY LOCK',
  'ADD_KEY MAY_FAIL',
  'CHANGE_DEFAULT NONE',
  'CHANGE_TYPE DATA_LOSS',
  'CHANGE_TYPE LOCK',
  'CHANGE_TYPE MAY_FAIL',
  'CREATE_TABLE NONE',
  'DROP_CHECK NONE',
  'DROP_COLUMN DATA_LOSS',
  'DROP_FOREIGN_KEY NONE',
  'DROP_KEY NONE',
  'DROP_TABLE DATA_LOSS',
  'RENAME_COLUMN NONE',
  'RENAME_CONSTRAINTS NONE',
  'RENAME_TABLE NONE',
  'SET_OPTIONAL NONE',
  'SET_REQUIRED MAY_FAIL',
];

/** A failure is made smaller for a while, and then told as it is. */
function limits() {
  return { interruptAfterTimeLimit: timeoutMs - 30_000, markInterruptAsFailure: true };
}

interface Step {
  readonly current: Model;
  readonly next: Model;
  readonly plan: MigrationPlan;
}

/** The counts foresee exactly whether it works; where it does not, nothing changes until the rows go. */
async function applyOrRefuse(project: EngineProject, step: Step): Promise<void> {
  const { current, next, plan } = step;
  const counts = await countHazards(project.client, plan);
  const isBlocked = plan.steps.some(
    ({ hazard }, index) => hazard === 'MAY_FAIL' && (counts[index] ?? 0) > 0,
  );
  const before = await allContents(project, current);
  if (!isBlocked) {
    await project.apply(next);
    await expectKept(project, step, before);
    return;
  }
  await expect(project.apply(next)).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
  await expectCatalog(project, current);
  expect(await allContents(project, current)).toEqual(before);
  const tables = tablesOf(current).map(({ name }) => `"${name}"`);
  await project.query(`TRUNCATE ${tables.join(', ')}`);
  await project.apply(next);
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

/** Every row and value that no step claimed to lose is still there, equal. */
async function expectKept(
  project: EngineProject,
  { current, next, plan }: Step,
  before: ReadonlyMap<string, Contents>,
): Promise<void> {
  const after = await allContents(project, next);
  const lost = new Set(
    plan.steps.filter(({ hazard }) => hazard === 'DATA_LOSS').map(({ target }) => target),
  );
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const match = matchTables({ current, next }, tables);
  for (const table of tables.current) {
    const nextTable = tables.next.find(({ name }) => name === match.nextName(table.name));
    if (lost.has(table.label)) continue;
    expect(nextTable, `${table.label} is gone`).toBeDefined();
    const rows = before.get(table.name) ?? new Map();
    const nextRows = after.get(nextTable?.name ?? '') ?? new Map();
    expect([...nextRows.keys()].sort()).toEqual([...rows.keys()].sort());
    for (const column of table.columns) {
      if (lost.has(columnLabel(table, column.name))) continue;
      const nextColumn = nextTable?.columns.find(
        (candidate) => match.originBefore(nextTable, candidate.origin) === column.origin,
      );
      if (lost.has(`${nextTable?.label}.${nextColumn?.origin}`)) continue;
      expect(nextColumn, `${table.label}.${column.origin} is gone`).toBeDefined();
      for (const [id, row] of rows) {
        const [was, is] = [row.get(column.name), nextRows.get(id)?.get(nextColumn?.name ?? '')];
        if (!sameValue(was ?? null, is ?? null)) {
          expect.fail(
            `${table.label}.${column.origin} was ${JSON.stringify(was)}, is ${JSON.stringify(is)}`,
          );
        }
      }
    }
  }
}
