import {
  getNamedType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
} from 'graphql';
import type { ListArgument } from '../api/connection-types.ts';
import { isStructuralOperator } from '../api/filter-operators.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { cursorScalar } from '../api/scalars.ts';
import { sortOrderType } from '../api/shared-types.ts';
import { requestLimits } from '../limits.ts';
import { cursorShape } from './cursor.ts';
import { isLeafList } from './input.ts';
import type { Variables } from './plan.ts';
import { operationOf } from './selection.ts';

// An operation is compiled if no query plan is cached for its plan key. The key depends on the variables and contains:
//   - Values that determine the SQL: `@skip(if:)` and `@include(if:)`, the directions of `orderBy`, and the operands
//     of the structural filter operators (`isNull`, `isEmpty`, `mode`: see api/filter-operators.ts).
//   - The texts that are cut in cursors: see `cursorShape`.
//   - The structure of `where`, `orderBy` and the page arguments: which fields, operators and arguments are given,
//     absent or null, and the length of each list of objects.
// All other values are parameters of the statement: other operands, page sizes and the values in cursors. The data of a
// mutation is read for each request.

/**
 * Analyzes a document once and returns a function that computes the plan key from coerced variables. Equal keys mean
 * equal plans. The key is null if the plan should not be cached. The time to compute a key is bounded, even for large
 * variables.
 *
 * @param request a valid document
 */
export function preparePlanKey(request: {
  readonly api: ProjectApi;
  readonly document: DocumentNode;
  readonly operationName: string | null;
}): (variables: Variables) => string | null {
  const uses = variableUses(request);
  return (variables) => {
    const key: KeyText = { text: '' };
    for (const use of uses) {
      key.text += `${use.name}:`;
      if (!append(key, use, variables[use.name], 0)) return null;
      key.text += ';';
    }
    return key.text;
  };
}

/** A location in the document or in an input type where the value affects the plan. */
interface ValueUse {
  readonly type: GraphQLInputType;
  /** Whether the value itself is part of the key, not only its structure. */
  readonly byValue: boolean;
}

interface VariableUse extends ValueUse {
  readonly name: string;
}

/**
 * The arguments of lists, and the `where` of single rows. The structure of other arguments does not affect the plan.
 */
const compiledArguments: Readonly<Record<ListArgument, true>> = {
  where: true,
  orderBy: true,
  first: true,
  last: true,
  after: true,
  before: true,
  offset: true,
};

function variableUses({
  api: { schema },
  document,
  operationName,
}: Parameters<typeof preparePlanKey>[0]): readonly VariableUse[] {
  const operation = operationOf(document, operationName);
  const uses = new Map<string, VariableUse>();
  const info = new TypeInfo(schema);
  const note = (name: string, parent: ASTNode | readonly ASTNode[] | undefined): void => {
    const type = info.getInputType();
    if (!type || !isRelevant(info)) return;
    const fieldName =
      parent !== undefined && 'kind' in parent && parent.kind === Kind.OBJECT_FIELD
        ? parent.name.value
        : '';
    // The only directives with variables are @skip and @include.
    const byValue = info.getDirective() !== null || isByValue(fieldName, type);
    const known = uses.get(name);
    uses.set(name, { name, type, byValue: byValue || known?.byValue === true });
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      // Coerced variables already include default values.
      VariableDefinition: () => false,
      Variable: (node, _key, parent) => note(node.name.value, parent),
    }),
  );
  const declared = operation.variableDefinitions ?? [];
  return declared.flatMap(({ variable, type }) => {
    const use = uses.get(variable.name.value);
    if (use === undefined) return [];
    const isAlwaysGiven = type.kind === Kind.NON_NULL_TYPE && isLeafType(getNamedType(use.type));
    return isAlwaysGiven && !use.byValue && !isCursor(use.type) ? [] : [use];
  });
}

function isRelevant(info: TypeInfo): boolean {
  if (info.getDirective()) return true;
  const isIntrospection = info.getFieldDef()?.name.startsWith('__') === true;
  return !isIntrospection && Object.hasOwn(compiledArguments, info.getArgument()?.name ?? '');
}

function isCursor(type: GraphQLInputType): boolean {
  return getNamedType(type) === cursorScalar;
}

function isByValue(fieldName: string, type: GraphQLInputType): boolean {
  return isStructuralOperator(fieldName) || getNamedType(type) === sortOrderType;
}

interface KeyText {
  text: string;
}

/** Appends a value to the key. Returns false if the key is too long or the value is nested too deeply. */
function append(key: KeyText, use: ValueUse, value: unknown, depth: number): boolean {
  if (key.text.length > requestLimits.planKeyLength) return false;
  if (depth > requestLimits.argumentDepth) return false;
  const type = isNonNullType(use.type) ? use.type.ofType : use.type;
  if (value === undefined || value === null) {
    key.text += value === null ? 'n' : '-';
    return true;
  }
  if (isLeafType(type) || isLeafList(type)) {
    if (use.byValue) key.text += JSON.stringify(value);
    else key.text += isCursor(type) ? `v${cursorShape(value)}` : 'v';
    return key.text.length <= requestLimits.planKeyLength;
  }
  if (isListType(type)) {
    key.text += '[';
    for (const item of Array.isArray(value) ? value : []) {
      if (!append(key, { type: type.ofType, byValue: false }, item, depth + 1)) return false;
      key.text += ',';
    }
    key.text += ']';
    return true;
  }
  key.text += '{';
  const fields = isInputObjectType(type) ? type.getFields() : {};
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined || inner === undefined) continue;
    key.text += `${name}:`;
    const innerUse = { type: field.type, byValue: isByValue(name, field.type) };
    if (!append(key, innerUse, inner, depth + 1)) return false;
    key.text += ',';
  }
  key.text += '}';
  return true;
}
