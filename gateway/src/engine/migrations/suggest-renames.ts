import type { Model } from '../sdl/model.ts';
import { areSimilar, distance } from '../sdl/similar-names.ts';
import type { TableDiff } from './diff-tables.ts';
import { fieldsForSides } from './match-joins.ts';
import type { TableMatch } from './match-tables.ts';
import type { RenameSuggestion } from './migration-plan.ts';
import type { Column, Table } from './tables/table.ts';

/**
 * Suggests `@rename` where a type, field or enum value is dropped, and another one with a similar name and the same content is
 * added.
 */
export function suggestRenames(
  { current, next }: { readonly current: Model; readonly next: Model },
  { match, diffs }: { readonly match: TableMatch; readonly diffs: readonly TableDiff[] },
): readonly RenameSuggestion[] {
  const types = ({ kind }: Table) => kind === 'TYPE';
  const tables = bestPairs(match.dropped.filter(types), match.created.filter(types), {
    name: ({ label }) => label,
    isAlike: (before, after) => haveSameKey(before, after, { current, next }),
    isSame: haveSameColumns,
  });
  const columns = diffs
    .filter(({ after }) => types(after))
    .flatMap(({ before, after, columns: { dropped, added } }) =>
      bestPairs(dropped, added, {
        name: ({ origin }) => origin,
        isAlike: (old, column) =>
          old.type === column.type &&
          old.list === column.list &&
          targetOf(old, before, (name) => match.nextName(name)) ===
            targetOf(column, after, (name) => name),
        isSame: () => false,
      }).map(([old, column]) =>
        suggestion(`${after.label}.${column.origin}`, `${before.label}.${old.origin}`, old.origin),
      ),
    );
  const all = [
    ...tables.map(([before, after]) => suggestion(after.label, before.label, before.label)),
    ...columns,
    ...suggestSides({ current, next }, match),
    ...suggestJoins({ current, next }, match),
    ...suggestValues({ current, next }, match),
  ];
  // A relation can have several columns.
  return [...new Map(all.map((each) => [each.target, each])).values()];
}

function suggestValues(
  { current, next }: { readonly current: Model; readonly next: Model },
  { names: { values: kept } }: TableMatch,
): readonly RenameSuggestion[] {
  return next.enums.flatMap(({ name, values }) => {
    const before = current.enums.find((type) => type.name === name)?.values ?? [];
    const currentName = (value: string) => kept.get(`${name}.${value}`);
    const known = new Set(values.map((value) => currentName(value.name)));
    const dropped = before.map((value) => value.name).filter((value) => !known.has(value));
    const added = values.map((value) => value.name).filter((value) => !currentName(value));
    return bestPairs(dropped, added, {
      name: (value) => value,
      isAlike: () => true,
      isSame: () => dropped.length === 1 && added.length === 1,
    }).map(([old, value]) => suggestion(`${name}.${value}`, `${name}.${old}`, old));
  });
}

/** A new type has a relation to each type of a many-to-many relation that is dropped, and no other new type has. */
function suggestJoins(
  { current, next }: { readonly current: Model; readonly next: Model },
  { dropped, created, names }: TableMatch,
): readonly RenameSuggestion[] {
  const pairs = current.relations.flatMap((join) => {
    if (join.kind !== 'JOIN_TABLE' || !dropped.some(({ name }) => name === join.table)) return [];
    const types = next.types.filter(
      (type) =>
        created.some(({ name }) => name === type.table) &&
        fieldsForSides(type, join, next, names) !== null,
    );
    return types.map((type) => ({ join, type }));
  });
  return pairs
    .filter(({ join, type }) =>
      pairs.every((other) => (other.join === join) === (other.type === type)),
    )
    .map(({ join, type }) => ({
      ...suggestion(type.name, join.name, join.name),
      summary: `If ${type.name} replaces ${join.name}, add @rename(from: "${join.name}") to ${type.name}. The pairs are then kept.`,
    }));
}

function suggestion(target: string, from: string, name: string): RenameSuggestion {
  const directive = `@rename(from: "${name}")`;
  return {
    target,
    from,
    directive,
    summary: `If ${target} is a new name for ${from}, add ${directive} to ${target}. Its data is then kept.`,
  };
}

/** Both join tables connect the same types, and there are no others that do. */
function suggestSides(
  models: { readonly current: Model; readonly next: Model },
  { dropped, created, names }: TableMatch,
): readonly RenameSuggestion[] {
  const joins = (model: Model, tables: readonly Table[]) =>
    model.relations.flatMap((relation) =>
      relation.kind === 'JOIN_TABLE' && tables.some(({ name }) => name === relation.table)
        ? [relation.sides]
        : [],
    );
  const gone = joins(models.current, dropped);
  const added = joins(models.next, created);
  return added.flatMap((sides) => {
    const before = sides.map(({ type }) => names.types.get(type));
    const same = (pair: (typeof gone)[number]) =>
      pair
        .map(({ type }) => type)
        .sort()
        .join(' ') === [...before].sort().join(' ');
    const [only, ...others] = gone.filter(same);
    const [side] = sides;
    const old = only?.find(({ type }) => type === before[0]);
    const rivals = added.filter((other) =>
      other.every(({ type }, index) => type === sides[index]?.type),
    );
    if (old === undefined || others.length > 0 || rivals.length > 1 || before[0] === before[1]) {
      return [];
    }
    return [suggestion(`${side.type}.${side.field}`, `${old.type}.${old.field}`, old.field)];
  });
}

interface Likeness<Thing> {
  readonly name: (thing: Thing) => string;
  /** Whether a rename would keep the content of `before`. */
  readonly isAlike: (before: Thing, after: Thing) => boolean;
  /** Whether the content is so similar that the names do not matter. */
  readonly isSame: (before: Thing, after: Thing) => boolean;
}

/** Pairs the dropped and added things with the most similar names. Each is in at most one pair. */
function bestPairs<Thing>(
  dropped: readonly Thing[],
  added: readonly Thing[],
  { name, isAlike, isSame }: Likeness<Thing>,
): readonly (readonly [before: Thing, after: Thing])[] {
  const candidates = dropped
    .flatMap((before) => added.map((after) => ({ before, after })))
    .filter(({ before, after }) => isAlike(before, after))
    .filter(({ before, after }) => areSimilar(name(before), name(after)) || isSame(before, after))
    .map((pair) => ({ ...pair, distance: distance(name(pair.before), name(pair.after)) }))
    .sort((a, b) => a.distance - b.distance);
  const used = new Set<Thing>();
  return candidates.flatMap(({ before, after }) => {
    if (used.has(before) || used.has(after)) return [];
    used.add(before).add(after);
    return [[before, after] as const];
  });
}

function targetOf(
  { name }: Column,
  { foreignKeys }: Table,
  nextName: (table: string) => string | null,
): string | null {
  const key = foreignKeys.find(({ columns }) => columns.includes(name));
  return key === undefined ? null : nextName(key.table);
}

/** A renamed type keeps the references to its rows only if it also keeps its key. */
function haveSameKey(
  before: Table,
  after: Table,
  { current, next }: { readonly current: Model; readonly next: Model },
): boolean {
  const key = (model: Model, table: Table) =>
    model.types.find(({ name }) => name === table.label)?.key.fields.join();
  return key(current, before) === key(next, after);
}

/** Whether most columns of two tables, and at least two besides the id, are equal. */
function haveSameColumns(before: Table, after: Table): boolean {
  const columns = (table: Table) =>
    table.columns.map(({ name, type, list }) => `${name} ${type} ${String(list)}`);
  const [a, b] = [columns(before), columns(after)];
  const shared = a.filter((column) => b.includes(column)).length;
  return shared >= 3 && shared * 2 >= (a.length + b.length) * 0.6;
}
