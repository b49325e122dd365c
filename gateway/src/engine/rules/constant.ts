import {
  GraphQLError,
  isEnumType,
  isListType,
  isNonNullType,
  Kind,
  print,
  type ConstValueNode,
  type GraphQLEnumType,
  type GraphQLInputType,
  type GraphQLScalarType,
} from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import { requestLimits } from '../limits.ts';
import type { LiteralNode } from '../sdl/access-model.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import { familiarValue } from '../sdl/familiar-rules.ts';
import { storableText } from '../sdl/scalar-values.ts';
import { isScalarName, scalars } from '../sdl/scalars.ts';
import { closest } from '../sdl/similar-names.ts';

/** Whether a text is a reference, such as `$user.id`. A text that begins with `$$` begins with a single `$`. */
export function isReference(text: string): boolean {
  return text.startsWith('$') && !text.startsWith('$$');
}

/** A place for a constant. */
export interface ConstantPlace {
  /** The operator or the field that gets the constant. */
  readonly what: string;
  /** The type of the place in the API. */
  readonly type: GraphQLInputType;
  readonly code: 'BAD_FILTER' | 'BAD_PRESET';
  /** What to write instead of null. */
  readonly insteadOfNull: string;
}

/** Reads a constant. @returns null if it is invalid; the diagnostic is in the bag */
export function readConstant(
  node: ConstValueNode,
  place: ConstantPlace,
  bag: DiagnosticBag,
): LiteralNode | null {
  const plain = withoutDollars(node, bag);
  if (plain === null || !isValid(plain, place, bag)) return null;
  return { kind: 'LITERAL', literal: print(plain) };
}

/** Replaces `$$` at the beginning of texts by `$`. References within a constant are reported. */
function withoutDollars(node: ConstValueNode, bag: DiagnosticBag): ConstValueNode | null {
  switch (node.kind) {
    case Kind.STRING: {
      if (isReference(node.value)) {
        const what = `The reference ${node.value} is inside a list or a JSON value.`;
        const hint =
          'Only a whole operand can be a reference: combine several conditions with `or`. For text that begins with `$`, write `$$`.';
        bag.report(node, 'MISPLACED_REFERENCE', what, hint);
        return null;
      }
      const value = node.value.startsWith('$$') ? node.value.slice(1) : node.value;
      return { ...node, value, block: false };
    }
    case Kind.LIST: {
      const values = node.values.map((item) => withoutDollars(item, bag));
      const whole = values.filter((value) => value !== null);
      return whole.length === values.length ? { ...node, values: whole } : null;
    }
    case Kind.OBJECT: {
      const fields = node.fields.flatMap((field) => {
        const value = withoutDollars(field.value, bag);
        return value === null ? [] : [{ ...field, value }];
      });
      return fields.length === node.fields.length ? { ...node, fields } : null;
    }
    case Kind.NULL:
    case Kind.BOOLEAN:
    case Kind.INT:
    case Kind.FLOAT:
    case Kind.ENUM:
      return node;
    default:
      return assertNever(node);
  }
}

function isValid(node: ConstValueNode, place: ConstantPlace, bag: DiagnosticBag): boolean {
  const type = isNonNullType(place.type) ? place.type.ofType : place.type;
  if (node.kind === Kind.NULL) {
    bag.report(node, place.code, `The value of ${place.what} is null.`, place.insteadOfNull);
    return false;
  }
  if (!isListType(type)) return isValidLeaf(node, { ...place, type }, bag);
  const items = node.kind === Kind.LIST ? node.values : [node];
  if (items.length > requestLimits.listLength) {
    const what = `The list has ${items.length} items, but the limit is ${requestLimits.listLength}.`;
    bag.report(node, place.code, what, 'Write a shorter list.');
    return false;
  }
  return items
    .map((item) => isValid(item, { ...place, type: type.ofType }, bag))
    .every((valid) => valid);
}

function isValidLeaf(
  node: ConstValueNode,
  { what, type, code }: ConstantPlace,
  bag: DiagnosticBag,
): boolean {
  // Operands are leaves or lists of leaves.
  const leaf = type as GraphQLScalarType | GraphQLEnumType;
  const hint = isEnumType(leaf) ? enumHint(node, leaf) : scalarHint(node, what, leaf);
  if (hint === null) return true;
  const written = print(node);
  const short = written.length > 60 ? `${written.slice(0, 60)}…` : written;
  bag.report(node, code, `${short} is not a valid value for ${what}.`, hint);
  return false;
}

function enumHint(node: ConstValueNode, type: GraphQLEnumType): string | null {
  const names = type.getValues().map(({ name }) => name);
  if (node.kind === Kind.ENUM && names.includes(node.value)) return null;
  const written = node.kind === Kind.ENUM || node.kind === Kind.STRING ? node.value : '';
  if (names.includes(written)) return `Write ${written} without quotes.`;
  const similar = written === '' ? null : closest(written, names);
  if (similar !== null) return `A similar name is \`${similar}\`.`;
  return `Use one of ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', …' : ''}.`;
}

function scalarHint(
  node: ConstValueNode,
  operator: string,
  type: GraphQLScalarType,
): string | null {
  const { name } = type;
  const expected = isScalarName(name) ? `Use ${scalars[name].expected}.` : `Use a ${name}.`;
  const meant = node.kind === Kind.STRING ? familiarValue(node.value) : null;
  if (meant !== null) return meant;
  try {
    type.parseLiteral(node);
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return expected;
  }
  if (node.kind !== Kind.STRING) return null;
  if (storableText(node.value) === null) return expected;
  const escapes = /\\*$/.exec(node.value)?.[0].length ?? 0;
  const isPattern = operator === 'like' || operator === 'ilike';
  if (isPattern && escapes % 2 === 1) return 'Write `\\\\` twice for a backslash at the end.';
  return null;
}
