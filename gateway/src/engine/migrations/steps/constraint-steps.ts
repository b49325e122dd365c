import { assertNever } from '../../../platform/assert-never.ts';
import type { Cast } from '../cast.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { isWeaker, type CheckRule } from '../tables/check-rule.ts';
import {
  columnLabel,
  keyLabel,
  type Check,
  type ForeignKey,
  type Key,
  type Table,
} from '../tables/table.ts';
import type { ReferencedTable } from './affected-rows.ts';
import type { Ddl } from './ddl.ts';
import { sentences } from './sentences.ts';
import { createStep, type StepContext } from './step.ts';

/** Steps for the dropped and added checks, keys and foreign keys of a table that is kept. */
export function constraintSteps(context: StepContext): readonly MigrationStep[] {
  const { checks, keys, foreignKeys } = context.diff;
  return [
    ...checks.dropped.map((check) => dropCheck(check, context)),
    ...checks.added.map((check) => addCheck(check, context)),
    ...keys.dropped.map((key) => dropKey(key, context)),
    ...keys.added.map((key) => addKey(key, context)),
    ...foreignKeys.dropped.map((key) => dropForeignKey(key, context)),
    ...foreignKeys.added.map((key) => addForeignKey(key, context)),
  ];
}

/** Adds a foreign key to a new table, which has no rows that could violate it. */
export function createForeignKey(key: ForeignKey, table: Table, ddl: Ddl): MigrationStep {
  const target = columnLabel(table, key.column);
  return createStep({
    kind: 'ADD_FOREIGN_KEY',
    target,
    summary: sentences.ADD_FOREIGN_KEY(target, key, table),
    sql: [ddl.addForeignKey(table.name, key)],
  });
}

function dropCheck(check: Check, { diff, ddl }: StepContext): MigrationStep {
  const target = columnLabel(diff.before, check.column);
  return createStep({
    kind: 'DROP_CHECK',
    target,
    summary: sentences.DROP_CHECK(target, check),
    sql: [ddl.dropConstraint(diff.before.name, check.name)],
  });
}

function addCheck(check: Check, { diff, ddl, affected }: StepContext): MigrationStep {
  const target = columnLabel(diff.after, check.column);
  const canFail = !isSureToHold(check, diff);
  return createStep({
    kind: 'ADD_CHECK',
    target,
    summary: sentences.ADD_CHECK(target, check),
    sql: [ddl.addCheck(diff.after.name, check)],
    hazard: canFail
      ? { level: 'MAY_FAIL', count: affected.violating(check), rows: affected.all() }
      : { level: 'LOCK', count: affected.all() },
  });
}

/**
 * Whether existing rows certainly satisfy the check, because its column is new or already satisfies a stricter check.
 */
function isSureToHold({ column, rule }: Check, { columns, checks }: StepContext['diff']): boolean {
  const pair = columns.kept.find(({ after }) => after.name === column);
  if (pair === undefined) return true;
  if (rule.kind === 'NO_NULL_ITEMS' && pair.cast !== null) return true;
  if (pair.cast !== null && !keepsOrder(pair.cast, rule)) return false;
  const former = checks.dropped.filter((check) => check.column === pair.before.name);
  return former.some((check) => isWeaker(check.rule, rule));
}

/** Whether the cast preserves numeric values, so that they still satisfy `min` and `max`. */
function keepsOrder(cast: Cast, { kind }: CheckRule): boolean {
  return cast.hazard === 'LOCK' && (kind === 'MIN' || kind === 'MAX');
}

function dropKey(key: Key, { diff, ddl }: StepContext): MigrationStep {
  const target = keyLabel(diff.before, key);
  return createStep({
    kind: 'DROP_KEY',
    target,
    summary: sentences.DROP_KEY(target, key, diff.before),
    sql: [ddl.dropKey(diff.before.name, key)],
  });
}

function addKey(key: Key, { diff, ddl, affected }: StepContext): MigrationStep {
  const target = keyLabel(diff.after, key);
  return createStep({
    kind: 'ADD_KEY',
    target,
    summary: sentences.ADD_KEY(target, key, diff.after),
    sql: [ddl.addKey(diff.after.name, key)],
    hazard: canHaveDuplicates(key, diff)
      ? { level: 'MAY_FAIL', count: affected.duplicates(key), rows: affected.all() }
      : { level: 'LOCK', count: affected.all() },
    tooLong: affected.tooLong(key),
  });
}

/**
 * Whether existing rows can violate the key. A primary key is added only to a join table whose column order changes, so
 * there are no duplicates. A new column without a default is null in all rows, and nulls do not violate a unique key.
 */
function canHaveDuplicates({ kind, columns }: Key, diff: StepContext['diff']): boolean {
  switch (kind) {
    case 'INDEX':
    case 'PRIMARY_KEY':
      return false;
    case 'UNIQUE':
      return !diff.columns.added.some(
        (column) => columns.includes(column.name) && column.default === null,
      );
    default:
      return assertNever(kind);
  }
}

function dropForeignKey(key: ForeignKey, { diff, ddl }: StepContext): MigrationStep {
  const target = columnLabel(diff.before, key.column);
  return createStep({
    kind: 'DROP_FOREIGN_KEY',
    target,
    summary: sentences.DROP_FOREIGN_KEY(target, key, diff.before),
    sql: [ddl.dropConstraint(diff.before.name, key.name)],
  });
}

function addForeignKey(key: ForeignKey, context: StepContext): MigrationStep {
  const { diff, ddl, affected, currentTable } = context;
  const target = columnLabel(diff.after, key.column);
  const before = currentTable(key.table);
  return createStep({
    kind: 'ADD_FOREIGN_KEY',
    target,
    summary: sentences.ADD_FOREIGN_KEY(target, key, diff.after),
    sql: [ddl.addForeignKey(diff.after.name, key)],
    hazard: mayBeOrphaned(key, before, diff)
      ? { level: 'MAY_FAIL', count: affected.orphans(key, before), rows: affected.all() }
      : { level: 'LOCK', count: affected.all() },
  });
}

/**
 * Whether existing rows can violate the foreign key. A new column contains only nulls, and a column that already has a
 * foreign key to the same table has no orphans.
 */
function mayBeOrphaned(
  key: ForeignKey,
  target: ReferencedTable | null,
  { before, columns }: StepContext['diff'],
): boolean {
  const pair = columns.kept.find(({ after }) => after.name === key.column);
  if (pair === undefined) return false;
  const former = before.foreignKeys.find(({ column }) => column === pair.before.name);
  return former === undefined || former.table !== target?.table;
}
