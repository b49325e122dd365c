import type { JoinTableRelation, Model } from '../sdl/model.ts';
import { matchNames } from './match-names.ts';
import type { Table } from './tables/table.ts';

/** Matches the tables and columns of the current model with those of the next model. */
export interface TableMatch {
  readonly pairs: readonly { readonly before: Table; readonly after: Table }[];
  readonly dropped: readonly Table[];
  readonly created: readonly Table[];
  /** Returns the next name of a current table, or null if the table is dropped. */
  readonly nextName: (table: string) => string | null;
  /** Returns the current origin (see `Column.origin`) of a column in a next table, or null for a new column. */
  readonly originBefore: (after: Table, origin: string) => string | null;
}

export function matchTables(
  models: { readonly current: Model; readonly next: Model },
  tables: { readonly current: readonly Table[]; readonly next: readonly Table[] },
): TableMatch {
  const match = matchModels(models.current, models.next);
  const labels = new Map([...match.types, ...matchJoinTables(models, match)]);
  const current = new Map(tables.current.map((table) => [`${table.kind} ${table.label}`, table]));
  const pairs = tables.next.flatMap((after) => {
    const before = current.get(`${after.kind} ${labels.get(after.label) ?? ''}`);
    return before === undefined ? [] : [{ before, after }];
  });
  const nextNames = new Map(pairs.map(({ before, after }) => [before.name, after.name]));
  const kept = new Set(pairs.map(({ after }) => after));
  return {
    pairs,
    dropped: tables.current.filter(({ name }) => !nextNames.has(name)),
    created: tables.next.filter((table) => !kept.has(table)),
    nextName: (table) => nextNames.get(table) ?? null,
    originBefore: (after, origin) =>
      after.kind === 'JOIN'
        ? sideBefore(origin, match)
        : (match.fields.get(`${after.label}.${origin}`) ?? null),
  };
}

/** Matches the types and fields of the next model with those of the current model. */
interface ModelMatch {
  /** Maps next names to current names. */
  readonly types: ReadonlyMap<string, string>;
  /** Maps `Type.field` in the next model to the field's current name. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * A type whose `@id` is now on a different field is treated as a different type, because references to the old rows
 * would not be valid.
 */
function matchModels(current: Model, next: Model): ModelMatch {
  const currentTypes = new Map(current.types.map((type) => [type.name, type]));
  const types = new Map<string, string>();
  const fields = new Map<string, string>();
  const byName = matchNames(current.types, next.types);
  for (const type of next.types) {
    const before = currentTypes.get(byName.get(type.name) ?? '');
    if (before === undefined) continue;
    const fieldsBefore = matchNames(before.fields, type.fields);
    if (fieldsBefore.get(type.idField) !== before.idField) continue;
    types.set(type.name, before.name);
    for (const [name, old] of fieldsBefore) fields.set(`${type.name}.${name}`, old);
  }
  return { types, fields };
}

/** A join table is kept if both of its sides are kept, in either order. */
function matchJoinTables(
  { current, next }: { readonly current: Model; readonly next: Model },
  match: ModelMatch,
): ReadonlyMap<string, string> {
  const before = new Map(joinTablesOf(current).map((join) => [sidesOf(join), join.name]));
  return new Map(
    joinTablesOf(next).flatMap((join) => {
      const name = before.get(sidesOf(join, (side) => sideBefore(side, match)));
      return name === undefined ? [] : [[join.name, name] as const];
    }),
  );
}

function joinTablesOf(model: Model): readonly JoinTableRelation[] {
  return model.relations.filter((relation) => relation.kind === 'JOIN_TABLE');
}

function sidesOf(
  { sides }: JoinTableRelation,
  rename: (side: string) => string | null = (side) => side,
): string {
  return sides
    .map(({ type, field }) => rename(`${type}.${field}`) ?? '')
    .sort()
    .join(' ');
}

/** Returns the current name of a relation side in the next model, such as `Issue.labels`. */
function sideBefore(side: string, match: ModelMatch): string | null {
  const type = match.types.get(side.slice(0, side.indexOf('.')));
  const field = match.fields.get(side);
  return type === undefined || field === undefined ? null : `${type}.${field}`;
}
