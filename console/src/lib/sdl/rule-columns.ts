import type { LooseField, LooseNames, LooseType } from './loose-names.ts';

/** A field of a filter with a value: a field of the type, a foreign key, or a claim. */
export interface RuleColumn {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
  readonly isEnum: boolean;
}

const directiveOf = (of: LooseType | LooseField, name: string) =>
  of.directives.find((directive) => directive.name === name);

export const hasDirective = (of: LooseType | LooseField, name: string): boolean =>
  directiveOf(of, name) !== undefined;

const textsOf = (of: LooseType | LooseField, directive: string, argument: string) =>
  directiveOf(of, directive)?.texts.get(argument) ?? [];

export const findType = (names: LooseNames, name: string): LooseType | undefined =>
  names.types.find((type) => type.name === name);

/** The model whose rows are the end users. */
export const userType = (names: LooseNames): LooseType | undefined =>
  names.types.find((type) => hasDirective(type, 'user'));

/** The type that declares the claims. */
export const claimsType = (names: LooseNames): LooseType | undefined =>
  names.types.find((type) => hasDirective(type, 'claims'));

/** Whether a field is a relation. */
export const isRelation = (names: LooseNames, field: LooseField): boolean => {
  const type = findType(names, field.type);
  return type !== undefined && !hasDirective(type, 'claims');
};

/** The longest chain of relations in keys that is followed: `@id(fields: ["user"])`. */
const mostKeyHops = 4;

/** The fields of a type that have values, with the foreign keys of its relations. */
export function columnsOf(names: LooseNames, type: LooseType, hops = 0): readonly RuleColumn[] {
  return type.fields.flatMap((field) => fieldColumns(names, type, field, hops));
}

function fieldColumns(
  names: LooseNames,
  type: LooseType,
  field: LooseField,
  hops: number,
): readonly RuleColumn[] {
  if (isRelation(names, field)) return foreignKey(names, type, field, hops);
  const isEnum = names.enums.some(({ name }) => name === field.type);
  return [{ name: field.name, type: field.type, list: field.list, isEnum }];
}

/** The foreign key of a relation; empty on its inverse side. */
export function foreignKey(
  names: LooseNames,
  type: LooseType,
  field: LooseField,
  hops = 0,
): readonly RuleColumn[] {
  const target = findType(names, field.type);
  if (target === undefined || hops > mostKeyHops || !isOwningSide(type, field, target)) return [];
  const columns = referencedFields(field, target).flatMap((name) => {
    const keyField = target.fields.find((each) => each.name === name);
    return keyField === undefined ? [] : fieldColumns(names, target, keyField, hops + 1);
  });
  const given = textsOf(field, 'relation', 'key');
  return columns.map((column, index) => {
    const usual = columns.length === 1 ? 'Id' : capitalized(column.name);
    return { ...column, name: given[index] ?? `${field.name}${usual}` };
  });
}

/** The fields of the other type that a foreign key contains. */
export function referencedFields(field: LooseField, target: LooseType): readonly string[] {
  const references = textsOf(field, 'relation', 'references');
  return references.length > 0 ? references : primaryKey(target);
}

function primaryKey(type: LooseType): readonly string[] {
  const ofType = textsOf(type, 'id', 'fields');
  if (ofType.length > 0) return ofType;
  return type.fields.filter((field) => hasDirective(field, 'id')).map(({ name }) => name);
}

/** In a one-to-one relation, the side with `@unique` has the foreign key. */
function isOwningSide(type: LooseType, field: LooseField, target: LooseType): boolean {
  if (field.list) return false;
  if (hasDirective(field, 'unique')) return true;
  const relationName = (of: LooseField) => textsOf(of, 'relation', 'name')[0];
  const key = primaryKey(target);
  return !target.fields.some(
    (other) =>
      other !== field &&
      other.type === type.name &&
      !other.list &&
      (hasDirective(other, 'unique') || (key.length === 1 && key[0] === other.name)) &&
      relationName(other) === relationName(field),
  );
}

const capitalized = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
