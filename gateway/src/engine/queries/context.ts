import {
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isObjectType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLDirective,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { bindingOf, type Binding } from '../api/bindings.ts';
import type { ModelIndex } from '../api/model-index.ts';
import { ident, type Sql } from '../sql/sql.ts';
import { createInputBudget, type InputBudget } from './input-budget.ts';
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
  /** A name for a row, `"t1"`, that nothing else in the operation has. */
  readonly newAlias: () => Sql;
  readonly budget: InputBudget;
}

export type OperationParts = Pick<
  CompileContext,
  'index' | 'schema' | 'operation' | 'fragments' | 'variables'
>;

export function createContext(parts: OperationParts): CompileContext {
  let aliases = 0;
  return {
    ...parts,
    newAlias: () => ident(`t${(aliases += 1)}`),
    budget: createInputBudget(),
  };
}

/** @throws Error where there is none, or no name to tell which */
export function operationOf(
  document: DocumentNode,
  operationName: string | null,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('The document has no such operation.');
  return operation;
}

/** A field of an answer: where fragments or repetition name it several times, all of its nodes. */
export interface SelectedField {
  readonly responseKey: string;
  /** At least one; arguments are the same in each. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly selectionSets: readonly SelectionSetNode[];
  readonly binding: Binding | 'TYPENAME' | 'INTROSPECTION';
  /** Null for `__typename` and the fields of introspection. */
  readonly definition: GraphQLField<unknown, unknown> | null;
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
    ...definedIn(parent, first.name.value),
  };
}

function definedIn(
  parent: GraphQLObjectType,
  name: string,
): Pick<SelectedField, 'binding' | 'definition'> {
  if (name === '__typename') return { binding: 'TYPENAME', definition: null };
  if (name === '__schema' || name === '__type') {
    return { binding: 'INTROSPECTION', definition: null };
  }
  const definition = parent.getFields()[name];
  if (definition === undefined) throw new Error(`${parent.name} has no field ${name}.`);
  return { binding: bindingOf(definition), definition };
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

/** The object type that a field answers, alone or in a list. */
export function answeredType({ definition }: SelectedField): GraphQLObjectType {
  const type = definition === null ? null : getNamedType(definition.type);
  if (!isObjectType(type)) throw new Error('The field answers no object.');
  return type;
}

/** What a field stands for, in a word: for places where few of the kinds can be. */
export function kindOf({ binding }: SelectedField): string {
  return typeof binding === 'string' ? binding : binding.kind;
}
