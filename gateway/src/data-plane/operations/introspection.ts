import {
  executeSync,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Variables } from '../../engine/runtime.ts';

/** The JSON result of each introspection field in an operation, by response key. */
export type Introspected = ReadonlyMap<string, string>;

/**
 * Removes the data fields from an operation and runs its introspection fields with graphql-js.
 * @param variables as received from the client, with their types already checked
 */
export function introspectSchema(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Introspected {
  const fragments = document.definitions.filter(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION,
  );
  const selectionSet = onlyIntrospection(operation.selectionSet, fragments);
  const { data, errors } = executeSync({
    schema,
    document: { ...document, definitions: [{ ...operation, selectionSet }, ...fragments] },
    variableValues: variables,
  });
  if (errors !== undefined) throw new Error('Introspection failed.', { cause: errors[0] });
  return new Map(Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** Reports whether a valid operation is a query that selects no data: only fields that begin with `__`. */
export function selectsOnlyIntrospection(
  document: DocumentNode,
  { operation, selectionSet }: OperationDefinitionNode,
): boolean {
  const isIntrospection = (selection: SelectionNode): boolean => {
    switch (selection.kind) {
      case Kind.FIELD:
        return selection.name.value.startsWith('__');
      case Kind.INLINE_FRAGMENT:
        return selection.selectionSet.selections.every(isIntrospection);
      case Kind.FRAGMENT_SPREAD: {
        const fragment = document.definitions.find(
          (each): each is FragmentDefinitionNode =>
            each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
        );
        return fragment?.selectionSet.selections.every(isIntrospection) === true;
      }
    }
  };
  return operation === OperationTypeNode.QUERY && selectionSet.selections.every(isIntrospection);
}

/**
 * Keeps only `__schema` and `__type` in a root selection set. Fragments are inlined instead of changed, because they
 * may be used elsewhere.
 */
function onlyIntrospection(
  { kind, selections }: SelectionSetNode,
  fragments: readonly FragmentDefinitionNode[],
): SelectionSetNode {
  const reduce = (selection: SelectionNode): readonly SelectionNode[] => {
    switch (selection.kind) {
      case Kind.FIELD:
        return ['__schema', '__type'].includes(selection.name.value) ? [selection] : [];
      case Kind.INLINE_FRAGMENT:
        return [
          { ...selection, selectionSet: onlyIntrospection(selection.selectionSet, fragments) },
        ];
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.find(({ name }) => name.value === selection.name.value);
        if (fragment === undefined) return [];
        const { typeCondition, selectionSet } = fragment;
        const { directives = [] } = selection;
        return [
          {
            kind: Kind.INLINE_FRAGMENT,
            typeCondition,
            directives,
            selectionSet: onlyIntrospection(selectionSet, fragments),
          },
        ];
      }
    }
  };
  return { kind, selections: selections.flatMap(reduce) };
}
