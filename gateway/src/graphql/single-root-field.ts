import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/**
 * The rule "Single Root Field" (GraphQL, September 2025, section 5.2.4.1): a subscription selects exactly one field,
 * which is not introspection, and has no `@skip` and `@include` there. The rule of graphql-js allows these directives and
 * throws an error if their value is a variable.
 */
export const singleRootField: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return;
    const { fields, hasConditions } = rootsOf(operation, (name) => context.getFragment(name));
    const what = operation.name === undefined ? 'A subscription' : `"${operation.name.value}"`;
    const report = (problem: string, nodes: readonly FieldNode[] = []) =>
      context.reportError(
        new GraphQLError(`${what} ${problem}`, { nodes: nodes.length === 0 ? operation : nodes }),
      );
    if (hasConditions) report('cannot have @skip or @include at its root field.');
    if (fields.size > 1) report('must select only one root field.', [...fields.values()].slice(1));
    const introspection = [...fields.values()].filter(({ name }) => name.value.startsWith('__'));
    if (introspection.length > 0) report('must not select introspection.', introspection);
  },
});

interface Roots {
  /** The first node of each response key. */
  readonly fields: ReadonlyMap<string, FieldNode>;
  readonly hasConditions: boolean;
}

function rootsOf(
  { selectionSet }: OperationDefinitionNode,
  fragmentOf: (name: string) => FragmentDefinitionNode | null | undefined,
): Roots {
  const fields = new Map<string, FieldNode>();
  const visited = new Set<string>();
  let hasConditions = false;
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      hasConditions ||= (selection.directives ?? []).some(({ name }) =>
        ['skip', 'include'].includes(name.value),
      );
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        if (!fields.has(key)) fields.set(key, selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        const fragment = fragmentOf(selection.name.value);
        if (fragment != null) collect(fragment.selectionSet);
      }
    }
  };
  collect(selectionSet);
  return { fields, hasConditions };
}
