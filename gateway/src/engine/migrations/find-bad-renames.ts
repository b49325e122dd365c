import type { Model, ModelType } from '../sdl/model.ts';
import type { BadRename } from '../sdl/rename-diagnostics.ts';
import { distance } from '../sdl/similar-names.ts';
import { createModelHistory, type MigrationHistory, type NameHistory } from './lineage.ts';
import { joinNamed } from './match-joins.ts';
import { isDone } from './match-names.ts';
import { fieldsToMatch, matchModels, typesToMatch } from './match-tables.ts';
import { valuesToMatch } from './match-values.ts';

/**
 * Returns each `@rename` that cannot be performed and was not performed earlier. A type that the current model does not
 * have can be renamed from an unknown name, because the SDL can be older than the project.
 */
export function findBadRenames(
  current: Model,
  next: Model,
  history: MigrationHistory,
): readonly BadRename[] {
  // The SDL of an earlier version was valid when it was applied.
  if (history.restored !== null) return [];
  const { match, joins, joinsOfTypes } = matchModels({ current, next }, history);
  const names = createModelHistory(history);
  const droppedTypes = current.types
    .map(({ name }) => name)
    .filter((name) => ![...match.types.values()].includes(name));
  const isList = ({ renamedFrom }: Pick<ModelType, 'renamedFrom'>) =>
    renamedFrom?.includes('.') === true;
  const lists = next.types
    .filter((type) => isList(type) && !match.types.has(type.name))
    .filter(({ name }) => joinsOfTypes.every(({ type }) => type !== name))
    .flatMap((type) => badList(type, current, { joins }));
  const renamed = typesToMatch(next).filter((type) => !isList(type));
  const types = findIn(typesToMatch(current), renamed, {
    history: names.types,
    matched: (name) => match.types.get(name),
    dropped: droppedTypes,
  }).map(({ name: type, ...bad }) => ({ type, field: null, ...bad }));
  const fields = next.types.flatMap((type) => {
    const before = current.types.find(({ name }) => name === match.types.get(type.name));
    if (before === undefined) return [];
    const kept = new Set(type.fields.map(({ name }) => match.fields.get(`${type.name}.${name}`)));
    return findIn(fieldsToMatch(before), fieldsToMatch(type), {
      history: names.fieldsOf(before.name),
      matched: (name) => match.fields.get(`${type.name}.${name}`),
      dropped: before.fields.map(({ name }) => name).filter((name) => !kept.has(name)),
      isField: true,
    }).map(({ name: field, ...bad }) => ({ type: type.name, field, ...bad }));
  });
  const values = next.enums.flatMap((type) => {
    const before = current.enums.find(({ name }) => name === type.name);
    if (before === undefined) return [];
    const matched = (name: string) => match.values.get(`${type.name}.${name}`);
    const kept = new Set(type.values.map(({ name }) => matched(name)));
    return findIn(valuesToMatch(before), valuesToMatch(type), {
      history: names.valuesOf(before.name),
      matched,
      dropped: before.values.map(({ name }) => name).filter((name) => !kept.has(name)),
      isField: true,
    }).map(({ name: field, ...bad }) => ({ type: type.name, field, ...bad }));
  });
  return [...types, ...lists, ...fields, ...values];
}

/** A new type that cannot take over the pairs of a many-to-many relation. */
function badList(
  { name: type, renamedFrom: from }: ModelType,
  current: Model,
  { joins }: { readonly joins: ReadonlyMap<string, string> },
): readonly BadRename[] {
  if (from === null) return [];
  const bad = { type, field: null, from, closest: null };
  const kept = new Set(joins.values());
  const join = joinNamed(current, from);
  if (join !== null) return [{ ...bad, cause: kept.has(join.name) ? 'KEPT_LIST' : 'OTHER_SHAPE' }];
  const dropped = current.relations
    .filter(({ kind, name }) => kind === 'JOIN_TABLE' && !kept.has(name))
    .map(({ name }) => name);
  const [closest] = [...dropped].sort((a, b) => distance(a, from) - distance(b, from));
  return closest === undefined ? [] : [{ ...bad, closest, cause: 'NEITHER' }];
}

type Matchable =
  | ReturnType<typeof fieldsToMatch>[number]
  | ReturnType<typeof typesToMatch>[number]
  | ReturnType<typeof valuesToMatch>[number];

interface Scope {
  readonly history: NameHistory;
  /** Returns the current name of a type or field that is kept. */
  readonly matched: (name: string) => string | undefined;
  /** The current names that the plan drops. */
  readonly dropped: readonly string[];
  readonly isField?: true;
}

type FoundRename = Pick<BadRename, 'from' | 'closest' | 'cause'> & { readonly name: string };

function findIn(
  current: readonly Matchable[],
  next: readonly Matchable[],
  { history, matched, dropped, isField }: Scope,
): readonly FoundRename[] {
  const existing = new Map(current.map((thing) => [thing.name, thing]));
  return next.flatMap(({ name, renamedFrom: from }): readonly FoundRename[] => {
    if (from === null || from === name) return [];
    const [old, now] = [existing.has(from), existing.get(name)];
    if (old && now !== undefined) {
      if (matched(name) === from || isDone(now, from, history)) return [];
      return [{ name, from, closest: null, cause: 'BOTH' }];
    }
    if (old || now !== undefined) return [];
    const kept = existing.get(matched(name) ?? '');
    const isKnown = kept !== undefined && 'alias' in kept && kept.alias === from;
    if (isKnown || isDone(kept, from, history)) return [];
    if (isField !== true && dropped.length === 0) return [];
    const [closest = null] = [...dropped].sort((a, b) => distance(a, from) - distance(b, from));
    return [{ name, from, closest, cause: 'NEITHER' }];
  });
}
