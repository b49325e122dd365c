import {
  isCompositeType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  getNamedType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import { documentErrors } from './document-errors.ts';

/** The size of a selection after its fragments are expanded. */
export interface Measure {
  /** The depth of nested fields, excluding introspection. */
  readonly depth: number;
  readonly fields: number;
  /** The number of fields, each multiplied by the sizes of the lists that contain it. */
  readonly cost: number;
  readonly introspectionFields: number;
  readonly introspectionCost: number;
}

export interface MeterOptions {
  readonly document: DocumentNode;
  /** An unknown name counts as one field. Validation reports it later. */
  readonly schema: GraphQLSchema;
  /**
   * The number by which the cost of the field's selection is multiplied, such as a page size.
   * @param definition null if the schema does not define the field
   */
  readonly listSize: (
    field: FieldNode,
    definition: GraphQLField<unknown, unknown> | null,
    parent: GraphQLNamedType | null,
  ) => number;
}

export type MeasuredDefinition = OperationDefinitionNode | FragmentDefinitionNode;

const nothing: Measure = {
  depth: 0,
  fields: 0,
  cost: 0,
  introspectionFields: 0,
  introspectionCost: 0,
};
const oneField: Measure = { ...nothing, depth: 1, fields: 1, cost: 1 };
const oneIntrospectionField: Measure = {
  ...nothing,
  introspectionFields: 1,
  introspectionCost: 1,
};

/**
 * Measures the definitions of a document in time linear in its length: each fragment is measured once. A document that
 * expands exponentially has a very large measure, up to Infinity.
 * @returns a function that throws RequestError `GRAPHQL_VALIDATION_FAILED` for a fragment cycle
 */
export function createMeter({ document, schema, listSize }: MeterOptions) {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }
  const measured = new Map<FragmentDefinitionNode, Measure | 'measuring'>();

  const measureFragment = (fragment: FragmentDefinitionNode): Measure => {
    const known = measured.get(fragment);
    if (known === 'measuring') throw documentErrors.fragmentCycle(fragment.name.value);
    if (known !== undefined) return known;
    measured.set(fragment, 'measuring');
    const parent = schema.getType(fragment.typeCondition.name.value) ?? null;
    const measure = measureSelections(fragment.selectionSet, parent);
    measured.set(fragment, measure);
    return measure;
  };

  const measureField = (field: FieldNode, parent: GraphQLNamedType | null): Measure => {
    const own = parent !== null && isIntrospectionType(parent) ? oneIntrospectionField : oneField;
    if (field.selectionSet === undefined) return own;
    const definition = fieldOf(schema, parent, field.name.value);
    const type = definition === null ? null : getNamedType(definition.type);
    const inner = measureSelections(field.selectionSet, type);
    const size = listSize(field, definition, parent);
    return {
      depth: own.depth + inner.depth,
      fields: own.fields + inner.fields,
      cost: own.cost + size * inner.cost,
      introspectionFields: own.introspectionFields + inner.introspectionFields,
      introspectionCost: own.introspectionCost + size * inner.introspectionCost,
    };
  };

  const measureSelections = (set: SelectionSetNode, parent: GraphQLNamedType | null): Measure => {
    let total = nothing;
    for (const selection of set.selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          total = sum(total, measureField(selection, parent));
          break;
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value;
          const type = condition === undefined ? parent : (schema.getType(condition) ?? null);
          total = sum(total, measureSelections(selection.selectionSet, type));
          break;
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          total = sum(total, fragment === undefined ? oneField : measureFragment(fragment));
          break;
        }
      }
    }
    return total;
  };

  return (definition: MeasuredDefinition): Measure =>
    definition.kind === Kind.FRAGMENT_DEFINITION
      ? measureFragment(definition)
      : measureSelections(
          definition.selectionSet,
          schema.getRootType(definition.operation) ?? null,
        );
}

function sum(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    fields: a.fields + b.fields,
    cost: a.cost + b.cost,
    introspectionFields: a.introspectionFields + b.introspectionFields,
    introspectionCost: a.introspectionCost + b.introspectionCost,
  };
}

function fieldOf(
  schema: GraphQLSchema,
  parent: GraphQLNamedType | null,
  name: string,
): GraphQLField<unknown, unknown> | null {
  if (parent === null || !isCompositeType(parent)) return null;
  if (parent === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return isObjectType(parent) || isInterfaceType(parent)
    ? (parent.getFields()[name] ?? null)
    : null;
}
