import {
  Kind,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type EnumTypeExtensionNode,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';
import { argumentEnums, argumentScalars } from './argument-types.ts';
import { groupBy } from './collections.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import { enumValueDirectives, fieldDirectives, typeDirectives } from './directives.ts';
import { isScalarName } from './scalars.ts';

/** The types and enums of a document, each with the members that its extensions add. */
export interface Definitions {
  readonly types: readonly ObjectTypeDefinitionNode[];
  readonly enums: readonly EnumTypeDefinitionNode[];
}

/**
 * Merges extensions into their definitions, and reports all other definitions. The published definitions of the schema
 * language are ignored, because editors need them in the SDL.
 */
export function readDefinitions({ definitions }: DocumentNode, bag: DiagnosticBag): Definitions {
  const types: ObjectTypeDefinitionNode[] = [];
  const allEnums: EnumTypeDefinitionNode[] = [];
  const extensions: Extension[] = [];
  for (const node of definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION) types.push(node);
    else if (node.kind === Kind.ENUM_TYPE_DEFINITION) allEnums.push(node);
    else if (isExtension(node)) extensions.push(node);
    else if (!isPublished(node)) bag.report(node, 'UNSUPPORTED_DEFINITION', describe(node));
  }
  const used = new Set(
    types.flatMap(({ fields = [] }) => fields.map(({ type }) => innermostName(type))),
  );
  const enums = allEnums.filter((node) => used.has(node.name.value) || !isPublishedEnum(node));
  const kinds = new Map([...enums, ...types].map(({ name, kind }) => [name.value, kind]));
  for (const extension of extensions) refuseUnknown(extension, kinds, bag);
  const extensionsOf = groupBy(extensions, ({ name }) => name.value);
  return {
    types: extended(types, (name) => (extensionsOf.get(name) ?? []).filter(extendsType)).map(
      ([node, more]) => ({
        ...node,
        interfaces: merged(node.interfaces, more, ({ interfaces }) => interfaces),
        directives: merged(node.directives, more, ({ directives }) => directives),
        fields: merged(node.fields, more, ({ fields }) => fields),
      }),
    ),
    enums: extended(enums, (name) => (extensionsOf.get(name) ?? []).filter(extendsEnum)).map(
      ([node, more]) => ({
        ...node,
        directives: merged(node.directives, more, ({ directives }) => directives),
        values: merged(node.values, more, ({ values }) => values),
      }),
    ),
  };
}

function isPublished(node: DefinitionNode): boolean {
  if (node.kind === Kind.SCALAR_TYPE_DEFINITION) {
    return isScalarName(node.name.value) || Object.hasOwn(argumentScalars, node.name.value);
  }
  if (node.kind !== Kind.DIRECTIVE_DEFINITION) return false;
  return [typeDirectives, fieldDirectives, enumValueDirectives].some((known) =>
    Object.hasOwn(known, node.name.value),
  );
}

/** A schema can have an enum with the name of a published one: with other values, or as the type of a field. */
function isPublishedEnum({ name, values = [] }: EnumTypeDefinitionNode): boolean {
  const published = argumentEnums.get(name.value);
  const names = values.map((value) => value.name.value);
  return published?.length === names.length && names.every((each) => published.includes(each));
}

export function innermostName(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : innermostName(type.type);
}

type Extension = ObjectTypeExtensionNode | EnumTypeExtensionNode;

function isExtension(node: DefinitionNode): node is Extension {
  return node.kind === Kind.OBJECT_TYPE_EXTENSION || node.kind === Kind.ENUM_TYPE_EXTENSION;
}

function extendsType(node: Extension): node is ObjectTypeExtensionNode {
  return node.kind === Kind.OBJECT_TYPE_EXTENSION;
}

function extendsEnum(node: Extension): node is EnumTypeExtensionNode {
  return node.kind === Kind.ENUM_TYPE_EXTENSION;
}

/** Pairs each definition with its extensions. If a name is defined more than once, the first definition has them. */
function extended<Node extends Pick<ObjectTypeDefinitionNode, 'name'>, Of extends Extension>(
  nodes: readonly Node[],
  extensionsOf: (name: string) => readonly Of[],
): readonly (readonly [Node, readonly Of[]])[] {
  const seen = new Set<string>();
  return nodes.map((node) => {
    const name = node.name.value;
    const more = seen.has(name) ? [] : extensionsOf(name);
    seen.add(name);
    return [node, more];
  });
}

function merged<Of, Member>(
  own: readonly Member[] = [],
  extensions: readonly Of[],
  membersOf: (extension: Of) => readonly Member[] | undefined,
): readonly Member[] {
  return [...own, ...extensions.flatMap((extension) => membersOf(extension) ?? [])];
}

function refuseUnknown(
  extension: Extension,
  kinds: ReadonlyMap<string, (ObjectTypeDefinitionNode | EnumTypeDefinitionNode)['kind']>,
  bag: DiagnosticBag,
): void {
  const what = extendsType(extension) ? 'type' : 'enum';
  const name = extension.name.value;
  const kind = kinds.get(name);
  const other = kind === Kind.OBJECT_TYPE_DEFINITION ? 'type' : 'enum';
  if (kind === undefined) bag.report(extension.name, 'UNKNOWN_EXTENSION', what, name, null);
  else if (other !== what) bag.report(extension.name, 'UNKNOWN_EXTENSION', what, name, other);
}

function describe(node: DefinitionNode): string {
  if (node.kind === Kind.OPERATION_DEFINITION) return 'an operation';
  const kind = node.kind
    .replace(/Definition$|TypeDefinition$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return 'name' in node ? `the ${kind} ${node.name.value}` : `a ${kind}`;
}
