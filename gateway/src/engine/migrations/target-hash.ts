import { assertNever } from '../../platform/assert-never.ts';
import type {
  EnumType,
  Field,
  ForeignKey,
  JoinColumn,
  Model,
  ModelType,
  Relation,
} from '../sdl/model.ts';
import type { AccessModel } from '../sdl/access-model.ts';
import { contentHash } from './hash.ts';

/**
 * Hashes a model in the format of version 0.1. A plan created before an upgrade would be stale after the upgrade if the
 * hash of its model changed. Members that were added since then are therefore left out where they have no value.
 */
export function targetHash(model: Model): string {
  const { types, enums, relations, access } = model;
  const owners = new Map(types.map((type) => [type.name, type]));
  const isUsual: IsUsual = (target, { type, references }) =>
    type.name === 'ID' && owners.get(target)?.key.columns.join() === references;
  return contentHash({
    types: types.map((type) => typeContent(type, isUsual)),
    enums: enums.map(enumContent),
    relations: relations.map((relation) => relationContent(relation, isUsual)),
    ...given({ access: access === null ? null : accessContent(access) }),
  });
}

/** Whether a column references the key of a type, and the key is a single ID, as all keys were in version 0.1. */
type IsUsual = (target: string, column: JoinColumn) => boolean;

/** In version 0.1, the key was the name of a field. */
function typeContent({ key, deprecationReason, fields, ...type }: ModelType, isUsual: IsUsual) {
  const marked = fields.find((field) => field.kind === 'VALUE' && field.role === 'ID');
  return {
    ...type,
    ...given({ deprecationReason }),
    ...(marked === undefined ? { key } : { idField: marked.name }),
    fields: fields.map((field) => fieldContent(field, isUsual)),
  };
}

function fieldContent(field: Field, isUsual: IsUsual) {
  switch (field.kind) {
    case 'TO_MANY': {
      const { deprecationReason, ...others } = field;
      return { ...others, ...given({ deprecationReason }) };
    }
    case 'TO_ONE': {
      const { deprecationReason, backfill, key, target, ...others } = field;
      return {
        ...others,
        target,
        key: key === null ? null : foreignKeyContent(key, target, isUsual),
        ...given({ deprecationReason, backfill }),
      };
    }
    case 'VALUE': {
      const { deprecationReason, backfill, generate, ...others } = field;
      const isDefault = generate === (field.role === 'ID' ? 'UUID' : null);
      return {
        ...others,
        ...(isDefault ? {} : { generate }),
        ...given({ deprecationReason, backfill }),
      };
    }
    default:
      return assertNever(field);
  }
}

function foreignKeyContent(key: ForeignKey, target: string, isUsual: IsUsual) {
  const [only, ...others] = key;
  if (others.length > 0 || !isUsual(target, only)) return key;
  return { name: only.name, column: only.column };
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

/** The rules without the lines where they are written. */
function accessContent({ types, ...access }: AccessModel) {
  const withoutLine = ({ line: _, ...rule }: { readonly line: number }) => rule;
  return {
    ...access,
    types: types.map(({ allows, requires, fields, ...type }) => ({
      ...type,
      allows: allows.map(withoutLine),
      requires: requires.map(withoutLine),
      fields: fields.map(({ preset, ...field }) => ({
        ...field,
        allows: field.allows.map(withoutLine),
        preset: preset === null ? null : withoutLine(preset),
      })),
    })),
  };
}

/** The members that are not null. */
function given(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

/** In version 0.1, the sides of a relation were named `holder` and `target`, and its key was one column. */
function relationContent(relation: Relation, isUsual: IsUsual) {
  if (relation.kind === 'JOIN_TABLE') {
    return {
      ...relation,
      sides: relation.sides.map(({ columns, ...side }) => {
        const [only, ...others] = columns;
        const isOne = only !== undefined && others.length === 0 && isUsual(side.type, only);
        return { ...side, ...(isOne ? { column: only.column } : { columns }) };
      }),
    };
  }
  const { owningSide: holder, inverseSide: target, key, ...others } = relation;
  const [only, ...more] = key;
  const isOne = more.length === 0 && isUsual(target.type, only);
  return { ...others, ...(isOne ? { column: only.column } : { key }), holder, target };
}
