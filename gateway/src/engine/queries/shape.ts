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
import type { ProjectApi } from '../api/project-api.ts';
import { sortOrderType } from '../api/shared-types.ts';
import { operationOf } from './context.ts';
import { inputLimits } from './input-budget.ts';
import { isLeafList } from './input-tree.ts';
import type { Variables } from './statement.ts';

/** Longer shapes are rare, and a cache of plans would be flooded by them. */
const maxShapeLength = 4_000;

/**
 * Finds once what of an operation's variables decides its plan: whether they are there, how objects and
 * lists are built, and the few values that are written into SQL (directions of orders, `isNull`, `mode`,
 * `@skip`, `@include`). All other values are parameters of the plan.
 *
 * @param request a valid document
 * @returns a function from coerced variables to a text: where it is equal, so is the plan. Null where a plan
 *   is not worth keeping. Its work is bounded, whatever the variables hold.
 */
export function prepareShape(request: {
  readonly api: ProjectApi;
  readonly document: DocumentNode;
  readonly operationName: string | null;
}): (variables: Variables) => string | null {
  const uses = variableUses(request);
  return (variables) => {
    const writer: ShapeWriter = { text: '' };
    for (const use of uses) {
      writer.text += `${use.name}:`;
      if (!describe(writer, use, variables[use.name], 0)) return null;
      writer.text += ';';
    }
    return writer.text;
  };
}

/** A place where a value can stand that decides the plan. */
interface ValueUse {
  readonly type: GraphQLInputType;
  /** Does the value itself decide, and not only its structure? */
  readonly byValue: boolean;
}

interface VariableUse extends ValueUse {
  readonly name: string;
}

const structuralArguments = new Set([
  'where',
  'orderBy',
  'first',
  'last',
  'after',
  'before',
  'offset',
]);

/** Fields of filters whose value is part of the SQL. */
const structuralFields = new Set(['isNull', 'isEmpty', 'mode']);

function variableUses({
  api: { schema },
  document,
  operationName,
}: Parameters<typeof prepareShape>[0]): readonly VariableUse[] {
  const operation = operationOf(document, operationName);
  const uses = new Map<string, VariableUse>();
  const info = new TypeInfo(schema);
  const note = (name: string, place: ASTNode | readonly ASTNode[] | undefined): void => {
    const type = info.getInputType();
    if (!type || !decidesPlan(info)) return;
    const inField =
      place !== undefined && 'kind' in place && place.kind === Kind.OBJECT_FIELD
        ? place.name.value
        : '';
    const byValue = info.getDirective() !== null || isByValue(inField, type);
    const known = uses.get(name);
    uses.set(name, { name, type, byValue: byValue || known?.byValue === true });
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      OperationDefinition: (node) => (node === operation ? undefined : false),
      // A default value is in the variables that are described.
      VariableDefinition: () => false,
      Variable: (node, _key, parent) => note(node.name.value, parent),
    }),
  );
  const declared = operation.variableDefinitions ?? [];
  return declared.flatMap(({ variable, type }) => {
    const use = uses.get(variable.name.value);
    if (use === undefined) return [];
    const isAlwaysThere = type.kind === Kind.NON_NULL_TYPE && isLeafType(getNamedType(use.type));
    return isAlwaysThere && !use.byValue ? [] : [use];
  });
}

function decidesPlan(info: TypeInfo): boolean {
  if (info.getDirective()) return true;
  const isIntrospection = info.getFieldDef()?.name.startsWith('__') === true;
  return !isIntrospection && structuralArguments.has(info.getArgument()?.name ?? '');
}

function isByValue(fieldName: string, type: GraphQLInputType): boolean {
  return structuralFields.has(fieldName) || getNamedType(type) === sortOrderType;
}

interface ShapeWriter {
  text: string;
}

/** False once it is too much. */
function describe(writer: ShapeWriter, use: ValueUse, value: unknown, depth: number): boolean {
  if (writer.text.length > maxShapeLength || depth > inputLimits.depth) return false;
  const type = isNonNullType(use.type) ? use.type.ofType : use.type;
  if (value === undefined || value === null) {
    writer.text += value === null ? 'n' : '-';
    return true;
  }
  if (isLeafType(type) || isLeafList(type)) {
    writer.text += use.byValue ? JSON.stringify(value) : 'v';
    return true;
  }
  if (isListType(type)) {
    writer.text += '[';
    for (const item of Array.isArray(value) ? value : []) {
      if (!describe(writer, { type: type.ofType, byValue: false }, item, depth + 1)) return false;
      writer.text += ',';
    }
    writer.text += ']';
    return true;
  }
  writer.text += '{';
  const fields = isInputObjectType(type) ? type.getFields() : {};
  for (const [name, inner] of Object.entries(value)) {
    const field = fields[name];
    if (field === undefined || inner === undefined) continue;
    writer.text += `${name}:`;
    const place = { type: field.type, byValue: isByValue(name, field.type) };
    if (!describe(writer, place, inner, depth + 1)) return false;
    writer.text += ',';
  }
  writer.text += '}';
  return true;
}
