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
import { assertNever } from '../../platform/assert-never.ts';
import { bindingIn, type Bindings, type ParentKind } from '../api/bindings.ts';
import type { ModelIndex } from '../api/model-index.ts';
import { ident, type Sql } from '../sql/sql.ts';
import { createInputBudget, type InputContext } from './input.ts';
import type { RootAnswer, Variables } from './plan.ts';
import { everythingVisible, type Visibility } from './visibility.ts';

/** The operation to compile, and its environment. */
export interface CompileContext extends InputContext {
  readonly index: ModelIndex;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /**
   * The coerced variables of the current request. The plan is also used for other requests with the same plan key, so
   * it must depend only on values that are part of the key: see plan-key.ts.
   */
  readonly variables: Variables;
  /** Returns a new alias for a row, such as `"t1"`. It is unique within the operation. */
  readonly newAlias: () => Sql;
  /** What the caller sees. Only `source.ts` uses it. */
  readonly visibility: Visibility;
}

/** What the compilation of filters needs. */
export type FilterContext = InputContext &
  Pick<CompileContext, 'index' | 'newAlias' | 'visibility'>;

/** A context for filters that are not a part of an operation, and that see all rows and values. */
export function createFilterContext(index: ModelIndex): FilterContext {
  return {
    index,
    variables: {},
    newAlias: aliases(),
    budget: createInputBudget(),
    visibility: everythingVisible,
  };
}

function aliases(): () => Sql {
  let count = 0;
  return () => ident(`t${(count += 1)}`);
}

/** @param visibilityIn what the caller sees in the statements that are compiled with a context */
export function createContext(
  given: Omit<CompileContext, 'newAlias' | 'budget' | 'visibility'>,
  visibilityIn: (context: CompileContext) => Visibility,
): CompileContext {
  const context: CompileContext = {
    ...given,
    newAlias: aliases(),
    budget: createInputBudget(),
    visibility: everythingVisible,
  };
  return { ...context, visibility: visibilityIn(context) };
}

/** @throws Error if the document does not contain the operation, or has several operations and no name is given */
export function operationOf(
  document: DocumentNode,
  operationName: string | null,
): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('The document does not contain the requested operation.');
  return operation;
}

/** The selected field nodes with the same response key. */
interface FieldGroup {
  readonly responseKey: string;
  /** Several nodes if the field is selected more than once, for example in fragments. Their arguments are equal. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
}

/** A selected field with its definition in the API. */
export interface FieldSelection extends FieldGroup {
  readonly selectionSets: readonly SelectionSetNode[];
  readonly definition: GraphQLField<unknown, unknown>;
}

/** A selected field of an object of kind `P`, with the members of the field's binding. `kind` identifies the field. */
export type BoundField<P extends ParentKind> = FieldSelection & Bindings[P];

interface TypenameField {
  readonly kind: 'TYPENAME';
  readonly responseKey: string;
  readonly typeName: string;
}

export type SelectedField<P extends ParentKind> = TypenameField | BoundField<P>;

export function isTypename(field: SelectedField<ParentKind>): field is TypenameField {
  return field.kind === 'TYPENAME';
}

/** The selected fields of the object (or list of objects) that a field returns, in the order of the response. */
export function selectFields<P extends ParentKind>(
  context: CompileContext,
  parent: P,
  field: FieldSelection,
): readonly SelectedField<P>[] {
  const type = getNamedType(field.definition.type);
  if (!isObjectType(type))
    throw new Error(`The field ${field.responseKey} does not return an object.`);
  return collectFields(context, type, field.selectionSets).map((group) =>
    group.nodes[0].name.value === '__typename'
      ? { kind: 'TYPENAME', responseKey: group.responseKey, typeName: type.name }
      : boundField(parent, type, group),
  );
}

/** The root fields of the operation. Fields that need no data are handled here, all others by `compile`. */
export function rootFields<P extends 'QUERY' | 'MUTATION', T>(
  context: CompileContext,
  parent: P,
  compile: (field: BoundField<P>) => T,
): readonly (RootAnswer | T)[] {
  const { schema, operation } = context;
  const root = schema.getRootType(operation.operation);
  if (!root) throw new Error(`The API has no ${operation.operation}.`);
  return collectFields(context, root, [operation.selectionSet]).map((group) => {
    const { responseKey, nodes } = group;
    switch (nodes[0].name.value) {
      case '__typename':
        return { kind: 'CONSTANT', responseKey, json: JSON.stringify(root.name) };
      case '__schema':
      case '__type':
        return { kind: 'INTROSPECTION', responseKey, node: nodes[0] };
      default:
        return compile(boundField(parent, root, group));
    }
  });
}

function boundField<P extends ParentKind>(
  parent: P,
  type: GraphQLObjectType,
  { responseKey, nodes }: FieldGroup,
): BoundField<P> {
  const { value: name } = nodes[0].name;
  const definition = type.getFields()[name];
  if (definition === undefined) throw new Error(`${type.name} has no field ${name}.`);
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
  return { responseKey, nodes, selectionSets, definition, ...bindingIn(parent, definition) };
}

/** The CollectFields algorithm from the GraphQL specification (October 2021, section 6.3.2). */
function collectFields(
  context: CompileContext,
  parent: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): readonly FieldGroup[] {
  const groups = new Map<string, [FieldNode, ...FieldNode[]]>();
  const visitedFragments = new Set<string>();
  const collect = (selection: SelectionNode): void => {
    if (!isIncluded(context, selection)) return;
    switch (selection.kind) {
      case Kind.FIELD: {
        const key = selection.alias?.value ?? selection.name.value;
        const nodes = groups.get(key);
        if (nodes === undefined) groups.set(key, [selection]);
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
        if (fragment === undefined || visitedFragments.has(name)) return;
        visitedFragments.add(name);
        if (applies(context, fragment.typeCondition.name.value, parent)) {
          fragment.selectionSet.selections.forEach(collect);
        }
        return;
      }
      default:
        assertNever(selection);
    }
  };
  for (const { selections } of selectionSets) selections.forEach(collect);
  return [...groups].map(([responseKey, nodes]) => ({ responseKey, nodes }));
}

/** Evaluates `@skip` and `@include`. The variables in these directives are part of the plan key. */
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
