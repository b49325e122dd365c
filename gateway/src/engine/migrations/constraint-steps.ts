import { describeRule, isWeaker, type CheckRule } from './tables/check-rule.ts';
import type { Check, ForeignKey, Key } from './tables/table.ts';
import type { Cast } from './cast.ts';
import type { StepContext } from './column-steps.ts';
import { columnLabel, keyLabel } from './labels.ts';
import type { TargetBefore } from './live-counts.ts';
import type { PhasedStep } from './phases.ts';
import { step, type Danger } from './step.ts';

/** Keys and checks of a table that stays. */
export function constraintSteps(context: StepContext): readonly PhasedStep[] {
  const { keys, checks } = context.diff;
  return [
    ...checks.dropped.map((check) => dropCheck(check, context)),
    ...checks.added.map((check) => addCheck(check, context)),
    ...keys.dropped.map((key) => dropKey(key, context)),
    ...keys.added.map((key) => addKey(key, context)),
  ];
}

/** Foreign keys of a table that stays. `targetBefore` finds the current table behind a next one. */
export function foreignKeySteps(
  context: StepContext,
  targetBefore: (table: string) => TargetBefore | null,
): readonly PhasedStep[] {
  const { dropped, added } = context.diff.foreignKeys;
  return [
    ...dropped.map((key) => dropForeignKey(key, context)),
    ...added.map((key) => addForeignKey(key, context, targetBefore)),
  ];
}

function dropCheck(check: Check, { diff, ddl }: StepContext): PhasedStep {
  const target = columnLabel(diff.before, check.column);
  return step({
    phase: 'DROP_CHECKS',
    kind: 'DROP_CHECK',
    target,
    summary: `No longer demand that ${target} ${describeRule(check.rule)}.`,
    sql: [ddl.dropConstraint(diff.before.name, check.name)],
  });
}

function addCheck(check: Check, { diff, ddl, counts }: StepContext): PhasedStep {
  const target = columnLabel(diff.after, check.column);
  const canFail = !isSureToHold(check, diff);
  return step({
    phase: 'ADD_CHECKS',
    kind: 'ADD_CHECK',
    target,
    summary: `Demand that ${target} ${describeRule(check.rule)}.`,
    sql: [ddl.addCheck(diff.after.name, check)],
    hazard: canFail
      ? { level: 'MAY_FAIL', count: counts.broken(check) }
      : { level: 'LOCK', count: counts.rows() },
  });
}

/** A new column has its default or nothing, and an unchanged one may have passed a stricter check. */
function isSureToHold({ column, rule }: Check, { columns, checks }: StepContext['diff']): boolean {
  const pair = columns.kept.find(({ after }) => after.name === column);
  if (pair === undefined) return true;
  if (rule.kind === 'NO_NULL_ITEMS' && pair.cast !== null) return true;
  if (pair.cast !== null && !keepsOrder(pair.cast, rule)) return false;
  const former = checks.dropped.filter((check) => check.column === pair.before.name);
  return former.some((check) => isWeaker(check.rule, rule));
}

/** Numbers of another type, none of which was changed, are as far from a limit as before. */
function keepsOrder(cast: Cast, { kind }: CheckRule): boolean {
  return cast.hazard === 'LOCK' && (kind === 'MIN' || kind === 'MAX');
}

function dropKey(key: Key, { diff, ddl }: StepContext): PhasedStep {
  const target = keyLabel(diff.before, key);
  const what = { PRIMARY_KEY: 'primary key', UNIQUE: 'unique key', INDEX: 'index' }[key.kind];
  return step({
    phase: 'DROP_KEYS',
    kind: 'DROP_KEY',
    target,
    summary: `Drop the ${what} ${target}.`,
    sql: [ddl.dropKey(diff.before.name, key)],
  });
}

function addKey(key: Key, { diff, ddl, counts }: StepContext): PhasedStep {
  const target = keyLabel(diff.after, key);
  const scan: Danger = { level: 'LOCK', count: counts.rows() };
  const draft = {
    phase: 'ADD_KEYS' as const,
    kind: 'ADD_KEY' as const,
    target,
    sql: [ddl.addKey(diff.after.name, key)],
  };
  switch (key.kind) {
    case 'INDEX':
      return step({ ...draft, summary: `Add the index ${target}.`, hazard: scan });
    case 'PRIMARY_KEY':
      // Only pairs of a join table change theirs, and only in the order of its columns.
      return step({ ...draft, summary: `Add the primary key ${target}.`, hazard: scan });
    case 'UNIQUE':
      return step({
        ...draft,
        summary: `Add the unique key ${target}, for which no two rows may be equal.`,
        hazard: hasNewNull(key, diff) ? scan : { level: 'MAY_FAIL', count: counts.duplicates(key) },
      });
  }
}

/** A new column without default is null everywhere, and nulls are not equal. */
function hasNewNull({ columns }: Key, diff: StepContext['diff']): boolean {
  return diff.columns.added.some(
    (column) => columns.includes(column.name) && column.default === null,
  );
}

function dropForeignKey(key: ForeignKey, { diff, ddl }: StepContext): PhasedStep {
  const target = columnLabel(diff.before, key.column);
  return step({
    phase: 'DROP_FOREIGN_KEYS',
    kind: 'DROP_FOREIGN_KEY',
    target,
    summary: `No longer hold ${target} to rows that exist.`,
    sql: [ddl.dropConstraint(diff.before.name, key.name)],
  });
}

function addForeignKey(
  key: ForeignKey,
  { diff, ddl, counts }: StepContext,
  targetBefore: (table: string) => TargetBefore | null,
): PhasedStep {
  const target = columnLabel(diff.after, key.column);
  const before = targetBefore(key.table);
  return step({
    phase: 'ADD_FOREIGN_KEYS',
    kind: 'ADD_FOREIGN_KEY',
    target,
    summary: `Let ${target} point only to rows that exist; on delete: ${key.onDelete.toLowerCase()}.`,
    sql: [ddl.addForeignKey(diff.after.name, key)],
    hazard: mayBeOrphaned(key, before, diff)
      ? { level: 'MAY_FAIL', count: counts.orphans(key, before) }
      : { level: 'LOCK', count: counts.rows() },
  });
}

/** A new column is null, and a column that was held to the same table has no orphans. */
function mayBeOrphaned(
  key: ForeignKey,
  target: TargetBefore | null,
  { before, columns }: StepContext['diff'],
): boolean {
  const pair = columns.kept.find(({ after }) => after.name === key.column);
  if (pair === undefined) return false;
  const former = before.foreignKeys.find(({ column }) => column === pair.before.name);
  return former === undefined || former.table !== target?.table;
}
