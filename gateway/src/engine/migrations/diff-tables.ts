import type { Check, Column, ForeignKey, Key, Table } from './tables/table.ts';
import { castBetween, type Cast } from './cast.ts';
import { isSameType } from './tables/column-type.ts';
import { canonicalJson } from './hash.ts';
import { matchColumns, type ColumnMatch } from './match-columns.ts';
import type { ValueRename } from './match-values.ts';
import type { TableMatch } from './match-tables.ts';

/** A column before and after the migration. */
export interface ColumnPair {
  readonly before: Column;
  readonly after: Column;
  /** Null if the type does not change. */
  readonly cast: Cast | null;
  /** The enum values that have another name afterwards. */
  readonly renames: readonly ValueRename[];
}

/** Whether the sequence that numbers new rows is kept. It could be beyond the largest value of a narrower type. */
export function keepsSequence({ before, after }: ColumnPair): boolean {
  const narrows = before.type === 'bigint' && after.type === 'integer';
  return before.sequence !== null && after.sequence !== null && !narrows;
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

/** The changes to all tables that are kept. */
export function diffTables(match: TableMatch): readonly TableDiff[] {
  const columnBefore = matchColumns(match);
  const drafts = match.pairs.map(({ before, after }) =>
    draftDiff(before, after, columnBefore, match),
  );
  const byName = new Map(drafts.map((draft) => [draft.before.name, draft]));
  return drafts.map((draft) => ({
    ...draft,
    foreignKeys: diffForeignKeys(draft, match, (table) => byName.get(table) ?? null),
  }));
}

type DiffDraft = Omit<TableDiff, 'foreignKeys'>;

function draftDiff(
  before: Table,
  after: Table,
  columnBefore: ColumnMatch,
  match: TableMatch,
): DiffDraft {
  const columns = diffColumns(before, after, columnBefore, match);
  const naming = { before: namingOf(columns, match), after: asTheyAre };
  const droppedColumns = new Set(columns.dropped.map(({ name }) => name));
  const merges = (name: string) => castOf({ columns }, name)?.injective === false;
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
      isRemade: ({ column, rule: { kind } }) =>
        castOf({ columns }, column) !== null ||
        (kind !== 'NO_NULL_ITEMS' && hasRenames({ columns }, column)),
      goesByItself: ({ column }) => droppedColumns.has(column),
    }),
  };
}

/** @param diffOf returns the changes to a current table, or null if it is dropped */
function diffForeignKeys(
  draft: DiffDraft,
  match: TableMatch,
  diffOf: (table: string) => DiffDraft | null,
): Changes<ForeignKey> {
  const { before, after, columns } = draft;
  const droppedColumns = new Set(columns.dropped.map(({ name }) => name));
  const isRetyped = (name: string) => castOf(draft, name) !== null || hasRenames(draft, name);
  const losesKey = (key: ForeignKey) => {
    const target = diffOf(key.table);
    return target !== null && dropsKeyOf(key, target);
  };
  const naming: ForeignKeyNaming = {
    ...namingOf(columns, match),
    referenced: (table, name) => {
      const target = diffOf(table);
      return target === null ? null : namingOf(target.columns, match).column(name);
    },
  };
  return diff(
    before.foreignKeys,
    after.foreignKeys,
    { before: naming, after: { ...asTheyAre, referenced: (_, name) => name } },
    {
      identity: (key, { column, table, referenced }) =>
        canonicalJson([
          key.columns.map(column),
          table(key.table),
          key.referencedColumns.map((name) => referenced(key.table, name)),
          key.onDelete,
          key.onUpdate,
        ]),
      isRemade: (key) => losesKey(key) || key.columns.some(isRetyped),
      goesByItself: (key) => !losesKey(key) && key.columns.some((name) => droppedColumns.has(name)),
    },
  );
}

/**
 * Whether the key that a foreign key references is dropped, or dropped and added again. PostgreSQL cannot drop a key
 * while a foreign key references it.
 */
export function dropsKeyOf(
  { referencedColumns }: ForeignKey,
  { keys }: Pick<TableDiff, 'keys'>,
): boolean {
  return keys.kept.every(
    ({ before: { kind, columns } }) =>
      kind === 'INDEX' || !haveSameNames(columns, referencedColumns),
  );
}

function haveSameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

/** The cast of a column, by its current name. */
function castOf({ columns }: Pick<DiffDraft, 'columns'>, name: string): Cast | null {
  return columns.kept.find(({ before }) => before.name === name)?.cast ?? null;
}

/** Whether enum values in a column, by its current name, are renamed. */
function hasRenames({ columns }: Pick<DiffDraft, 'columns'>, name: string): boolean {
  return columns.kept.some(({ before, renames }) => before.name === name && renames.length > 0);
}

function diffColumns(
  before: Table,
  after: Table,
  columnBefore: ColumnMatch,
  { valueRenames }: Pick<TableMatch, 'valueRenames'>,
): TableDiff['columns'] {
  const kept = after.columns.flatMap((column): readonly ColumnPair[] => {
    const old = columnBefore(after, column.name);
    if (old === null) return [];
    const isSame = isSameType(old, column);
    const cast = isSame ? null : castBetween(old, column);
    if (!isSame && cast === null) return [];
    const isEnum = old.enumName !== undefined && column.enumName !== undefined;
    const renames = isEnum ? valueRenames(old.enumName, column.enumName) : [];
    return [{ before: old, after: column, cast, renames }];
  });
  const keptBefore = new Set(kept.map((pair) => pair.before));
  const keptAfter = new Set(kept.map((pair) => pair.after));
  return {
    kept,
    dropped: before.columns.filter((column) => !keptBefore.has(column)),
    added: after.columns.filter((column) => !keptAfter.has(column)),
  };
}

/** Maps current names to names in the next model, and the names of dropped columns and tables to null. */
interface Naming {
  readonly column: (name: string) => string | null;
  readonly table: (name: string) => string | null;
}

interface ForeignKeyNaming extends Naming {
  readonly referenced: (table: string, column: string) => string | null;
}

const asTheyAre: Naming = { column: (name) => name, table: (name) => name };

function namingOf({ kept }: TableDiff['columns'], match: TableMatch): Naming {
  const next = new Map(kept.map((pair) => [pair.before.name, pair.after.name]));
  return { column: (name) => next.get(name) ?? null, table: match.nextName };
}

interface Comparison<Thing, Names> {
  /** Returns the same string for objects that differ only in their names. */
  readonly identity: (thing: Thing, naming: Names) => string;
  /** Whether the object must be dropped and added again although its definition does not change. */
  readonly isRemade: (thing: Thing) => boolean;
  /** Whether PostgreSQL drops the object when one of its columns is dropped. */
  readonly goesByItself: (thing: Thing) => boolean;
}

function diff<Thing, Names>(
  before: readonly Thing[],
  after: readonly Thing[],
  naming: { readonly before: Names; readonly after: Names },
  { identity, isRemade, goesByItself }: Comparison<Thing, Names>,
): Changes<Thing> {
  const next = new Map(after.map((thing) => [identity(thing, naming.after), thing]));
  const kept: Kept<Thing>[] = [];
  const dropped: Thing[] = [];
  for (const thing of before) {
    const same = isRemade(thing) ? undefined : next.get(identity(thing, naming.before));
    if (same !== undefined) kept.push({ before: thing, after: same });
    else if (!goesByItself(thing)) dropped.push(thing);
  }
  const keptAfter = new Set(kept.map((pair) => pair.after));
  return { kept, dropped, added: after.filter((thing) => !keptAfter.has(thing)) };
}
