import {
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  valueFromAST,
  visit,
  BREAK,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql';
import type { CompileContext, SelectedField } from './context.ts';
import { operationErrors } from '../errors.ts';
import { inputLimits, type InputBudget, type InputPath } from './input-budget.ts';
import type { Variables } from './statement.ts';

/**
 * The structure of an argument, wherever its parts come from. Values are behind readers, since a plan
 * serves every request whose variables have the same structure.
 */
export type InputTree =
  /** In the order of the document or, within a variable, of the type. */
  | { readonly kind: 'OBJECT'; readonly fields: readonly (readonly [string, InputTree])[] }
  | { readonly kind: 'LIST'; readonly items: readonly InputTree[] }
  /** A scalar, an enum value, or a list of either; never null. */
  | { readonly kind: 'LEAF'; readonly read: LeafReader }
  | { readonly kind: 'NULL' }
  /** Not given, or a variable that has no value. */
  | { readonly kind: 'ABSENT' };

/** The value as GraphQL coerced it. */
export type LeafReader = (variables: Variables) => unknown;

interface TreeContext {
  readonly variables: Variables;
  readonly budget: InputBudget;
}

/** @throws OperationError for more structure than `inputLimits` */
export function argumentTree(
  context: CompileContext,
  { definition, nodes: [node] }: SelectedField,
  name: string,
  path: InputPath,
): InputTree {
  const argument = definition?.args.find((each) => each.name === name);
  if (argument === undefined) throw new Error(`There is no argument ${name}.`);
  const value = node.arguments?.find((each) => each.name.value === name)?.value;
  return value === undefined
    ? { kind: 'ABSENT' }
    : treeOfNode(context, { node: value, type: argument.type, path: [...path, name], depth: 0 });
}

interface NodePlace {
  readonly node: ValueNode;
  readonly type: GraphQLInputType;
  readonly path: InputPath;
  readonly depth: number;
}

function treeOfNode(context: TreeContext, place: NodePlace): InputTree {
  const { node, path, depth } = place;
  const type = isNonNullType(place.type) ? place.type.ofType : place.type;
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    const read = (variables: Variables): unknown => variables[name];
    return treeOfValue(context, { value: read(context.variables), type, read, path, depth });
  }
  spend(context, path, depth);
  if (node.kind === Kind.NULL) return { kind: 'NULL' };
  if (isLeafType(type) || isLeafList(type)) return literalLeaf(node, type);
  if (isListType(type)) {
    // A single item stands for a list of it.
    const items = node.kind === Kind.LIST ? node.values : [node];
    const inner = (item: ValueNode, index: number) =>
      treeOfNode(context, {
        node: item,
        type: type.ofType,
        path: [...path, index],
        depth: depth + 1,
      });
    return { kind: 'LIST', items: items.map(inner) };
  }
  if (node.kind !== Kind.OBJECT) throw new Error('An object was not validated.');
  const types = type.getFields();
  return {
    kind: 'OBJECT',
    fields: node.fields.map(({ name: { value: name }, value }) => {
      const field = types[name];
      if (field === undefined) throw new Error(`${type.name} has no field ${name}.`);
      const inner = { node: value, type: field.type, path: [...path, name], depth: depth + 1 };
      return [name, treeOfNode(context, inner)];
    }),
  };
}

function spend({ budget }: TreeContext, path: InputPath, depth: number): void {
  budget.spendNode(path);
  if (depth > inputLimits.depth) {
    throw operationErrors.inputTooDeep(path, inputLimits.depth);
  }
}

function literalLeaf(node: ValueNode, type: GraphQLInputType): InputTree {
  if (holdsVariable(node)) {
    return { kind: 'LEAF', read: (variables) => valueFromAST(node, type, variables) };
  }
  const value = valueFromAST(node, type);
  return { kind: 'LEAF', read: () => value };
}

function holdsVariable(node: ValueNode): boolean {
  let found = false;
  visit(node, {
    Variable: () => {
      found = true;
      return BREAK;
    },
  });
  return found;
}

interface ValuePlace {
  readonly value: unknown;
  readonly type: GraphQLInputType;
  readonly read: LeafReader;
  readonly path: InputPath;
  readonly depth: number;
}

function treeOfValue(context: TreeContext, place: ValuePlace): InputTree {
  const { value, read, path, depth } = place;
  if (value === undefined) return { kind: 'ABSENT' };
  spend(context, path, depth);
  if (value === null) return { kind: 'NULL' };
  const type = isNonNullType(place.type) ? place.type.ofType : place.type;
  if (isLeafType(type) || isLeafList(type)) return { kind: 'LEAF', read };
  const inner = (key: string | number, of: unknown, itemType: GraphQLInputType): InputTree =>
    treeOfValue(context, {
      value: of,
      type: itemType,
      read: (variables) => memberOf(read(variables), key),
      path: [...path, key],
      depth: depth + 1,
    });
  if (isListType(type)) {
    if (!Array.isArray(value)) throw new Error('A list was not coerced.');
    return { kind: 'LIST', items: value.map((item, index) => inner(index, item, type.ofType)) };
  }
  const types = type.getFields();
  return {
    kind: 'OBJECT',
    fields: Object.entries(value).flatMap(([name, of]) => {
      const field = types[name];
      return field === undefined || of === undefined
        ? []
        : [[name, inner(name, of, field.type)] as const];
    }),
  };
}

function memberOf(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** `[ID!]!`: as a parameter it is one array, however long. */
export function isLeafList(type: GraphQLInputType): boolean {
  if (!isListType(type)) return false;
  const item = type.ofType;
  return isLeafType(isNonNullType(item) ? item.ofType : item);
}

/** @throws OperationError where nothing was given: never the same as an empty object */
export function fieldsOf(
  tree: InputTree,
  path: InputPath,
): readonly (readonly [string, InputTree])[] {
  if (tree.kind === 'OBJECT') return tree.fields;
  throw misplaced(tree, path);
}

/** @throws OperationError */
export function itemsOf(tree: InputTree, path: InputPath): readonly InputTree[] {
  if (tree.kind === 'LIST') return tree.items;
  throw misplaced(tree, path);
}

/** @throws OperationError */
export function leafOf(tree: InputTree, path: InputPath): LeafReader {
  if (tree.kind === 'LEAF') return tree.read;
  throw misplaced(tree, path);
}

function misplaced({ kind }: InputTree, path: InputPath): Error {
  switch (kind) {
    case 'NULL':
      return operationErrors.nullValue(path);
    case 'ABSENT':
      return operationErrors.absentVariable(path);
    case 'OBJECT':
    case 'LIST':
    case 'LEAF':
      return new Error('An argument is of another type than its schema says.');
  }
}
