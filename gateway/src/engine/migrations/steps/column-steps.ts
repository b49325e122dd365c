import { ident, join, sql, type Sql } from '../../sql/sql.ts';
import { keepsSequence, type ColumnPair } from '../diff-tables.ts';
import { canonicalJson } from '../hash.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { columnLabel, type Column } from '../tables/table.ts';
import { becomesRequired, fillExpression, fillsOf, inFillOrder, isFilledByCast } from './fill.ts';
import { sentences } from './sentences.ts';
import { createStep, type StepContext, type StepHazard } from './step.ts';

/** Steps for the dropped, added and changed columns of a table that is kept. Renames are in `rename-steps.ts`. */
export function columnSteps(context: StepContext): readonly MigrationStep[] {
  const { dropped, added, kept } = context.diff.columns;
  return [
    ...dropped.map((column) => dropColumn(column, context)),
    ...added.flatMap((column) => addColumn(column, context)),
    ...kept.flatMap((pair) => renameValues(pair, context)),
    ...kept.flatMap((pair) => changeColumn(pair, context)),
    ...fillSteps(context),
  ];
}

function dropColumn(column: Column, { diff, ddl, affected }: StepContext): MigrationStep {
  const target = columnLabel(diff.before, column.name);
  return createStep({
    kind: 'DROP_COLUMN',
    target,
    summary: sentences.DROP_COLUMN(target),
    sql: [ddl.dropColumn(diff.before.name, column.name)],
    hazard: { level: 'DATA_LOSS', count: affected.values(column) },
  });
}

/** PostgreSQL stores a constant default once for all existing rows, so it does not rewrite the table. */
function addColumn(column: Column, context: StepContext): readonly MigrationStep[] {
  const { diff, affected } = context;
  const target = columnLabel(diff.after, column.name);
  const [fill] = column.fills;
  const isNumbered = column.sequence !== null && fill === undefined;
  const mustBeEmpty = column.notNull && fill === undefined && !isNumbered;
  const hazard: StepHazard | null = mustBeEmpty
    ? { level: 'MAY_FAIL', count: affected.all(), rows: affected.all() }
    : isNumbered || fill?.kind === 'GENERATE'
      ? { level: 'LOCK', count: affected.all() }
      : null;
  const step = createStep({
    kind: 'ADD_COLUMN',
    target,
    summary: sentences.ADD_COLUMN(target, column),
    sql: addColumnStatements(column, context),
    ...(hazard === null ? {} : { hazard }),
  });
  // Rows that are filled are not numbered.
  return column.sequence === null || isNumbered
    ? [step]
    : [step, addSequence(column, column.sequence, context)];
}

function addColumnStatements(column: Column, context: StepContext): readonly Sql[] {
  const { diff, ddl } = context;
  const table = diff.after.name;
  const [fill] = column.fills;
  if (fill === undefined || fill === column.default) return ddl.addColumn(table, column);
  if (fill.kind === 'COLUMN') {
    // The rows are filled in a later step.
    return ddl.addColumn(table, { ...column, notNull: false, default: null, sequence: null });
  }
  const value = fillValue(column, context);
  return value === null ? [] : ddl.addFilledColumn(table, column, value);
}

function fillValue(column: Column, { diff }: StepContext): Sql | null {
  const fills = fillsOf(column, diff);
  return fillExpression(column, { fills, table: diff.after }, (name) => ident(name));
}

/** Steps that give existing rows a value in columns that are added or become required. */
function fillSteps(context: StepContext): readonly MigrationStep[] {
  const { added, kept } = context.diff.columns;
  const isFromColumn = ({ fills: [first] }: Column) => first?.kind === 'COLUMN';
  const filled = [
    ...added.filter(isFromColumn),
    ...kept.map(({ after }) => after).filter((column) => fillsOf(column, context.diff).length > 0),
  ];
  return inFillOrder(filled).flatMap((column) => {
    const value = fillValue(column, context);
    return value === null ? [] : fillColumn(column, value, context);
  });
}

function fillColumn(column: Column, value: Sql, context: StepContext): MigrationStep {
  const { diff, ddl, affected } = context;
  const table = diff.after.name;
  const target = columnLabel(diff.after, column.name);
  const isNew = diff.columns.added.includes(column);
  const obstacles = fillObstacles(column, context);
  return createStep({
    kind: 'FILL_COLUMN',
    target,
    summary: sentences.FILL_COLUMN(target, column, (name) => columnLabel(diff.after, name)),
    sql: [
      ddl.fillColumn(table, column, value),
      ...(isNew && column.default !== null ? [ddl.setDefault(table, column)] : []),
      ...(column.notNull ? [ddl.setNotNull(table, column.name)] : []),
    ],
    hazard:
      obstacles === null
        ? { level: 'LOCK', count: affected.empty(column) }
        : { level: 'MAY_FAIL', count: obstacles, rows: affected.all() },
  });
}

/** Counts the rows that the fill would leave without a value, or whose value would violate what the column keeps. */
function fillObstacles(column: Column, { diff, affected, diffOf }: StepContext): Sql | null {
  const { checks, keys, foreignKeys } = diff;
  const { name } = column;
  const unfilled = affected.unfilled(column);
  const counts = [
    ...(unfilled === null ? [] : [unfilled]),
    ...checks.kept
      .filter(({ after }) => after.column === name)
      .map(({ after }) => affected.violating(after)),
    ...keys.kept
      .filter(({ after }) => after.kind === 'UNIQUE' && after.columns.includes(name))
      .map(({ after }) => affected.duplicates(after)),
    ...foreignKeys.kept
      .filter(({ after }) => after.columns.includes(name))
      .map(({ after }) => affected.orphans(after, diffOf(after.table))),
  ];
  const [only, ...others] = counts;
  if (only === undefined) return null;
  if (others.length === 0) return only;
  return sql`SELECT ${join(
    counts.map((count) => sql`(${count})`),
    sql` + `,
  )} AS count`;
}

function renameValues(
  { before, after, renames }: ColumnPair,
  { diff, ddl, affected }: StepContext,
): readonly MigrationStep[] {
  if (renames.length === 0) return [];
  const target = columnLabel(diff.after, after.name);
  const column = { name: after.name, list: before.list };
  return [
    createStep({
      kind: 'RENAME_VALUES',
      target,
      summary: sentences.RENAME_VALUES(target, renames),
      sql: ddl.renameValues(diff.after.name, column, renames),
      hazard: { level: 'LOCK', count: affected.all() },
    }),
  ];
}

function changeColumn(pair: ColumnPair, context: StepContext): readonly MigrationStep[] {
  const { before, after, cast } = pair;
  const relaxes = before.notNull && (!after.notNull || cast?.mayBecomeNull === true);
  const steps: MigrationStep[] = [];
  const isNumbered = keepsSequence(pair);
  if (before.sequence !== null && !isNumbered) steps.push(dropSequence(before, context));
  if (relaxes) steps.push(setOptional(after, context));
  if (cast !== null) steps.push(changeType(pair, context));
  else if (canonicalJson(before.default) !== canonicalJson(after.default)) {
    steps.push(changeDefault(after, context));
  }
  if (becomesRequired(pair) && fillsOf(after, context.diff).length === 0) {
    steps.push(setRequired(after, isFilledByCast(pair), context));
  }
  if (after.sequence !== null && !isNumbered)
    steps.push(addSequence(after, after.sequence, context));
  return steps;
}

function dropSequence(column: Column, { diff, ddl }: StepContext): MigrationStep {
  const target = columnLabel(diff.before, column.name);
  return createStep({
    kind: 'DROP_SEQUENCE',
    target,
    summary: sentences.DROP_SEQUENCE(target),
    sql: [ddl.dropSequence(diff.before.name, column.name)],
  });
}

function addSequence(
  column: Column,
  sequence: string,
  { diff, ddl, affected }: StepContext,
): MigrationStep {
  const target = columnLabel(diff.after, column.name);
  return createStep({
    kind: 'ADD_SEQUENCE',
    target,
    summary: sentences.ADD_SEQUENCE(target),
    sql: ddl.addSequence(diff.after.name, column.name, sequence),
    hazard: { level: 'LOCK', count: affected.all() },
  });
}

function setOptional(column: Column, { diff, ddl }: StepContext): MigrationStep {
  const target = columnLabel(diff.after, column.name);
  return createStep({
    kind: 'SET_OPTIONAL',
    target,
    summary: sentences.SET_OPTIONAL(target),
    sql: [ddl.dropNotNull(diff.after.name, column.name)],
  });
}

function setRequired(
  column: Column,
  isFull: boolean,
  { diff, ddl, affected }: StepContext,
): MigrationStep {
  const target = columnLabel(diff.after, column.name);
  const hazard: StepHazard = isFull
    ? { level: 'LOCK', count: affected.all() }
    : { level: 'MAY_FAIL', count: affected.nulls(column), rows: affected.all() };
  return createStep({
    kind: 'SET_REQUIRED',
    target,
    summary: sentences.SET_REQUIRED(target, isFull),
    sql: [ddl.setNotNull(diff.after.name, column.name)],
    hazard,
  });
}

function changeDefault(column: Column, { diff, ddl }: StepContext): MigrationStep {
  const target = columnLabel(diff.after, column.name);
  return createStep({
    kind: 'CHANGE_DEFAULT',
    target,
    summary: sentences.CHANGE_DEFAULT(target, column),
    sql: [ddl.setDefault(diff.after.name, column)],
  });
}

/** The default has the old type, so it is dropped before the change and set again after it. */
function changeType({ before, after, cast }: ColumnPair, context: StepContext): MigrationStep {
  const { diff, ddl, affected } = context;
  const table = diff.after.name;
  const target = columnLabel(diff.after, after.name);
  const statements: Sql[] = [];
  if (before.default !== null) statements.push(ddl.dropDefault(table, after.name));
  const name = ident(after.name);
  statements.push(ddl.setType(table, after, cast?.using(name) ?? name));
  if (after.default !== null) statements.push(ddl.setDefault(table, after));
  const level = cast?.hazard ?? 'LOCK';
  return createStep({
    kind: 'CHANGE_TYPE',
    target,
    summary: sentences.CHANGE_TYPE(target, before, after, cast?.caution ?? null),
    sql: statements,
    hazard: {
      level,
      count: level === 'LOCK' ? affected.all() : affected.cast(after),
      ...(level === 'MAY_FAIL' ? { rows: affected.all() } : {}),
    },
  });
}
