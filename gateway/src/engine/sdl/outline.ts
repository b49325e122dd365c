import {
  Kind,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type NameNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { reservedColumns, reservedFieldNames, reservedTypeNames } from './api-names.ts';
import { innermostName, readDefinitions } from './definitions.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import {
  enumDirectives,
  enumValueDirectives,
  fieldDirectives,
  readDirectives,
  typeDirectives,
  type EnumValueDirectives,
  type FieldDirectives,
  type TypeDirectives,
} from './directives.ts';
import { limits } from './limits.ts';
import { foldedNames, snakeCase } from './names.ts';
import { isReplaceable, isScalarName } from './scalars.ts';

/** A type that is not resolved yet: its definition, directives and fields. */
export interface TypeDraft {
  readonly name: string;
  readonly node: ObjectTypeDefinitionNode;
  readonly directives: TypeDirectives;
  readonly fields: readonly FieldDraft[];
}

export interface FieldDraft {
  readonly name: string;
  readonly node: FieldDefinitionNode;
  readonly directives: FieldDirectives;
  /** Null if the type is invalid. */
  readonly type: FieldType | null;
}

/** A type as it is written in the SDL: `[String!]!` → `{ name: 'String', list: true, required: true }`. */
interface TypeReference {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
}

/** The type of a field, with the kind of definition that the type name refers to. */
export interface FieldType extends TypeReference {
  readonly kind: 'SCALAR' | 'ENUM' | 'MODEL';
}

export interface EnumDraft {
  readonly name: string;
  readonly node: EnumTypeDefinitionNode;
  readonly values: readonly EnumValueDraft[];
}

export interface EnumValueDraft {
  readonly name: string;
  readonly node: EnumValueDefinitionNode;
  readonly directives: EnumValueDirectives;
}

export interface Outline {
  readonly types: readonly TypeDraft[];
  readonly enums: ReadonlyMap<string, EnumDraft>;
  /** The types with `@claims`, which are not models. A schema can have one. */
  readonly claims: readonly TypeDraft[];
}

/** Reads the types, enums and fields, and checks their names. */
export function readOutline(document: DocumentNode, bag: DiagnosticBag): Outline {
  const { types: typeNodes, enums: enumNodes } = readDefinitions(document, bag);
  limit(typeNodes, 'types', limits.types, bag);
  limit(enumNodes, 'enums', limits.enums, bag);
  const enums = new Map(enumNodes.map((node) => [node.name.value, readEnum(node, bag)]));
  const [claimNodes, modelNodes] = [typeNodes.filter(isClaims), typeNodes.filter(isNoClaims)];
  const known = { models: namesOf(modelNodes), claims: namesOf(claimNodes), enums };
  const read = (node: ObjectTypeDefinitionNode) => readType(node, known, bag);
  const types = firstOfEachName(modelNodes).map(read);
  const claims = firstOfEachName(claimNodes).map(read);
  checkTypeNames(
    [...typeNodes, ...enumNodes].map((node) => node.name),
    reservedTypeNames(types.flatMap(scalarsOf)),
    bag,
  );
  return { types, enums, claims };
}

/** A type that also has `@model` is a model, which is reported. */
function isClaims({ directives = [] }: ObjectTypeDefinitionNode): boolean {
  const has = (name: string) => directives.some((each) => each.name.value === name);
  return has('claims') && !has('model');
}

function isNoClaims(node: ObjectTypeDefinitionNode): boolean {
  return !isClaims(node);
}

function namesOf(nodes: readonly ObjectTypeDefinitionNode[]): ReadonlySet<string> {
  return new Set(nodes.map((node) => node.name.value));
}

function scalarsOf({ fields }: TypeDraft): readonly FieldType[] {
  return fields.flatMap(({ type }) => (type?.kind === 'SCALAR' ? [type] : []));
}

/** Returns the first definition of each name. The others were already reported. */
function firstOfEachName(nodes: readonly ObjectTypeDefinitionNode[]) {
  return [
    ...new Map([...nodes].reverse().map((node) => [node.name.value, node])).values(),
  ].reverse();
}

function readEnum(node: EnumTypeDefinitionNode, bag: DiagnosticBag): EnumDraft {
  const name = node.name.value;
  readDirectives(node.directives ?? [], enumDirectives, bag);
  const nodes = node.values ?? [];
  if (nodes.length === 0) bag.report(node.name, 'EMPTY_TYPE', name);
  limit(nodes, `values in ${name}`, limits.valuesPerEnum, bag);
  const values = new Map<string, EnumValueDraft>();
  for (const value of nodes) {
    const directives = readDirectives(value.directives ?? [], enumValueDirectives, bag);
    checkName(value.name, bag);
    const draft = { name: value.name.value, node: value, directives };
    if (values.has(draft.name)) {
      bag.report(value.name, 'DUPLICATE_NAME', `value in ${name}`, draft.name);
    }
    values.set(draft.name, draft);
  }
  return { name, node, values: [...values.values()] };
}

interface KnownTypes {
  readonly models: ReadonlySet<string>;
  readonly claims: ReadonlySet<string>;
  readonly enums: ReadonlyMap<string, EnumDraft>;
}

function readType(
  node: ObjectTypeDefinitionNode,
  known: KnownTypes,
  bag: DiagnosticBag,
): TypeDraft {
  const name = node.name.value;
  const directives = readDirectives(node.directives ?? [], typeDirectives, bag);
  if (!directives.has('model') && !known.claims.has(name)) {
    bag.report(node.name, 'NOT_A_MODEL', name);
  }
  for (const implemented of node.interfaces ?? []) {
    bag.report(implemented, 'INTERFACES_UNSUPPORTED', name);
  }
  const nodes = node.fields ?? [];
  if (nodes.length === 0) bag.report(node.name, 'EMPTY_TYPE', name);
  limit(nodes, `fields in ${name}`, limits.fieldsPerType, bag);
  checkFieldNames(name, nodes, bag);
  const fields = nodes.map((field) => readField(field, known, bag));
  return { name, node, directives, fields };
}

function readField(node: FieldDefinitionNode, known: KnownTypes, bag: DiagnosticBag): FieldDraft {
  const name = node.name.value;
  if ((node.arguments ?? []).length > 0) bag.report(node.name, 'FIELD_ARGUMENTS', name);
  const directives = readDirectives(node.directives ?? [], fieldDirectives, bag);
  const reference = readTypeReference(node, bag);
  if (reference === null) return { name, node, directives, type: null };
  const kind = kindOf(reference.name, known);
  if (kind === null && known.claims.has(reference.name)) {
    const what = `${reference.name} has @claims, so it is not a model and not the type of a field.`;
    bag.report(node.type, 'BAD_CLAIMS_TYPE', what, 'Use a model, an enum or a scalar.');
  } else if (kind === null) bag.report(node.type, 'UNKNOWN_TYPE', reference.name);
  return { name, node, directives, type: kind === null ? null : { ...reference, kind } };
}

function kindOf(name: string, { enums, models }: KnownTypes): FieldType['kind'] | null {
  const defined = enums.has(name) ? 'ENUM' : models.has(name) ? 'MODEL' : null;
  return isScalarName(name) && (defined === null || !isReplaceable(name)) ? 'SCALAR' : defined;
}

/**
 * Reads the type of a field. Lists must have one level and no null items.
 *
 * @returns null if the type is invalid; the diagnostic is in the bag
 */
function readTypeReference(field: FieldDefinitionNode, bag: DiagnosticBag): TypeReference | null {
  const required = field.type.kind === Kind.NON_NULL_TYPE;
  const outer = withoutNonNull(field.type);
  if (outer.kind === Kind.NAMED_TYPE) return { name: outer.name.value, list: false, required };
  const item = withoutNonNull(outer.type);
  if (item.kind === Kind.NAMED_TYPE && outer.type.kind === Kind.NON_NULL_TYPE) {
    return { name: item.name.value, list: true, required };
  }
  bag.report(field.type, 'BAD_LIST', field.name.value, innermostName(field.type));
  return null;
}

function withoutNonNull(type: TypeNode) {
  return type.kind === Kind.NON_NULL_TYPE ? type.type : type;
}

function checkTypeNames(
  nodes: readonly NameNode[],
  reserved: ReadonlySet<string>,
  bag: DiagnosticBag,
): void {
  const seen = new Map<string, string>();
  for (const node of nodes) {
    const name = node.value;
    checkName(node, bag);
    if (reserved.has(name)) {
      bag.report(node, 'NAME_RESERVED', name, 'GraphQL or the generated API uses it');
    }
    reportClash(node, seen, bag);
  }
}

function checkFieldNames(
  type: string,
  fields: readonly FieldDefinitionNode[],
  bag: DiagnosticBag,
): void {
  const seen = new Set<string>();
  for (const { name: node } of fields) {
    const name = node.value;
    checkName(node, bag);
    const why = reservedFieldNames.get(name);
    if (why !== undefined && !name.startsWith('__')) bag.report(node, 'NAME_RESERVED', name, why);
    if (reservedColumns.has(snakeCase(name))) {
      bag.report(node, 'NAME_RESERVED', name, 'PostgreSQL has a system column with this name');
    }
    if (seen.has(name)) bag.report(node, 'DUPLICATE_NAME', `field in ${type}`, name);
    seen.add(name);
  }
}

/** @param seen the names read so far, by their folded names */
function reportClash(node: NameNode, seen: Map<string, string>, bag: DiagnosticBag): void {
  const name = node.value;
  const keys = foldedNames(name);
  const other = keys.map((key) => seen.get(key)).find((found) => found !== undefined);
  if (other === name) bag.report(node, 'DUPLICATE_NAME', 'type or enum', name);
  else if (other !== undefined) bag.report(node, 'NAMES_DIFFER_IN_CASE', name, other);
  for (const key of keys) seen.set(key, name);
}

function checkName(node: NameNode, bag: DiagnosticBag): void {
  const name = node.value;
  if (name.length > limits.nameLength) bag.report(node, 'NAME_TOO_LONG', name);
  if (name.startsWith('__')) {
    bag.report(node, 'NAME_RESERVED', name, 'names that start with __ are reserved for GraphQL');
  }
}

function limit(
  nodes: readonly { readonly name: NameNode }[],
  what: string,
  most: number,
  bag: DiagnosticBag,
): void {
  const first = nodes[most];
  if (first !== undefined) bag.report(first.name, 'TOO_MANY', what, most);
}
