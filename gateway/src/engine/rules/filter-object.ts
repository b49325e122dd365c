import {
  isListType,
  Kind,
  type ConstObjectFieldNode,
  type ConstValueNode,
  type GraphQLInputObjectType,
} from 'graphql';
import type { FilterNode, FilterObject, ReferenceNode } from '../sdl/access-model.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import { familiarOperator } from '../sdl/familiar-rules.ts';
import { suggestion } from '../sdl/similar-names.ts';
import { isReference, readConstant } from './constant.ts';
import type { OperandType } from './rule-context.ts';

/** An object in a filter, and how a diagnostic describes it. */
interface FilterLiteral {
  readonly node: ConstValueNode;
  /** The field or argument whose value it is. */
  readonly name: string;
  /** What to write, if it is not an object. */
  readonly hint: string;
}

/** Returns the fields of an object. Repeated fields and other literals are reported. */
export function objectFields(
  { node, name: what, hint }: FilterLiteral,
  bag: DiagnosticBag,
): readonly ConstObjectFieldNode[] {
  if (node.kind !== Kind.OBJECT) {
    bag.report(node, 'BAD_FILTER', `The value of ${what} is not an object with conditions.`, hint);
    return [];
  }
  const seen = new Set<string>();
  return node.fields.filter(({ name }) => {
    const isNew = !seen.has(name.value);
    if (!isNew) {
      const problem = `${name.value} is written more than once in the same object.`;
      bag.report(name, 'BAD_FILTER', problem, 'Combine the conditions with `and`.');
    }
    seen.add(name.value);
    return isNew;
  });
}

/** A filter on a value: an object with operators. */
export interface ValueFilter {
  readonly node: ConstValueNode;
  /** The field or claim whose value is compared. */
  readonly name: string;
  /** The input type of the filter in the API. */
  readonly operators: GraphQLInputObjectType;
  /** The type of the value, or of its items. */
  readonly of: OperandType['of'];
}

/** A reference that is the operand of an operator. */
export interface OperandReference {
  readonly text: string;
  readonly operator: string;
  readonly node: ConstValueNode;
  /** The type that the operand must have. */
  readonly type: OperandType;
}

const insteadOfNull =
  'Use `isNull: true` to match null, and `isNull: false` to match other values.';

/** @param readReference returns null if the reference is invalid, which it reports */
export function readOperators(
  { node, name, operators, of }: ValueFilter,
  readReference: (reference: OperandReference) => ReferenceNode | null,
  bag: DiagnosticBag,
): FilterObject {
  const known = operators.getFields();
  const hint = `Write \`${name}: { eq: … }\`.`;
  const fields = objectFields({ node, name, hint }, bag);
  const isEmpty = node.kind === Kind.OBJECT && fields.every((each) => each.name.value === 'mode');
  if (isEmpty) {
    // Without an operator, the condition would be true for all rows.
    bag.report(node, 'BAD_FILTER', `The condition on ${name} has no operator.`, hint);
  }
  const read = ({ name: at, value }: ConstObjectFieldNode): FilterNode | null => {
    const operator = at.value;
    const type = Object.hasOwn(known, operator) ? known[operator]?.type : undefined;
    if (type === undefined) {
      const names = Object.keys(known);
      const meant = familiarOperator(operator);
      const instead =
        meant !== null && names.includes(meant)
          ? `Write \`${meant}\`.`
          : suggestion(operator, names, 'Operators of this field');
      bag.report(at, 'BAD_FILTER', `${name} has no operator ${operator}.`, instead);
      return null;
    }
    if (value.kind === Kind.STRING && isReference(value.value)) {
      const operand = { of, list: isListType(type) };
      return readReference({ text: value.value, operator, node: value, type: operand });
    }
    return readConstant(value, { what: operator, type, code: 'BAD_FILTER', insteadOfNull }, bag);
  };
  return {
    kind: 'OBJECT',
    fields: fields.flatMap((field) => {
      const operand = read(field);
      return operand === null ? [] : [[field.name.value, operand] as const];
    }),
  };
}
