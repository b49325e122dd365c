import {
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  valueFromAST,
  type FieldNode,
  type GraphQLField,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import type { ListArgument } from '../api/connection-types.ts';
import { operationErrors, type ErrorPath } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { Sql } from '../sql/sql.ts';
import type { ParameterType } from './column.ts';
import type { Variables } from './plan.ts';
import type { Conditions, ReadRow } from './visibility.ts';

/** Limits the size of an operation's arguments, because every object, list and leaf in them becomes SQL. */
export interface InputBudget {
  /** Counts an object, list or leaf. @throws OperationError if the arguments contain too many of them */
  readonly spendNode: (path: ErrorPath) => void;
  /** Counts a relation. @throws OperationError if the arguments contain too many relations */
  readonly spendRelation: (path: ErrorPath) => void;
}

export function createInputBudget(): InputBudget {
  const counter = (limit: number, what: string) => {
    let count = 0;
    return (path: ErrorPath): void => {
      count += 1;
      if (count > limit) {
        throw operationErrors.inputTooLarge(path, limit, what);
      }
    };
  };
  return {
    spendNode: counter(requestLimits.argumentValues, 'values'),
    spendRelation: counter(requestLimits.relations, 'relations in filters and sort orders'),
  };
}

/**
 * The structure of an argument, which is determined by literals and variables. Instead of values, it contains functions
 * that read them, because one query plan serves all requests whose variables have the same structure.
 */
export type InputTree =
  /** Fields are in the order of the document or, within a variable, in the order of the input type. */
  | { readonly kind: 'OBJECT'; readonly fields: readonly (readonly [string, InputTree])[] }
  | { readonly kind: 'LIST'; readonly items: readonly InputTree[] }
  /** A scalar, an enum value, or a list of these. It is never null. */
  | { readonly kind: 'LEAF'; readonly read: LeafReader }
  /** An operand in a filter of an access rule that is not a value of the request, such as a column. */
  | { readonly kind: 'EXPRESSION'; readonly sqlAs: ExpressionAs }
  /** A condition in a filter of an access rule, about the row with this alias. */
  | { readonly kind: 'CONDITION'; readonly on: (row: ReadRow) => Conditions }
  | { readonly kind: 'NULL' }
  /** The argument is missing, or it is a variable without a value. */
  | { readonly kind: 'ABSENT' };

/** Returns an operand as an expression of this type. Null in SQL means that it is missing. */
export type ExpressionAs = (type: ParameterType) => Sql;

/** Returns the value as GraphQL coerced it. */
export type LeafReader = (variables: Variables) => unknown;

export interface InputContext {
  readonly variables: Variables;
  readonly budget: InputBudget;
}

/** A selected field. All of its nodes have the same arguments. */
interface FieldWithArguments {
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
}

/** @param path the path to the field @throws OperationError if the argument exceeds `requestLimits` */
export function argumentTree(
  context: InputContext,
  { definition, nodes: [node] }: FieldWithArguments,
  name: ListArgument,
  path: ErrorPath,
): InputTree {
  const argument = definition.args.find((each) => each.name === name);
  // `orderBy` is missing if the caller can read no field to sort by.
  if (argument === undefined) return { kind: 'ABSENT' };
  const value = node.arguments?.find((each) => each.name.value === name)?.value;
  return value === undefined
    ? { kind: 'ABSENT' }
    : treeOfNode(context, { node: value, type: argument.type, path: [...path, name], depth: 0 });
}

/** A literal value or a variable in the document. */
interface DocumentValue {
  readonly node: ValueNode;
  readonly type: GraphQLInputType;
  readonly path: ErrorPath;
  readonly depth: number;
}

function treeOfNode(context: InputContext, input: DocumentValue): InputTree {
  const { node, path, depth } = input;
  const type = isNonNullType(input.type) ? input.type.ofType : input.type;
  if (node.kind === Kind.VARIABLE) {
    const name = node.name.value;
    const read = (variables: Variables): unknown => variables[name];
    return treeOfValue(context, { value: read(context.variables), type, read, path, depth });
  }
  spend(context, path, depth);
  if (node.kind === Kind.NULL) return { kind: 'NULL' };
  if (isLeafType(type) || isLeafList(type)) return literalLeaf(node, type, path);
  if (isListType(type)) {
    // GraphQL coerces a single item to a list with one item.
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
  if (node.kind !== Kind.OBJECT)
    throw new Error('The document was not validated: expected an input object.');
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

function spend({ budget }: InputContext, path: ErrorPath, depth: number): void {
  budget.spendNode(path);
  if (depth > requestLimits.argumentDepth) {
    throw operationErrors.inputTooDeep(path, requestLimits.argumentDepth);
  }
}

function literalLeaf(node: ValueNode, type: GraphQLInputType, path: ErrorPath): InputTree {
  const used = variablesIn(node, path);
  if (used.length === 0) {
    const value = valueFromAST(node, type);
    return { kind: 'LEAF', read: () => value };
  }
  const read: LeafReader = (variables) => {
    // A JSON operand without the members of absent variables would match more rows than intended.
    const absent = used.find(({ name }) => variables[name] === undefined);
    if (absent !== undefined) throw operationErrors.absentVariable(absent.path);
    return valueFromAST(node, type, variables);
  };
  return { kind: 'LEAF', read };
}

interface UsedVariable {
  readonly name: string;
  readonly path: ErrorPath;
}

function variablesIn(node: ValueNode, path: ErrorPath): readonly UsedVariable[] {
  switch (node.kind) {
    case Kind.VARIABLE:
      return [{ name: node.name.value, path }];
    case Kind.LIST:
      return node.values.flatMap((item, index) => variablesIn(item, [...path, index]));
    case Kind.OBJECT:
      return node.fields.flatMap(({ name, value }) => variablesIn(value, [...path, name.value]));
    case Kind.NULL:
    case Kind.BOOLEAN:
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.STRING:
    case Kind.ENUM:
      return [];
    default:
      return assertNever(node);
  }
}

/** A variable's value, or a value nested in it. */
interface VariableValue {
  readonly value: unknown;
  readonly type: GraphQLInputType;
  readonly read: LeafReader;
  readonly path: ErrorPath;
  readonly depth: number;
}

function treeOfValue(context: InputContext, input: VariableValue): InputTree {
  const { value, read, path, depth } = input;
  if (value === undefined) return { kind: 'ABSENT' };
  spend(context, path, depth);
  if (value === null) return { kind: 'NULL' };
  const type = isNonNullType(input.type) ? input.type.ofType : input.type;
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
    if (!Array.isArray(value)) throw new Error('The variables were not coerced: expected a list.');
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

/** Whether the type is a list of scalars or enum values, such as `[ID!]!`. The list is sent as one array parameter. */
export function isLeafList(type: GraphQLInputType): boolean {
  if (!isListType(type)) return false;
  const item = type.ofType;
  return isLeafType(isNonNullType(item) ? item.ofType : item);
}

/** Returns an object's fields. @throws OperationError if the value is null or missing */
export function fieldsOf(
  tree: InputTree,
  path: ErrorPath,
): readonly (readonly [string, InputTree])[] {
  if (tree.kind === 'OBJECT') return tree.fields;
  throw misplaced(tree, path);
}

/** Returns a list's items. @throws OperationError if the value is null or missing */
export function itemsOf(tree: InputTree, path: ErrorPath): readonly InputTree[] {
  if (tree.kind === 'LIST') return tree.items;
  throw misplaced(tree, path);
}

/** The operand of a filter operator: a value of the request, or an expression of an access rule. */
export type Operand = Extract<InputTree, { readonly kind: 'LEAF' | 'EXPRESSION' }>;

/** Returns an operand. @throws OperationError if the value is null or missing */
export function operandOf(tree: InputTree, path: ErrorPath): Operand {
  if (tree.kind === 'LEAF' || tree.kind === 'EXPRESSION') return tree;
  throw misplaced(tree, path);
}

/** Returns a leaf's reader. @throws OperationError if the value is null or missing */
export function leafOf(tree: InputTree, path: ErrorPath): LeafReader {
  if (tree.kind === 'LEAF') return tree.read;
  throw misplaced(tree, path);
}

function misplaced({ kind }: InputTree, path: ErrorPath): Error {
  switch (kind) {
    case 'NULL':
      return operationErrors.nullValue(path);
    case 'ABSENT':
      return operationErrors.absentVariable(path);
    case 'OBJECT':
    case 'LIST':
    case 'LEAF':
    case 'EXPRESSION':
    case 'CONDITION':
      return new Error('The type of an argument does not match the schema.');
    default:
      return assertNever(kind);
  }
}
