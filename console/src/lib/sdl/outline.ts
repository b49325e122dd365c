import {
  Kind,
  print,
  type ConstDirectiveNode,
  type ConstValueNode,
  type DefinitionNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';

import { parseSdl, type SyntaxProblem } from './parse-sdl.ts';
import { scalarNames } from './prelude.ts';

/**
 * The contents of a project's SDL, for the diagram, lists and completion. Any text with valid syntax has an outline.
 * The gateway reports all other errors.
 */
export interface SdlOutline {
  /** In the order of the SDL. Fields and enum values are in SDL order too. */
  readonly types: readonly OutlineType[];
  readonly enums: readonly OutlineEnum[];
  readonly relations: readonly OutlineRelation[];
}

export interface OutlineType {
  readonly name: string;
  readonly description: string | null;
  /** The line of the name, starting at 1. */
  readonly line: number;
  readonly fields: readonly OutlineField[];
}

export interface OutlineField {
  readonly name: string;
  readonly description: string | null;
  readonly line: number;
  /** The type as written in the SDL: `[Issue!]!`. */
  readonly written: string;
  /** The type name without brackets and exclamation marks: `Issue`. */
  readonly type: string;
  readonly kind: 'SCALAR' | 'ENUM' | 'MODEL' | 'UNKNOWN';
  readonly list: boolean;
  readonly required: boolean;
  /** Fields that Tessera sets are not `PLAIN`. `ID` is a field of the primary key, which can have several fields. */
  readonly role: 'PLAIN' | 'ID' | 'CREATED_AT' | 'UPDATED_AT';
  /** Whether no two rows have the same value: `@unique`, or a primary key of one field. */
  readonly unique: boolean;
  /** The argument of `@default(value:)` as written; null without the directive. */
  readonly default: string | null;
  /** The arguments of `@relation`. */
  readonly relation: { readonly name: string | null; readonly onDelete: string | null };
}

export interface OutlineEnum {
  readonly name: string;
  readonly description: string | null;
  readonly line: number;
  readonly values: readonly string[];
}

export interface OutlineRelation {
  readonly kind: 'ONE_TO_MANY' | 'ONE_TO_ONE' | 'MANY_TO_MANY';
  /**
   * The inverse side, whose field is null if the relation has only the owning side. In a many-to-many relation, the side
   * that comes first in the text.
   */
  readonly from: Omit<RelationEnd, 'field'> & { readonly field: string | null };
  /** The owning side; in a many-to-many relation, the other side. */
  readonly to: RelationEnd;
  /** What deleting a row of `from` does to the rows of `to` that refer to it; null for many-to-many relations. */
  readonly onDelete: string | null;
}

export interface RelationEnd {
  readonly type: string;
  readonly field: string;
  /** Whether the field must have a value. */
  readonly required: boolean;
}

export type OutlineReading =
  | { readonly ok: true; readonly outline: SdlOutline }
  | { readonly ok: false; readonly problem: SyntaxProblem };

export function readOutline(text: string): OutlineReading {
  const parsing = parseSdl(text);
  if (!parsing.ok) return parsing;
  const { definitions } = parsing.document;
  const typeNodes = definitions
    .filter((node) => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .map((node) => ({
      ...node,
      fields: withExtensions(node, definitions, fieldsOf),
      directives: withExtensions(node, definitions, directivesOf),
    }))
    // Claims are not stored in a table.
    .filter(({ directives }) => directives.every(({ name }) => name.value !== 'claims'));
  const enumNodes = definitions
    .filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION)
    .map((node) => ({ ...node, values: withExtensions(node, definitions, valuesOf) }));
  const models = new Set(typeNodes.map(({ name }) => name.value));
  const enumNames = new Set(enumNodes.map(({ name }) => name.value));
  const kindOf = (type: string): OutlineField['kind'] => {
    if (enumNames.has(type)) return 'ENUM';
    if (models.has(type)) return 'MODEL';
    return scalarNames.has(type) ? 'SCALAR' : 'UNKNOWN';
  };
  const types = firstOfEachName(typeNodes.map((node) => readType(node, kindOf)));
  const enums = firstOfEachName(enumNodes.map(readEnum));
  return { ok: true, outline: { types, enums, relations: relationsOf(types) } };
}

/** The members of a definition and of its extensions. `membersOf` returns none for a definition of another kind. */
function withExtensions<Member>(
  node: ObjectTypeDefinitionNode | EnumTypeDefinitionNode,
  definitions: readonly DefinitionNode[],
  membersOf: (node: DefinitionNode) => readonly Member[],
): readonly Member[] {
  const extensions = definitions.filter(
    (other) =>
      (other.kind === Kind.OBJECT_TYPE_EXTENSION || other.kind === Kind.ENUM_TYPE_EXTENSION) &&
      other.name.value === node.name.value,
  );
  return [node, ...extensions].flatMap(membersOf);
}

function fieldsOf(node: DefinitionNode): readonly FieldDefinitionNode[] {
  const isType =
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
  return isType ? (node.fields ?? []) : [];
}

function directivesOf(node: DefinitionNode): readonly ConstDirectiveNode[] {
  const isType =
    node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
  return isType ? (node.directives ?? []) : [];
}

function valuesOf(node: DefinitionNode): readonly EnumValueDefinitionNode[] {
  const isEnum = node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION;
  return isEnum ? (node.values ?? []) : [];
}

function firstOfEachName<T extends { readonly name: string }>(all: readonly T[]): readonly T[] {
  const seen = new Set<string>();
  return all.filter(({ name }) => !seen.has(name) && seen.add(name));
}

function readType(
  node: ObjectTypeDefinitionNode,
  kindOf: (type: string) => OutlineField['kind'],
): OutlineType {
  const key = namesOf(argumentNode(node.directives ?? [], 'id', 'fields'));
  const fields = (node.fields ?? []).map((field): OutlineField => {
    const read = readField(field, kindOf);
    return key.includes(read.name) ? { ...read, role: 'ID' } : read;
  });
  const inKey = fields.filter(({ role }) => role === 'ID');
  return {
    ...headOf(node),
    fields: firstOfEachName(fields).map((field) =>
      inKey.length === 1 && inKey[0] === field ? { ...field, unique: true } : field,
    ),
  };
}

function readEnum(node: EnumTypeDefinitionNode): OutlineEnum {
  const values = (node.values ?? []).map(({ name }) => name.value);
  return { ...headOf(node), values: [...new Set(values)] };
}

function readField(
  node: FieldDefinitionNode,
  kindOf: (type: string) => OutlineField['kind'],
): OutlineField {
  const directives = node.directives ?? [];
  const has = (name: string) => directives.some((directive) => directive.name.value === name);
  const { type, list } = namedTypeOf(node.type);
  return {
    ...headOf(node),
    written: print(node.type),
    type,
    kind: kindOf(type),
    list,
    required: node.type.kind === Kind.NON_NULL_TYPE,
    role: roles.find(([directive]) => has(directive))?.[1] ?? 'PLAIN',
    unique: has('unique'),
    default: argumentOf(directives, 'default', 'value'),
    relation: {
      name: argumentOf(directives, 'relation', 'name'),
      onDelete: argumentOf(directives, 'relation', 'onDelete'),
    },
  };
}

const roles = [
  ['id', 'ID'],
  ['createdAt', 'CREATED_AT'],
  ['updatedAt', 'UPDATED_AT'],
] as const;

type Named = ObjectTypeDefinitionNode | EnumTypeDefinitionNode | FieldDefinitionNode;

function headOf({ name, description }: Named) {
  return {
    name: name.value,
    description: description?.value ?? null,
    // `parse` sets `loc` unless the option `noLocation` is set.
    line: name.loc?.startToken.line ?? 1,
  };
}

function namedTypeOf(node: TypeNode): { type: string; list: boolean } {
  if (node.kind === Kind.NAMED_TYPE) return { type: node.name.value, list: false };
  const inner = namedTypeOf(node.type);
  return { type: inner.type, list: inner.list || node.kind === Kind.LIST_TYPE };
}

/** A directive's argument as SDL text; null if it is not given. String arguments of `@relation` have no quotes. */
function argumentOf(
  directives: readonly ConstDirectiveNode[],
  directive: string,
  argument: string,
): string | null {
  const value = argumentNode(directives, directive, argument);
  if (value === null) return null;
  return directive === 'relation' && value.kind === Kind.STRING ? value.value : print(value);
}

const argumentNode = (
  directives: readonly ConstDirectiveNode[],
  directive: string,
  argument: string,
): ConstValueNode | null =>
  directives
    .find(({ name }) => name.value === directive)
    ?.arguments?.find(({ name }) => name.value === argument)?.value ?? null;

/** The names in an argument such as `["shelf", "item"]`. A single name is a list with one item, as in GraphQL. */
function namesOf(node: ConstValueNode | null): readonly string[] {
  if (node?.kind === Kind.LIST) return node.values.flatMap(namesOf);
  return node?.kind === Kind.STRING ? [node.value] : [];
}

interface Side {
  readonly type: string;
  readonly field: OutlineField;
}

/** Pairs the fields that form the two sides of a relation. Pairs that the gateway would reject are omitted. */
function relationsOf(types: readonly OutlineType[]): readonly OutlineRelation[] {
  const groups = new Map<string, Side[]>();
  for (const type of types) {
    for (const field of type.fields.filter(({ kind }) => kind === 'MODEL')) {
      const side = { type: type.name, field };
      const key = groupKey(side);
      groups.set(key, [...(groups.get(key) ?? []), side]);
    }
  }
  return [...groups.values()].flatMap((sides) => {
    if (areOneSided(sides)) return sides.map((side) => keyed(side, null));
    const [one, other, ...more] = sides;
    return one === undefined || other === undefined || more.length > 0 ? [] : pair(one, other);
  });
}

/**
 * Whether each side is a relation without an inverse side. Two fields of a type that refer to the type itself are the
 * two sides of one relation.
 */
function areOneSided(sides: readonly Side[]): boolean {
  const [first] = sides;
  const isSelf = first?.type === first?.field.type;
  return (
    sides.every(({ type, field }) => type === first?.type && !field.list) &&
    (!isSelf || sides.length === 1)
  );
}

/** A key that both sides of a relation share: the sorted names of the two types, and the name of the relation. */
function groupKey({ type, field }: Side): string {
  return [...[type, field.type].sort(), field.relation.name ?? ''].join(' ');
}

function pair(one: Side, other: Side): readonly OutlineRelation[] {
  if (one.type !== other.field.type || other.type !== one.field.type) return [];
  if (one.field.list && other.field.list) {
    return [{ kind: 'MANY_TO_MANY', from: endOf(one), to: endOf(other), onDelete: null }];
  }
  if (!one.field.list && !other.field.list) {
    if (one.field.unique === other.field.unique) return [];
    return [one.field.unique ? keyed(one, other) : keyed(other, one)];
  }
  return [one.field.list ? keyed(other, one) : keyed(one, other)];
}

/** @param inverse null if the relation has only the owning side */
function keyed(owner: Side, inverse: Side | null): OutlineRelation {
  const isOne = inverse === null ? owner.field.unique : !inverse.field.list;
  return {
    kind: isOne ? 'ONE_TO_ONE' : 'ONE_TO_MANY',
    from:
      inverse === null ? { type: owner.field.type, field: null, required: false } : endOf(inverse),
    to: endOf(owner),
    onDelete: owner.field.relation.onDelete ?? 'RESTRICT',
  };
}

const endOf = ({ type, field }: Side): RelationEnd => ({
  type,
  field: field.name,
  required: field.required,
});
