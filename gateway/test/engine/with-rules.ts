import { Kind, parse, print, type DefinitionNode, type FieldDefinitionNode } from 'graphql';

/**
 * Adds access rules to a schema. `extend type Issue @allow(…) { title: String! @private }` adds directives to the type
 * and to its field `title`.
 */
export function withRules(sdl: string, rules: string): string {
  const base = parse(sdl);
  const fields = new Map(
    parse(rules).definitions.flatMap((definition) =>
      definition.kind === Kind.OBJECT_TYPE_EXTENSION
        ? (definition.fields ?? []).map(
            (field) => [`${definition.name.value}.${field.name.value}`, field] as const,
          )
        : [],
    ),
  );
  const extended = (type: string) => (field: FieldDefinitionNode) => ({
    ...field,
    directives: [
      ...(field.directives ?? []),
      ...(fields.get(`${type}.${field.name.value}`)?.directives ?? []),
    ],
  });
  const definitions = base.definitions.map((definition): DefinitionNode =>
    definition.kind === Kind.OBJECT_TYPE_DEFINITION
      ? { ...definition, fields: definition.fields?.map(extended(definition.name.value)) ?? [] }
      : definition,
  );
  const types = parse(rules).definitions.map((definition) =>
    definition.kind === Kind.OBJECT_TYPE_EXTENSION ? { ...definition, fields: [] } : definition,
  );
  return print({ ...base, definitions: [...definitions, ...types] });
}
