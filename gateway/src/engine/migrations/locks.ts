import { jsonText } from '../../graphql/exact-number.ts';
import type { TableDiff } from './diff-tables.ts';
import type { TableMatch } from './match-tables.ts';
import type { MigrationLocks } from './migration-plan.ts';
import type { ForeignKey } from './tables/table.ts';

/**
 * Returns the existing tables that a plan has to lock, by their current names. All locks are taken before the first
 * change, in a fixed order.
 */
export function locksOf(
  { dropped, created }: TableMatch,
  diffs: readonly TableDiff[],
): MigrationLocks {
  const exclusive = new Set([
    ...dropped.map(({ name }) => name),
    ...diffs.filter(isChanged).map(({ before }) => before.name),
    // Dropping a foreign key also drops the triggers on the table that it references.
    ...[...dropped.flatMap(({ foreignKeys }) => foreignKeys), ...diffs.flatMap(releasedKeys)].map(
      ({ table }) => table,
    ),
  ]);
  const connected = [
    ...created.flatMap(({ foreignKeys }) => foreignKeys),
    ...diffs.flatMap(({ foreignKeys }) => foreignKeys.added),
  ].map(({ table }) => table);
  const shared = diffs
    .filter(({ before, after }) => connected.includes(after.name) && !exclusive.has(before.name))
    .map(({ before }) => before.name);
  return { exclusive: [...exclusive].sort(), shared: shared.sort() };
}

function releasedKeys({ before, columns, foreignKeys }: TableDiff) {
  const gone = new Set(columns.dropped.map(({ name }) => name));
  const goesByItself = ({ columns: of }: ForeignKey) => of.some((name) => gone.has(name));
  return [...foreignKeys.dropped, ...before.foreignKeys.filter(goesByItself)];
}

function isChanged({ before, after, columns, keys, checks, foreignKeys }: TableDiff): boolean {
  const changes = [keys, checks, foreignKeys];
  return (
    before.name !== after.name ||
    columns.dropped.length + columns.added.length > 0 ||
    columns.kept.some(
      (pair) =>
        pair.cast !== null ||
        pair.renames.length > 0 ||
        pair.before.name !== pair.after.name ||
        pair.before.notNull !== pair.after.notNull ||
        pair.before.sequence !== pair.after.sequence ||
        jsonText(pair.before.default) !== jsonText(pair.after.default),
    ) ||
    changes.some(({ dropped, added }) => dropped.length + added.length > 0) ||
    changes.some(({ kept }) => kept.some((pair) => pair.before.name !== pair.after.name))
  );
}
