import { assertNever } from '../../../platform/assert-never.ts';
import type { Cast } from '../cast.ts';
import { canonicalJson } from '../hash.ts';
import type { ValueRename } from '../match-values.ts';
import type { MigrationStep } from '../migration-plan.ts';
import { isWeaker, type CheckRule } from '../tables/check-rule.ts';
import {
  columnLabel,
  foreignKeyLabel,
  keyLabel,
  type Check,
  type Column,
  type Fill,
  type ForeignKey,
  type Key,
  type Table,
} from '../tables/table.ts';
import type { TableDiff } from '../diff-tables.ts';
import type { Ddl } from './ddl.ts';
import { fillsOf } from './fill.ts';
import { sentences } from './sentences.ts';
import { createStep, type StepContext } from './step.ts';

/** Steps for the dropped and added checks, keys and foreign keys of a table that is kept. */
export function constraintSteps(context: StepContext): readonly MigrationStep[] {
  const { ddl } = context;
  const { before, checks, keys, foreignKeys } = context.diff;
  return [
    ...checks.dropped.map((check) => dropCheck(check, context)),
    ...checks.added.map((check) => addCheck(check, context)),
    ...keys.dropped.map((key) => dropKey(key, context)),
    ...keys.added.map((key) => addKey(key, context)),
    ...foreignKeys.dropped.map((key) => removeForeignKey(key, before, ddl)),
    ...foreignKeys.added.map((key) => addForeignKey(key, context)),
  ];
}

/** Adds a foreign key to a new table, which has no rows that could violate it. */
export function createForeignKey(key: ForeignKey, table: Table, ddl: Ddl): MigrationStep {
  const target = foreignKeyLabel(table, key);
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
 * Defaults and the values of `@backfill` satisfy it.
 */
function isSureToHold({ column, rule }: Check, { columns, checks }: TableDiff): boolean {
  const pair = columns.kept.find(({ after }) => after.name === column);
  const filled = pair?.after ?? columns.added.find(({ name }) => name === column);
  const isFree = ({ kind }: Fill) => kind === 'COLUMN' || kind === 'GENERATE';
  if (filled !== undefined && fillsOf(filled, { columns }).some(isFree)) return false;
  if (pair === undefined) return true;
  if (rule.kind === 'NO_NULL_ITEMS' && pair.cast !== null) return true;
  if (pair.cast !== null && !keepsOrder(pair.cast, rule)) return false;
  const former = checks.dropped.filter((check) => check.column === pair.before.name);
  return former.some((check) => isWeaker(renamedRule(check.rule, pair.renames), rule));
}

function renamedRule(rule: CheckRule, renames: readonly ValueRename[]): CheckRule {
  if (rule.kind !== 'ONE_OF' && rule.kind !== 'EACH_ONE_OF') return rule;
  const next = new Map(renames.map(({ from, to }) => [from, to]));
  return { ...rule, values: rule.values.map((value) => next.get(value) ?? value) };
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
 * Whether existing rows can violate the key. A new column without a default is null in all rows, and nulls do not
 * violate a unique key. A primary key, and the pairs of a join table that becomes a type, cannot have duplicates if the
 * columns include those of a key that rows satisfy.
 */
function canHaveDuplicates({ kind, columns }: Key, diff: TableDiff): boolean {
  const isStillUnique = diff.before.keys.some(
    (former) =>
      former.kind !== 'INDEX' && former.columns.every((name) => isUnchanged(name, columns, diff)),
  );
  const added = diff.columns.added.filter(({ name }) => columns.includes(name));
  switch (kind) {
    case 'INDEX':
      return false;
    case 'PRIMARY_KEY':
      return !isStillUnique && !added.some(isNumbered);
    case 'UNIQUE':
      if (diff.before.kind === 'JOIN' && isStillUnique) return false;
      return !added.some(({ fills: [first] }) => first === undefined || first.kind === 'GENERATE');
    default:
      return assertNever(kind);
  }
}

/** Whether each existing row gets its own value in a new column. */
function isNumbered({ sequence, fills: [first] }: Column): boolean {
  return first === undefined ? sequence !== null : first.kind === 'GENERATE';
}

/** Whether a column of a key is also in the next key, and distinct values stay distinct. */
function isUnchanged(name: string, next: readonly string[], { columns }: TableDiff): boolean {
  const pair = columns.kept.find(({ before }) => before.name === name);
  return pair !== undefined && next.includes(pair.after.name) && pair.cast?.injective !== false;
}

export function removeForeignKey(key: ForeignKey, table: Table, ddl: Ddl): MigrationStep {
  const target = foreignKeyLabel(table, key);
  return createStep({
    kind: 'DROP_FOREIGN_KEY',
    target,
    summary: sentences.DROP_FOREIGN_KEY(target, key, table),
    sql: [ddl.dropConstraint(table.name, key.name)],
  });
}

function addForeignKey(key: ForeignKey, context: StepContext): MigrationStep {
  const { diff, ddl, affected, diffOf } = context;
  const target = foreignKeyLabel(diff.after, key);
  const referenced = diffOf(key.table);
  return createStep({
    kind: 'ADD_FOREIGN_KEY',
    target,
    summary: sentences.ADD_FOREIGN_KEY(target, key, diff.after),
    sql: [ddl.addForeignKey(diff.after.name, key)],
    hazard: mayBeOrphaned(key, diff, referenced)
      ? { level: 'MAY_FAIL', count: affected.orphans(key, referenced), rows: affected.all() }
      : { level: 'LOCK', count: affected.all() },
  });
}

/**
 * Whether existing rows can violate the foreign key. A new column contains only nulls, unless it is filled. Columns that already reference
 * the same columns have no orphans, because both are cast in the same way.
 */
function mayBeOrphaned(
  key: ForeignKey,
  { before, columns }: TableDiff,
  referenced: TableDiff | null,
): boolean {
  const own = columnsBefore(key.columns, columns.kept);
  const added = columns.added.filter(({ name }) => key.columns.includes(name));
  if (added.length > 0) return added.every(({ fills }) => fills.length > 0);
  const target = columnsBefore(key.referencedColumns, referenced?.columns.kept ?? []);
  return !before.foreignKeys.some(
    (former) =>
      former.table === referenced?.before.name &&
      canonicalJson([former.columns, former.referencedColumns]) === canonicalJson([own, target]),
  );
}

/** The current names of columns, and null for new columns. */
function columnsBefore(
  columns: readonly string[],
  kept: TableDiff['columns']['kept'],
): readonly (string | null)[] {
  return columns.map((name) => kept.find(({ after }) => after.name === name)?.before.name ?? null);
}
