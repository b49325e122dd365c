import { ident, type Sql } from '../sql/sql.ts';
import type { ColumnType } from './tables/column-type.ts';
import type { Column } from './tables/table.ts';
import type { Ddl } from './ddl.ts';
import { canonicalJson } from './hash.ts';
import { columnLabel } from './labels.ts';
import type { LiveCounts } from './live-counts.ts';
import type { PhasedStep } from './phases.ts';
import { step, type Danger } from './step.ts';
import type { ColumnPair, TableDiff } from './table-diff.ts';

export interface StepContext {
  readonly diff: TableDiff;
  readonly ddl: Ddl;
  readonly counts: LiveCounts;
}

/** The columns of a table that stays: gone, new, and changed. Renames are planned elsewhere. */
export function columnSteps(context: StepContext): readonly PhasedStep[] {
  const { dropped, added, kept } = context.diff.columns;
  return [
    ...dropped.map((column) => dropColumn(column, context)),
    ...added.map((column) => addColumn(column, context)),
    ...kept.flatMap((pair) => changeColumn(pair, context)),
  ];
}

function dropColumn(column: Column, { diff, ddl, counts }: StepContext): PhasedStep {
  const target = columnLabel(diff.before, column.name);
  return step({
    phase: 'DROP_COLUMNS',
    kind: 'DROP_COLUMN',
    target,
    summary: `Drop ${target} with all of its values.`,
    sql: [ddl.dropColumn(diff.before.name, column.name)],
    hazard: { level: 'DATA_LOSS', count: counts.values(column) },
  });
}

/** A constant default is stored once for all rows, so that even a large table is not rewritten. */
function addColumn(column: Column, { diff, ddl, counts }: StepContext): PhasedStep {
  const target = columnLabel(diff.after, column.name);
  const draft = {
    phase: 'ADD_COLUMNS' as const,
    kind: 'ADD_COLUMN' as const,
    target,
    sql: [ddl.addColumn(diff.after.name, column)],
  };
  const what = `Add ${target}, ${column.notNull ? 'required' : 'optional'} ${inWords(column)}`;
  if (!column.notNull || column.default !== null) return step({ ...draft, summary: `${what}.` });
  return step({
    ...draft,
    summary: `${what} without a default, for which there must be no rows yet.`,
    hazard: { level: 'MAY_FAIL', count: counts.rows() },
  });
}

function changeColumn(pair: ColumnPair, context: StepContext): readonly PhasedStep[] {
  const { before, after, cast } = pair;
  // A cast that makes nulls needs the column optional meanwhile, even if it ends up required.
  const passesNull = cast?.mayBecomeNull === true;
  const relaxes = before.notNull && (!after.notNull || passesNull);
  const tightens = after.notNull && (!before.notNull || passesNull);
  const steps: PhasedStep[] = [];
  if (relaxes) steps.push(setOptional(after, context));
  if (cast !== null) steps.push(changeType(pair, context));
  else if (canonicalJson(before.default) !== canonicalJson(after.default)) {
    steps.push(changeDefault(after, context));
  }
  // A list made of a single value has no nulls left where it is required.
  const alreadyFull = cast !== null && after.list && !before.list;
  if (tightens) steps.push(setRequired(after, alreadyFull, context));
  return steps;
}

function setOptional(column: Column, { diff, ddl }: StepContext): PhasedStep {
  const target = columnLabel(diff.after, column.name);
  return step({
    phase: 'CHANGE_COLUMNS',
    kind: 'SET_OPTIONAL',
    target,
    summary: `Let ${target} be null.`,
    sql: [ddl.dropNotNull(diff.after.name, column.name)],
  });
}

function setRequired(
  column: Column,
  isFull: boolean,
  { diff, ddl, counts }: StepContext,
): PhasedStep {
  const target = columnLabel(diff.after, column.name);
  const hazard: Danger = isFull
    ? { level: 'LOCK', count: counts.rows() }
    : { level: 'MAY_FAIL', count: counts.nulls(column) };
  return step({
    phase: 'CHANGE_COLUMNS',
    kind: 'SET_REQUIRED',
    target,
    summary: isFull
      ? `Require ${target}, which has no nulls by then.`
      : `Require ${target}, for which there must be no nulls.`,
    sql: [ddl.setNotNull(diff.after.name, column.name)],
    hazard,
  });
}

function changeDefault(column: Column, { diff, ddl }: StepContext): PhasedStep {
  const target = columnLabel(diff.after, column.name);
  return step({
    phase: 'CHANGE_COLUMNS',
    kind: 'CHANGE_DEFAULT',
    target,
    summary:
      column.default === null
        ? `Remove the default of ${target}.`
        : `Change the default of ${target} for new rows.`,
    sql: [ddl.setDefault(diff.after.name, column)],
  });
}

/** A default is of the old type, so it goes before and comes back after. */
function changeType({ before, after, cast }: ColumnPair, context: StepContext): PhasedStep {
  const { diff, ddl, counts } = context;
  const table = diff.after.name;
  const target = columnLabel(diff.after, after.name);
  const statements: Sql[] = [];
  if (before.default !== null) statements.push(ddl.dropDefault(table, after.name));
  const name = ident(after.name);
  statements.push(ddl.setType(table, after, cast?.using(name) ?? name));
  if (after.default !== null) statements.push(ddl.setDefault(table, after));
  const level = cast?.hazard ?? 'LOCK';
  const caution = cast?.caution ?? null;
  return step({
    phase: 'CHANGE_COLUMNS',
    kind: 'CHANGE_TYPE',
    target,
    summary: `Change ${target} from ${inWords(before)} to ${inWords(after)}${caution === null ? '' : `: ${caution}`}.`,
    sql: statements,
    hazard: { level, count: level === 'LOCK' ? counts.rows() : counts.castAffected(after) },
  });
}

const words: Readonly<Record<ColumnType, string>> = {
  uuid: 'UUID',
  text: 'String',
  integer: 'Int',
  bigint: 'BigInt',
  'double precision': 'Float',
  numeric: 'Decimal',
  boolean: 'Boolean',
  'timestamp with time zone': 'DateTime',
  date: 'Date',
  jsonb: 'JSON',
};

function inWords({ type, list }: Column): string {
  return list ? `[${words[type]}!]` : words[type];
}
