import type { Field, JoinTableRelation, Model, ModelType } from '../sdl/model.ts';
import { databaseName } from '../sdl/names.ts';
import { canonicalJson } from './hash.ts';
import { createModelHistory, noHistory, type KeptNames, type MigrationHistory } from './lineage.ts';
import { joinsOfTypes, type JoinOfType } from './match-joins.ts';
import { matchNames } from './match-names.ts';
import { matchValues, renamesBetween, type ValueRename } from './match-values.ts';
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
  readonly names: KeptNames;
  /** Returns the values that are renamed in a column whose type was one enum and becomes another, or the same. */
  readonly valueRenames: (before: string, after: string) => readonly ValueRename[];
}

/** `NAMES_ONLY` matches as earlier versions of Tessera did, to read the history of a project. */
export type MatchRules = MigrationHistory | 'NAMES_ONLY';

export function matchTables(
  models: { readonly current: Model; readonly next: Model },
  tables: { readonly current: readonly Table[]; readonly next: readonly Table[] },
  rules: MatchRules = noHistory,
): TableMatch {
  const history = rules === 'NAMES_ONLY' ? null : createModelHistory(rules);
  const { match, joins, joinsOfTypes: taken } = matchModels(models, rules);
  const labels = new Map([...match.types, ...joins]);
  const current = new Map(tables.current.map((table) => [`${table.kind} ${table.label}`, table]));
  const joinOf = new Map(taken.map((each) => [each.type, each]));
  const pairs = tables.next.flatMap((after) => {
    const join = after.kind === 'TYPE' ? joinOf.get(after.label)?.join : undefined;
    const before =
      join === undefined
        ? current.get(`${after.kind} ${labels.get(after.label) ?? ''}`)
        : current.get(`JOIN ${join.name}`);
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
        : (joinOf.get(after.label)?.fields.get(origin) ??
          match.fields.get(`${after.label}.${origin}`) ??
          null),
    names: match,
    valueRenames: (before, after) => renamesBetween(models, { before, after }, history),
  };
}

interface ModelMatch {
  readonly match: KeptNames;
  /** Maps the names of kept join tables in the next model to their current names. */
  readonly joins: ReadonlyMap<string, string>;
  readonly joinsOfTypes: readonly JoinOfType[];
}

export function matchModels(
  { current, next }: { readonly current: Model; readonly next: Model },
  rules: MatchRules,
): ModelMatch {
  const history = rules === 'NAMES_ONLY' ? null : createModelHistory(rules);
  const currentTypes = new Map(current.types.map((type) => [type.name, type]));
  const types = new Map<string, string>();
  const fields = new Map<string, string>();
  const byName = matchNames(typesToMatch(current), typesToMatch(next), history?.types);
  for (const type of next.types) {
    const before = currentTypes.get(byName.get(type.name) ?? '');
    if (before === undefined) continue;
    const names = history?.fieldsOf(before.name);
    const fieldsBefore = matchNames(fieldsToMatch(before), fieldsToMatch(type), names);
    if (history === null && !haveSameKey(type, before, fieldsBefore)) continue;
    types.set(type.name, before.name);
    for (const [name, old] of fieldsBefore) fields.set(`${type.name}.${name}`, old);
  }
  const match = { types, fields, values: matchValues({ current, next }, history) };
  const joins = new Map(matchJoinTables({ current, next }, match));
  if (history === null) return { match, joins, joinsOfTypes: [] };
  for (const { before, after, side, sideOf } of halfMatches({ current, next }, match, joins)) {
    joins.set(after.name, before.name);
    fields.set(`${sideOf.type}.${sideOf.field}`, side);
  }
  return { match, joins, joinsOfTypes: joinsOfTypes({ current, next }, match, joins) };
}

/** Earlier versions of Tessera replaced a type whose `@id` was on another field. */
function haveSameKey(
  next: ModelType,
  before: ModelType,
  fieldsBefore: ReadonlyMap<string, string>,
): boolean {
  const fields = next.key.fields.map((name) => fieldsBefore.get(name));
  return canonicalJson(fields) === canonicalJson(before.key.fields);
}

export function typesToMatch({ types }: Model) {
  return types.map(({ name, renamedFrom, table }) => ({ name, renamedFrom, stored: table }));
}

export function fieldsToMatch({ fields }: Pick<ModelType, 'fields'>) {
  return fields.map((field) => ({
    name: field.name,
    renamedFrom: field.renamedFrom,
    alias: foreignKeyNameOf(field),
    stored: storedName(field),
  }));
}

/** The name of the foreign key, if it has one column. */
function foreignKeyNameOf(field: Field): string | null {
  return field.kind === 'TO_ONE' && field.key?.length === 1 ? field.key[0].name : null;
}

/** A relation and a scalar can have the same column: `owner: Person` and `ownerId: UUID`. */
function storedName(field: Field): string {
  switch (field.kind) {
    case 'VALUE':
      return field.column;
    case 'TO_ONE':
      return field.key?.length === 1 ? field.key[0].column : databaseName(field.name);
    case 'TO_MANY':
      return databaseName(field.name);
  }
}

/** A join table is kept if both of its sides are kept, in either order. */
function matchJoinTables(
  { current, next }: { readonly current: Model; readonly next: Model },
  match: KeptNames,
): ReadonlyMap<string, string> {
  const before = new Map(joinTablesOf(current).map((join) => [sidesOf(join), join.name]));
  return new Map(
    joinTablesOf(next).flatMap((join) => {
      const name = before.get(sidesOf(join, (side) => sideBefore(side, match)));
      return name === undefined ? [] : [[join.name, name] as const];
    }),
  );
}

interface HalfMatch {
  readonly before: JoinTableRelation;
  readonly after: JoinTableRelation;
  /** The side with a new name in the next model, and its current field. */
  readonly sideOf: { readonly type: string; readonly field: string };
  readonly side: string;
}

/**
 * A join table with one side that is kept and one side with a new name. Without `@rename`, it is kept if no other join
 * table could be meant.
 */
function halfMatches(
  { current, next }: { readonly current: Model; readonly next: Model },
  match: KeptNames,
  joins: ReadonlyMap<string, string>,
): readonly HalfMatch[] {
  const kept = new Set(joins.values());
  const pairs = joinTablesOf(next)
    .filter(({ name }) => !joins.has(name))
    .flatMap((after) =>
      joinTablesOf(current)
        .filter(({ name }) => !kept.has(name))
        .flatMap((before) => halfMatch(before, after, match)),
    );
  const isOnly = (name: 'before' | 'after', pair: HalfMatch) =>
    pairs.filter((other) => other[name] === pair[name]).length === 1;
  return pairs.filter((pair) => isOnly('before', pair) && isOnly('after', pair));
}

function halfMatch(
  before: JoinTableRelation,
  after: JoinTableRelation,
  match: KeptNames,
): readonly HalfMatch[] {
  const [a, b] = after.sides;
  const sides = [
    [a, b],
    [b, a],
  ] as const;
  return sides.flatMap(([same, changed]) => {
    const same0 = sideBefore(pathOf(same), match);
    const [x, y] = before.sides;
    const other = same0 === pathOf(x) ? y : same0 === pathOf(y) ? x : null;
    if (other === null || match.types.get(changed.type) !== other.type) return [];
    const isTaken = [...match.fields].some(
      ([path, field]) => field === other.field && path.startsWith(`${changed.type}.`),
    );
    return isTaken || match.fields.has(pathOf(changed))
      ? []
      : [{ before, after, sideOf: changed, side: other.field }];
  });
}

function joinTablesOf(model: Model): readonly JoinTableRelation[] {
  return model.relations.filter((relation) => relation.kind === 'JOIN_TABLE');
}

function sidesOf(
  { sides }: JoinTableRelation,
  rename: (side: string) => string | null = (side) => side,
): string {
  return sides
    .map((side) => rename(pathOf(side)) ?? '')
    .sort()
    .join(' ');
}

function pathOf({ type, field }: { readonly type: string; readonly field: string }): string {
  return `${type}.${field}`;
}

/** Returns the current name of a relation side in the next model, such as `Issue.labels`. */
function sideBefore(side: string, match: KeptNames): string | null {
  const type = match.types.get(side.slice(0, side.indexOf('.')));
  const field = match.fields.get(side);
  return type === undefined || field === undefined ? null : `${type}.${field}`;
}
