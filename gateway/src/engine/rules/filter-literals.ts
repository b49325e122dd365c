import { Kind, parseConstValue, type ConstValueNode } from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import {
  filterOperators,
  operatorsOfEnum,
  operatorsOfList,
  operatorsOfScalar,
  type FilterOperator,
  type OperandKind,
  type Operator,
} from '../api/filter-operators.ts';
import { apiScalars } from '../api/scalars.ts';
import type { LiteralNode } from '../sdl/access-model.ts';
import type { ValueType } from '../sdl/model.ts';

/** A column or a claim. */
export interface TypedValue {
  readonly type: ValueType;
  readonly list: boolean;
}

/** The kind of operand that an operator takes in the filter on a value. */
function operandKind({ type, list }: TypedValue, operator: FilterOperator): OperandKind {
  const groups = list
    ? operatorsOfList
    : type.kind === 'ENUM'
      ? operatorsOfEnum
      : operatorsOfScalar[type.name];
  for (const group of groups) {
    const operators: Readonly<Record<string, Operator>> = filterOperators[group];
    const found = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
    if (found !== undefined) return found.operand;
  }
  throw unchecked();
}

/**
 * The value of an operand, as GraphQL coerces it. The literal was checked when the SDL was read.
 * @throws GraphQLError if the literal does not have the type
 */
export function literalValue(
  { literal }: LiteralNode,
  value: TypedValue,
  operator: FilterOperator,
): unknown {
  const node = parseConstValue(literal);
  const kind = operandKind(value, operator);
  switch (kind) {
    case 'VALUE':
      return leafValue(value.type, node);
    case 'VALUES': {
      // GraphQL coerces a single item to a list with one item.
      const items = node.kind === Kind.LIST ? node.values : [node];
      return items.map((item) => leafValue(value.type, item));
    }
    case 'TEXT':
      return apiScalars.String.parseLiteral(node);
    case 'FLAG':
      return apiScalars.Boolean.parseLiteral(node);
    case 'MODE':
      return enumValue(node);
    default:
      return assertNever(kind);
  }
}

function leafValue(type: ValueType, node: ConstValueNode): unknown {
  return type.kind === 'ENUM' ? enumValue(node) : apiScalars[type.name].parseLiteral(node);
}

function enumValue(node: ConstValueNode): string {
  if (node.kind !== Kind.ENUM) throw unchecked();
  return node.value;
}

/** A rule that does not fit the model. `readSdl` rejects such rules. */
export function unchecked(): Error {
  return new Error('The filters of rules were not checked.');
}
