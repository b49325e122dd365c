import { ident, type Sql } from '../../sql/sql.ts';
import { keepsSequence, type ColumnPair } from '../diff-tables.ts';
import { canonicalJson } from '../hash.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { columnLabel, type Column } from '../tables/table.ts';
import { sentences } from './sentences.ts';
import { createStep, type StepContext, type StepHazard } from './step.ts';

/** Steps for the dropped, added and changed columns of a table that is kept. Renames are in `rename-steps.ts`. */
export function columnSteps(context: StepContext): readonly MigrationStep[] {
  const { dropped, added, kept } = context.diff.columns;
  return [
    ...dropped.map((column) => dropColumn(column, context)),
    ...added.map((column) => addColumn(column, context)),
    ...kept.flatMap((pair) => changeColumn(pair, context)),
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
function addColumn(column: Column, { diff, ddl, affected }: StepContext): MigrationStep {
  const target = columnLabel(diff.after, column.name);
  const mustBeEmpty = column.notNull && column.default === null && column.sequence === null;
  return createStep({
    kind: 'ADD_COLUMN',
    target,
    summary: sentences.ADD_COLUMN(target, column),
    sql: ddl.addColumn(diff.after.name, column),
    ...(mustBeEmpty
      ? { hazard: { level: 'MAY_FAIL', count: affected.all(), rows: affected.all() } }
      : {}),
  });
}

function changeColumn(pair: ColumnPair, context: StepContext): readonly MigrationStep[] {
  const { before, after, cast } = pair;
  // A cast that can result in null needs an optional column, even if the column is required afterwards.
  const passesNull = cast?.mayBecomeNull === true;
  const relaxes = before.notNull && (!after.notNull || passesNull);
  const tightens = after.notNull && (!before.notNull || passesNull);
  const steps: MigrationStep[] = [];
  const isNumbered = keepsSequence(pair);
  if (before.sequence !== null && !isNumbered) steps.push(dropSequence(before, context));
  if (relaxes) steps.push(setOptional(after, context));
  if (cast !== null) steps.push(changeType(pair, context));
  else if (canonicalJson(before.default) !== canonicalJson(after.default)) {
    steps.push(changeDefault(after, context));
  }
  // A cast from a single value to a required list converts nulls to empty lists.
  const alreadyFull = cast !== null && after.list && !before.list;
  if (tightens) steps.push(setRequired(after, alreadyFull, context));
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
