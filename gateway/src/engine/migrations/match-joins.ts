import type { ForeignKeyRelation, JoinTableRelation, Model, ModelType } from '../sdl/model.ts';
import type { KeptNames } from './lineage.ts';

/** A many-to-many relation that becomes a type, with its pairs. */
export interface JoinOfType {
  /** The type in the next model. */
  readonly type: string;
  readonly join: JoinTableRelation;
  /** Maps the two relations of the type to the sides of the join table: `event` → `Event.hosts`. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The types that take over a join table, because of `@rename(from: "Event.hosts")`. */
export function joinsOfTypes(
  models: { readonly current: Model; readonly next: Model },
  names: KeptNames,
  joins: ReadonlyMap<string, string>,
): readonly JoinOfType[] {
  const kept = new Set(joins.values());
  const taken = new Set<string>();
  return models.next.types.flatMap((type) => {
    const join = joinNamed(models.current, type.renamedFrom);
    if (join === null || names.types.has(type.name) || kept.has(join.name)) return [];
    const fields = fieldsForSides(type, join, models.next, names);
    if (fields === null || taken.has(join.name)) return [];
    taken.add(join.name);
    return [{ type: type.name, join, fields }];
  });
}

/** Finds a many-to-many relation by one of its sides: `Event.hosts`. */
export function joinNamed(model: Model, side: string | null): JoinTableRelation | null {
  return (
    model.relations
      .filter((relation) => relation.kind === 'JOIN_TABLE')
      .find(({ sides }) => sides.some(({ type, field }) => `${type}.${field}` === side)) ?? null
  );
}

/**
 * Finds the relations of a type that can have the pairs of a join table: one to the key of each side. If there are
 * several, it is the one with `@rename(from:)` and the name of the list, or else the only required one.
 *
 * @returns null if a side has no such relation
 */
export function fieldsForSides(
  type: ModelType,
  { sides }: JoinTableRelation,
  next: Model,
  names: KeptNames,
): ReadonlyMap<string, string> | null {
  const relations = next.relations.filter(
    (relation): relation is ForeignKeyRelation =>
      relation.kind === 'FOREIGN_KEY' &&
      relation.owningSide.type === type.name &&
      referencesKey(relation, next),
  );
  const isNamed = ({ owningSide }: ForeignKeyRelation, list: string) =>
    type.fields.some((field) => field.name === owningSide.field && field.renamedFrom === list);
  const fields = sides.map((side) => {
    const possible = relations.filter(
      ({ inverseSide }) => names.types.get(inverseSide.type) === side.type,
    );
    const named = possible.filter((relation) => isNamed(relation, side.field));
    const required = possible.filter((relation) => relation.required);
    const [only, ...others] = named.length > 0 ? named : possible.length > 1 ? required : possible;
    return only === undefined || others.length > 0 ? null : only.owningSide.field;
  });
  const [a, b] = fields;
  if (a == null || b == null || a === b) return null;
  return new Map(
    sides.map(({ type: of, field }, index) => [index === 0 ? a : b, `${of}.${field}`]),
  );
}

function referencesKey({ key, inverseSide }: ForeignKeyRelation, { types }: Model): boolean {
  const target = types.find(({ name }) => name === inverseSide.type);
  return key.every(({ references }) => target?.key.columns.includes(references) === true);
}
