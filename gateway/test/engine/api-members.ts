import type { GraphQLSchema } from 'graphql';
import {
  isEnumType,
  isInputObjectType,
  isObjectType,
  Kind,
  parse,
  print,
  printSchema,
  visit,
  type GraphQLNamedType,
} from 'graphql';

/** The signature of each type, field, argument, input field and enum value of a schema, by its name. */
export function membersOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  return new Map(types.flatMap((type) => [[type.name, kindOf(type)], ...signaturesOf(type)]));
}

function kindOf(type: GraphQLNamedType): string {
  return isInputObjectType(type) && type.isOneOf ? 'OneOf' : type.constructor.name;
}

function signaturesOf(type: GraphQLNamedType): readonly (readonly [string, string])[] {
  if (isEnumType(type))
    return type.getValues().map(({ name }) => [`${type.name}.${name}`, 'value']);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [
      `${type.name}.${field.name}`,
      `${String(field.type)} = ${String(field.defaultValue)}`,
    ]);
  }
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    [`${type.name}.${field.name}`, String(field.type)],
    ...field.args.map((argument): readonly [string, string] => [
      `${type.name}.${field.name}(${argument.name}:)`,
      `${String(argument.type)} = ${String(argument.defaultValue)}`,
    ]),
  ]);
}

/** The types of an API that access rules can change, without descriptions. */
export function outlineOf(schema: GraphQLSchema): string {
  const document = visit(parse(printSchema(schema)), {
    enter(node) {
      if (node.kind === Kind.SCALAR_TYPE_DEFINITION) return null;
      if (node.kind === Kind.ENUM_TYPE_DEFINITION) return null;
      if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && node.name.value.endsWith('Filter'))
        return null;
      return 'description' in node ? { ...node, description: undefined } : undefined;
    },
  });
  return `${print(document)}\n`;
}
