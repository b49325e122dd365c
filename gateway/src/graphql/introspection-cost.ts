import {
  getIntrospectionQuery,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

import { createMeter } from './document-meter.ts';

/** The cost of introspecting a schema. */
export interface IntrospectionCost {
  /** The average number of entries in a list such as `__Type.fields`. */
  listSize(field: FieldNode, parent: GraphQLNamedType | null): number;
  /** The maximum introspection cost of a document. */
  readonly allowed: number;
}

/** Tools request the whole schema once. Twice that cost allows for variations of the query. */
const allowedTimes = 2;

const costs = new WeakMap<GraphQLSchema, IntrospectionCost>();

/**
 * Derives the cost from the schema's size. The limit is based on the standard introspection query, which every tool
 * sends. The cost is computed once per schema.
 */
export function introspectionCostOf(schema: GraphQLSchema): IntrospectionCost {
  const known = costs.get(schema);
  if (known !== undefined) return known;
  const sizes = averageSizes(schema);
  const listSize: IntrospectionCost['listSize'] = (field, parent) =>
    sizes[`${parent?.name ?? ''}.${field.name.value}`] ?? 1;
  const cost = { listSize, allowed: allowedTimes * standardCost(schema, listSize) };
  costs.set(schema, cost);
  return cost;
}

function standardCost(schema: GraphQLSchema, listSize: IntrospectionCost['listSize']): number {
  const document = parse(
    getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  );
  const [operation] = document.definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return 0;
  const measure = createMeter({
    document,
    schema,
    listSize: (field, _definition, parent) => listSize(field, parent),
  });
  return measure(operation).introspectionCost;
}

/** Products of averages are exact totals: types × fields per type × arguments per field. */
function averageSizes(schema: GraphQLSchema): Readonly<Record<string, number>> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const inputFields = types.flatMap((type) =>
    isInputObjectType(type) ? Object.values(type.getFields()) : [],
  );
  const enumValues = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []));
  const interfaces = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [],
  );
  const possibleTypes = types.flatMap((type) =>
    isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type) : [],
  );
  const directives = schema.getDirectives();
  const each = (count: number, owners: number) => Math.max(1, count / Math.max(1, owners));
  const argumentsOf = (owners: readonly { readonly args: readonly unknown[] }[]) =>
    each(owners.flatMap(({ args }) => args).length, owners.length);
  return {
    '__Schema.types': types.length,
    '__Schema.directives': directives.length,
    '__Type.fields': each(fields.length, types.length),
    '__Type.inputFields': each(inputFields.length, types.length),
    '__Type.enumValues': each(enumValues.length, types.length),
    '__Type.interfaces': each(interfaces.length, types.length),
    '__Type.possibleTypes': each(possibleTypes.length, types.length),
    '__Field.args': argumentsOf(fields),
    '__Directive.args': argumentsOf(directives),
  };
}
