import type { ChangeMarker } from '../../changes/change-marker.ts';
import {
  createChangeLog,
  dropChangeLog,
  logTable,
  unlogTable,
} from '../../changes/system-tables.ts';
import type { TableDiff } from '../diff-tables.ts';
import { canonicalJson } from '../hash.ts';
import type { TableMatch } from '../match-tables.ts';
import type { MigrationStep } from '../migration-plan.ts';
import type { ProjectNames } from '../project-names.ts';
import type { Table } from '../tables/table.ts';
import { sentences } from './sentences.ts';
import { createStep } from './step.ts';

type Tables = Pick<TableMatch, 'pairs' | 'dropped' | 'created'>;

/** Steps that begin or stop logging the changes of tables, and that create or drop the change log. */
export function liveSteps(
  { pairs, dropped, created }: Tables,
  project: Pick<ProjectNames, 'schema' | 'role'>,
): readonly MigrationStep[] {
  const { schema } = project;
  const had = hasLog({ pairs, dropped, created }, 'before');
  const has = hasLog({ pairs, dropped, created }, 'after');
  const begun = [
    ...created,
    ...pairs.filter(({ before }) => !before.live).map(({ after }) => after),
  ].filter(({ live }) => live);
  const stopped = pairs.filter(({ before, after }) => before.live && !after.live);
  return [
    ...stopped.map(({ before }) =>
      createStep({
        kind: 'DROP_LIVE',
        target: before.label,
        summary: sentences.DROP_LIVE(before),
        sql: unlogTable(schema, before.name),
        ...(before.kind === 'TYPE' && { hazard: 'BREAKS_CLIENTS' }),
      }),
    ),
    ...(had && !has ? [dropLog(dropped, schema)] : []),
    ...(has && !had
      ? [
          createStep({
            kind: 'CREATE_CHANGE_LOG',
            target: 'Change log',
            summary: sentences.CREATE_CHANGE_LOG(),
            sql: createChangeLog(project),
          }),
        ]
      : []),
    ...begun.map((table) =>
      createStep({
        kind: 'ADD_LIVE',
        target: table.label,
        summary: sentences.ADD_LIVE(table),
        sql: logTable(schema, table.name, keyOf(table)),
      }),
    ),
    ...pairs.filter(changesLoggedKey).map(({ after }) =>
      createStep({
        kind: 'CHANGE_LIVE',
        target: after.label,
        summary: sentences.CHANGE_LIVE(after),
        sql: [...unlogTable(schema, after.name), ...logTable(schema, after.name, keyOf(after))],
      }),
    ),
  ];
}

/** The triggers of tables that are dropped later use the log, so they are dropped with it. */
function dropLog(dropped: readonly Table[], schema: string): MigrationStep {
  return createStep({
    kind: 'DROP_CHANGE_LOG',
    target: 'Change log',
    summary: sentences.DROP_CHANGE_LOG(),
    sql: [
      ...dropped.filter(({ live }) => live).flatMap(({ name }) => unlogTable(schema, name)),
      ...dropChangeLog({ schema }),
    ],
    hazard: 'BREAKS_CLIENTS',
  });
}

function hasLog({ pairs, dropped, created }: Tables, when: 'before' | 'after'): boolean {
  const others = when === 'before' ? dropped : created;
  return [...pairs.map((pair) => pair[when]), ...others].some(({ live }) => live);
}

/** The triggers have the names of the columns of the key. */
function changesLoggedKey({ before, after }: Pick<TableDiff, 'before' | 'after'>): boolean {
  return before.live && after.live && canonicalJson(keyOf(before)) !== canonicalJson(keyOf(after));
}

/** The columns of the key. Their order in the log is always the same. */
function keyOf({ keys }: Table): readonly string[] {
  return [...(keys.find(({ kind }) => kind === 'PRIMARY_KEY')?.columns ?? [])].sort();
}

/** What the change log says about a plan. Null if there is no log before or after it. */
export function changeMarkerOf(
  match: Tables,
  diffs: readonly TableDiff[],
  version: number,
): ChangeMarker | null {
  if (!hasLog(match, 'before') || !hasLog(match, 'after')) return null;
  const logged = diffs.filter(({ before }) => before.live);
  const renamed = logged.filter(({ before, after }) => before.name !== after.name || !after.live);
  return {
    version,
    tables: Object.fromEntries([
      ...match.dropped.filter(({ live }) => live).map(({ name }) => [name, null] as const),
      ...renamed.map(({ before, after }) => [before.name, after.live ? after.name : null] as const),
    ]),
    columns: entriesOf(logged, ({ columns }) => {
      const kept = columns.kept.filter(({ before, after }) => before.name !== after.name);
      const names = [
        ...columns.dropped.map(({ name }) => [name, null] as const),
        ...kept.map(({ before, after }) => [before.name, after.name] as const),
      ];
      return names.length === 0 ? null : Object.fromEntries(names);
    }),
    added: entriesOf(logged, ({ columns }) =>
      columns.added.length === 0 ? null : columns.added.map(({ name }) => name),
    ),
    reset: logged
      .filter((diff) => diff.after.live && changesValues(diff))
      .map(({ after }) => after.name),
  };
}

function entriesOf<Value>(
  diffs: readonly TableDiff[],
  valueOf: (diff: TableDiff) => Value | null,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    diffs.flatMap((diff) => {
      const value = valueOf(diff);
      return value === null ? [] : [[diff.after.name, value] as const];
    }),
  );
}

/** Whether values of existing columns change, or the columns of the key are others. */
function changesValues({ before, after, columns }: TableDiff): boolean {
  const next = new Map(columns.kept.map((pair) => [pair.before.name, pair.after.name]));
  const key = keyOf(before)
    .map((name) => next.get(name) ?? null)
    .sort();
  return (
    canonicalJson(key) !== canonicalJson(keyOf(after)) ||
    columns.kept.some(
      (pair) =>
        pair.cast !== null ||
        pair.renames.length > 0 ||
        (!pair.before.notNull && pair.after.notNull && pair.after.fills.length > 0),
    )
  );
}
