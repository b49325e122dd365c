import type { EnumType, Field, Model, ModelType, Relation } from '../sdl/model.ts';
import { contentHash } from './hash.ts';

/**
 * Hashes a model in the format of version 0.1. A plan created before an upgrade would be stale after the upgrade if the
 * hash of its model changed. Members that were added since then are therefore left out where they have no value.
 */
export function targetHash({ types, enums, relations }: Model): string {
  return contentHash({
    types: types.map(typeContent),
    enums: enums.map(enumContent),
    relations: relations.map(relationContent),
  });
}

function typeContent({ deprecationReason, fields, ...type }: ModelType) {
  return { ...type, ...given({ deprecationReason }), fields: fields.map(fieldContent) };
}

function fieldContent({ deprecationReason, ...field }: Field) {
  return { ...field, ...given({ deprecationReason }) };
}

/** In version 0.1, a value was only a name. */
function enumContent({ values, ...type }: EnumType) {
  return {
    ...type,
    values: values.map(({ name, ...others }) => {
      const members = given(others);
      return Object.keys(members).length === 0 ? name : { name, ...members };
    }),
  };
}

/** In version 0.1, the sides of a relation were named `holder` and `target`. */
function relationContent(relation: Relation) {
  if (relation.kind === 'JOIN_TABLE') return relation;
  const { owningSide: holder, inverseSide: target, ...others } = relation;
  return { ...others, holder, target };
}

/** The members that are not null. */
function given(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}
