import type { Check, Column, ForeignKey, Key, Table } from './tables/table.ts';
import { castBetween, type Cast } from './cast.ts';
import { canonicalJson } from './hash.ts';
import type { TableMatch } from './match-tables.ts';

/** A column before and after the migration. */
export interface ColumnPair {
  readonly before: Column;
  readonly after: Column;
  /** Null if the type does not change. */
  readonly cast: Cast | null;
}

export interface Kept<Thing> {
  readonly before: Thing;
  readonly after: Thing;
}

/** The changes to a table's objects of one kind, such as its keys. The name of a kept object can change. */
export interface Changes<Thing> {
  readonly kept: readonly Kept<Thing>[];
  readonly dropped: readonly Thing[];
  readonly added: readonly Thing[];
}

/** The changes to a table that is kept. */
export interface TableDiff {
  readonly before: Table;
  readonly after: Table;
  readonly columns: {
    readonly kept: readonly ColumnPair[];
    readonly dropped: readonly Column[];
    readonly added: readonly Column[];
  };
  readonly keys: Changes<Key>;
  readonly checks: Changes<Check>;
  readonly foreignKeys: Changes<ForeignKey>;
}

export function diffTables(before: Table, after: Table, match: TableMatch): TableDiff {
  const columns = diffColumns(before, after, match);
  const pairs = new Map(columns.kept.map((pair) => [pair.before.name, pair]));
  const droppedColumns = new Set(columns.dropped.map(({ name }) => name));
  const naming: Naming = {
    column: (name) => pairs.get(name)?.after.name ?? null,
    table: match.nextName,
  };
  const merges = (name: string) => pairs.get(name)?.cast?.injective === false;
  const isRetyped = ({ column }: { readonly column: string }) =>
    (pairs.get(column)?.cast ?? null) !== null;
  const isOnDropped = ({ column }: { readonly column: string }) => droppedColumns.has(column);
  return {
    before,
    after,
    columns,
    keys: diff(before.keys, after.keys, naming, {
      identity: ({ kind, columns: of }, { column }) => canonicalJson([kind, of.map(column)]),
      isRemade: ({ kind, columns: of }) => kind !== 'INDEX' && of.some(merges),
      goesByItself: ({ columns: of }) => of.some((name) => droppedColumns.has(name)),
    }),
    checks: diff(before.checks, after.checks, naming, {
      identity: ({ column: of, rule }, { column }) => canonicalJson([column(of), rule]),
      isRemade: isRetyped,
      goesByItself: isOnDropped,
    }),
    foreignKeys: diff(before.foreignKeys, after.foreignKeys, naming, {
      identity: ({ column: of, table: to, onDelete }, { column, table }) =>
        canonicalJson([column(of), table(to), onDelete]),
      isRemade: isRetyped,
      goesByItself: isOnDropped,
    }),
  };
}

function diffColumns(before: Table, after: Table, match: TableMatch): TableDiff['columns'] {
  const beforeByOrigin = new Map(before.columns.map((column) => [column.origin, column]));
  const kept = after.columns.flatMap((column): readonly ColumnPair[] => {
    const old = beforeByOrigin.get(match.originBefore(after, column.origin) ?? '');
    if (old === undefined || pointsElsewhere({ before, old }, { after, column }, match)) return [];
    if (old.type === column.type && old.list === column.list) {
      return [{ before: old, after: column, cast: null }];
    }
    const cast = castBetween(old, column);
    return cast === null ? [] : [{ before: old, after: column, cast }];
  });
  const keptBefore = new Set(kept.map((pair) => pair.before));
  const keptAfter = new Set(kept.map((pair) => pair.after));
  return {
    kept,
    dropped: before.columns.filter((column) => !keptBefore.has(column)),
    added: after.columns.filter((column) => !keptAfter.has(column)),
  };
}

/** Whether a foreign key will reference a different table, so that the ids in its column are no longer valid. */
function pointsElsewhere(
  { before, old }: { readonly before: Table; readonly old: Column },
  { after, column }: { readonly after: Table; readonly column: Column },
  match: TableMatch,
): boolean {
  const target = before.foreignKeys.find((key) => key.column === old.name)?.table;
  const nextTarget = after.foreignKeys.find((key) => key.column === column.name)?.table;
  if (target === undefined || nextTarget === undefined) return false;
  return match.nextName(target) !== nextTarget;
}

/** Maps current names to names in the next model, and the names of dropped columns and tables to null. */
interface Naming {
  readonly column: (name: string) => string | null;
  readonly table: (name: string) => string | null;
}

const asTheyAre: Naming = { column: (name) => name, table: (name) => name };

interface Comparison<Thing> {
  /** Returns the same string for objects that differ only in their names. */
  readonly identity: (thing: Thing, naming: Naming) => string;
  /** Whether the object must be dropped and added again although its definition does not change. */
  readonly isRemade: (thing: Thing) => boolean;
  /** Whether PostgreSQL drops the object when one of its columns is dropped. */
  readonly goesByItself: (thing: Thing) => boolean;
}

function diff<Thing>(
  before: readonly Thing[],
  after: readonly Thing[],
  naming: Naming,
  { identity, isRemade, goesByItself }: Comparison<Thing>,
): Changes<Thing> {
  const next = new Map(after.map((thing) => [identity(thing, asTheyAre), thing]));
  const kept: Kept<Thing>[] = [];
  const dropped: Thing[] = [];
  for (const thing of before) {
    const same = isRemade(thing) ? undefined : next.get(identity(thing, naming));
    if (same !== undefined) kept.push({ before: thing, after: same });
    else if (!goesByItself(thing)) dropped.push(thing);
  }
  const keptAfter = new Set(kept.map((pair) => pair.after));
  return { kept, dropped, added: after.filter((thing) => !keptAfter.has(thing)) };
}
