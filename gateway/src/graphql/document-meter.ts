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
  type ValueNode,
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
  /** The number of counts of this selection's own list. They run once, however large the page is. */
  readonly ownCounts: number;
  /** The number of counts of lists below, each multiplied by the sizes of the lists that contain it. */
  readonly counts: number;
  /** The number of items in the lists of the arguments. */
  readonly items: number;
  /** The number of rows that the arguments `atMost` allow to change. */
  readonly changedRows: number;
  /** The number of rows that the arguments `offset` skip, each multiplied by the sizes of the lists around it. */
  readonly skippedRows: number;
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
  /** The value of a numeric argument, or null if it is not given. @default always null */
  readonly numberIn?: (field: FieldNode, argument: string) => number | null;
  /** Whether a field counts or aggregates the whole list that its parent is a page of. @default none does */
  readonly isCount?: IsCount;
  /** What a field costs in addition to 1. @default 0 */
  readonly extraCost?: ExtraCost;
}

export type ExtraCost = (
  field: GraphQLField<unknown, unknown>,
  parent: GraphQLNamedType | null,
) => number;
export type IsCount = (field: GraphQLField<unknown, unknown>) => boolean;

export type MeasuredDefinition = OperationDefinitionNode | FragmentDefinitionNode;

const nothing: Measure = {
  depth: 0,
  fields: 0,
  cost: 0,
  introspectionFields: 0,
  introspectionCost: 0,
  ownCounts: 0,
  counts: 0,
  items: 0,
  changedRows: 0,
  skippedRows: 0,
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
export function createMeter({
  document,
  schema,
  listSize,
  numberIn = () => null,
  isCount = () => false,
  extraCost = () => 0,
}: MeterOptions) {
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
    const isIntrospection = parent !== null && isIntrospectionType(parent);
    const definition = fieldOf(schema, parent, field.name.value);
    const one = isIntrospection ? oneIntrospectionField : oneField;
    const own = {
      ...one,
      cost: one.cost + (definition === null ? 0 : extraCost(definition, parent)),
      ownCounts: definition !== null && isCount(definition) ? 1 : 0,
      items: itemsIn(field),
      changedRows: numberIn(field, 'atMost') ?? 0,
      skippedRows: numberIn(field, 'offset') ?? 0,
    };
    if (field.selectionSet === undefined) return own;
    const type = definition === null ? null : getNamedType(definition.type);
    const inner = measureSelections(field.selectionSet, type);
    const size = listSize(field, definition, parent);
    return {
      depth: own.depth + inner.depth,
      fields: own.fields + inner.fields,
      cost: own.cost + size * inner.cost,
      introspectionFields: own.introspectionFields + inner.introspectionFields,
      introspectionCost: own.introspectionCost + size * inner.introspectionCost,
      ownCounts: own.ownCounts,
      counts: inner.ownCounts + size * inner.counts,
      items: own.items + inner.items,
      changedRows: own.changedRows + inner.changedRows,
      skippedRows: own.skippedRows + size * inner.skippedRows,
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
    ownCounts: a.ownCounts + b.ownCounts,
    counts: a.counts + b.counts,
    items: a.items + b.items,
    changedRows: a.changedRows + b.changedRows,
    skippedRows: a.skippedRows + b.skippedRows,
  };
}

function itemsIn({ arguments: given = [] }: FieldNode): number {
  return given.reduce((total, { value }) => total + itemsOf(value), 0);
}

/** Returns the number of items in all lists of a literal. The parser limits the depth of literals by their tokens. */
function itemsOf(value: ValueNode): number {
  if (value.kind === Kind.LIST) {
    return value.values.reduce((total, item) => total + 1 + itemsOf(item), 0);
  }
  if (value.kind === Kind.OBJECT) {
    return value.fields.reduce((total, field) => total + itemsOf(field.value), 0);
  }
  return 0;
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
