import type { ErrorPath } from '../errors.ts';
import type { ModelType } from '../sdl/model.ts';
import type { Sql } from '../sql/sql.ts';
import {
  equalitiesIn,
  type ColumnOfRow,
  type Equality,
  type TypedParameter,
} from './equalities.ts';
import type { Conditions } from './visibility.ts';

/** A table in the FROM clause of a statement. */
export interface NotedTable {
  readonly table: string;
  /** The model whose table it is. Null for a join table. */
  readonly type: ModelType | null;
  readonly alias: Sql;
}

/** A table that a statement reads, and what is known of the rows that it depends on. */
export interface KnownRead extends NotedTable {
  /** The place in the operation that was compiled first with the table. */
  readonly path: ErrorPath;
  /** The statement depends only on rows in which each of these columns has one of the parameter's values. */
  readonly equalities: readonly KnownEquality[];
}

export interface KnownEquality extends TypedParameter {
  readonly column: string;
}

/**
 * Records the tables of a statement while it is compiled. Only `source.ts` names tables, and it notes each of them, so
 * that none can be missing.
 */
export interface ReadLog {
  readonly note: (noted: NotedTable) => void;
  /** Notes a place that reads only the rows of these aliases for which the conditions are true. */
  readonly narrow: (aliases: readonly Sql[], conditions: Conditions) => void;
  readonly noteNow: () => void;
  /** Runs `work`, whose tables are read because of the given place in the operation. */
  readonly at: <T>(path: ErrorPath, work: () => T) => T;
  readonly reads: () => readonly KnownRead[];
  /** Whether the statement depends on the time. */
  readonly usesNow: () => boolean;
}

interface Entry extends NotedTable {
  readonly path: ErrorPath;
  /** The equalities that are true in every place that reads the table under this alias. Null if it was not narrowed. */
  equalities: readonly Equality[] | null;
}

export function createReadLog(): ReadLog {
  const entries = new Map<Sql, Entry>();
  let now = false;
  let place: ErrorPath = [];
  return {
    note(noted) {
      if (!entries.has(noted.alias)) {
        entries.set(noted.alias, { ...noted, path: place, equalities: null });
      }
    },
    narrow(aliases, conditions) {
      const found = conditions.flatMap(equalitiesIn);
      for (const alias of aliases) {
        const entry = entries.get(alias);
        if (entry === undefined) throw new Error('The table was not noted.');
        const own = found.flatMap((equality) => aboutRow(equality, alias) ?? []);
        entry.equalities =
          entry.equalities?.filter((each) => own.some((other) => isSame(each, other))) ?? own;
      }
    },
    noteNow() {
      now = true;
    },
    at(path, work) {
      const outer = place;
      place = path;
      try {
        return work();
      } finally {
        place = outer;
      }
    },
    reads: () =>
      [...entries.values()].map(({ equalities, ...entry }) => ({
        ...entry,
        equalities: (equalities ?? []).flatMap(({ column: { column }, to }) =>
          valuesOf(entries, to, new Set([entry.alias])).map((value) => ({ column, ...value })),
        ),
      })),
    usesNow: () => now,
  };
}

/** The log of rules: what they read is read because of the place that they are compiled for. */
export function withoutPlaces(log: ReadLog): ReadLog {
  return { ...log, at: (_path, work) => work() };
}

/** An equality with the column of this row on its left side. Null if it is about other rows. */
function aboutRow({ column, to }: Equality, alias: Sql): Equality | null {
  if (column.alias === alias) return { column, to };
  return to.kind === 'COLUMN' && to.column.alias === alias
    ? { column: to.column, to: { kind: 'COLUMN', column } }
    : null;
}

function isSame(one: Equality, other: Equality): boolean {
  if (one.column.column !== other.column.column) return false;
  if (one.to.kind === 'COLUMN') {
    return other.to.kind === 'COLUMN' && isSameColumn(one.to.column, other.to.column);
  }
  return (
    other.to.kind === 'PARAMETER' && one.to.parameter.parameter === other.to.parameter.parameter
  );
}

function isSameColumn(one: ColumnOfRow, other: ColumnOfRow): boolean {
  return one.alias === other.alias && one.column === other.column;
}

/**
 * The parameters that one side of an equality has the values of. A column of another row has them if all rows that are
 * read under that alias do: the equality is only relevant for these.
 */
function valuesOf(
  entries: ReadonlyMap<Sql, Entry>,
  to: Equality['to'],
  seen: ReadonlySet<Sql>,
): readonly TypedParameter[] {
  if (to.kind === 'PARAMETER') return [to.parameter];
  const { alias, column } = to.column;
  if (seen.has(alias)) return [];
  const known = entries.get(alias)?.equalities ?? [];
  const next = new Set([...seen, alias]);
  return known.flatMap((each) =>
    each.column.column === column ? valuesOf(entries, each.to, next) : [],
  );
}
