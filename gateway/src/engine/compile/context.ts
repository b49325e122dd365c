import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isObjectType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { bindingOf, type Binding } from '../api/bindings.ts';
import type { ModelIndex } from '../api/model-index.ts';
import type { Variables } from './statement.ts';

/** What compiling one operation of a valid document stands on. */
export interface CompileContext {
  readonly index: ModelIndex;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /**
   * Coerced variables of the request at hand. The plan serves every request whose variables have the same
   * shape, so nothing of their values may show in it: see `shapeOf`.
   */
  readonly variables: Variables;
}

/** A field of an answer: where fragments or repetition name it several times, all of its nodes. */
export interface SelectedField {
  readonly responseKey: string;
  /** At least one; arguments are the same in each. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly selectionSets: readonly SelectionSetNode[];
  readonly binding: Binding | 'TYPENAME' | 'INTROSPECTION';
}

/** The fields of an object in the answer, in order (GraphQL, section 6.3.2, CollectFields). */
export function selectFields(
  context: CompileContext,
  parent: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly SelectedField[] {
  const nodesByKey = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (selection: SelectionNode): void => {
    if (!isIncluded(context, selection)) return;
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = nodesByKey.get(key);
        if (nodes === undefined) nodesByKey.set(key, [selection]);
        else nodes.push(selection);
        return;
      }
      case Kind.INLINE_FRAGMENT:
        if (applies(context, selection.typeCondition?.name.value, parent)) {
          selection.selectionSet.selections.forEach(collect);
        }
        return;
      case Kind.FRAGMENT_SPREAD: {
        const name = selection.name.value;
        const fragment = context.fragments.get(name);
        if (fragment === undefined || visited.has(name)) return;
        visited.add(name);
        if (applies(context, fragment.typeCondition.name.value, parent)) {
          fragment.selectionSet.selections.forEach(collect);
        }
        return;
      }
    }
  };
  for (const { selections } of selectionSets) selections.forEach(collect);
  return [...nodesByKey].map(([responseKey, nodes]) => selectedField(responseKey, nodes, parent));
}

function selectedField(
  responseKey: string,
  [first, ...more]: readonly FieldNode[],
  parent: GraphQLObjectType,
): SelectedField {
  if (first === undefined) throw new Error('A selected field has a node.');
  const nodes = [first, ...more] as const;
  return {
    responseKey,
    nodes,
    selectionSets: nodes.flatMap(({ selectionSet }) => selectionSet ?? []),
    binding: bindingIn(parent, first.name.value),
  };
}

function bindingIn(parent: GraphQLObjectType, name: string): SelectedField['binding'] {
  if (name === '__typename') return 'TYPENAME';
  if (name === '__schema' || name === '__type') return 'INTROSPECTION';
  const definition = parent.getFields()[name];
  if (definition === undefined) throw new Error(`${parent.name} has no field ${name}.`);
  return bindingOf(definition);
}

function isIncluded({ variables }: CompileContext, selection: SelectionNode): boolean {
  const condition = (directive: GraphQLDirective): unknown =>
    getDirectiveValues(directive, selection, variables)?.if;
  return condition(GraphQLSkipDirective) !== true && condition(GraphQLIncludeDirective) !== false;
}

function applies(
  { schema }: CompileContext,
  condition: string | undefined,
  parent: GraphQLObjectType,
): boolean {
  if (condition === undefined || condition === parent.name) return true;
  const type = schema.getType(condition);
  return isAbstractType(type) && schema.isSubType(type, parent);
}

/** @throws Error where the schema has no object type of this name */
export function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type.`);
  return type;
}
