import {
  coerceInputValue,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLLeafType,
} from 'graphql';

/** The result for a value that cannot be coerced. */
export const unfit: unique symbol = Symbol('unfit');

/**
 * Coerces a JSON value (GraphQL, section 3: "Input Coercion"). Returns `unfit` if the value does not match the type.
 */
export type InputCoercion = (value: unknown) => unknown;

/**
 * Equivalent to `coerceInputValue` of graphql-js for JSON values, but prepared once per type, several times as fast,
 * and without error messages.
 */
export function prepareCoercion(type: GraphQLInputType): InputCoercion {
  if (isNonNullType(type)) {
    const coerce = prepareCoercion(type.ofType);
    return (value) => (value == null ? unfit : coerce(value));
  }
  if (isListType(type)) return ofList(prepareCoercion(type.ofType));
  return isInputObjectType(type) ? ofObject(type) : ofLeaf(type);
}

function ofList(coerceItem: InputCoercion): InputCoercion {
  return (value) => {
    if (value == null) return null;
    if (!Array.isArray(value)) {
      const item = coerceItem(value);
      return item === unfit ? unfit : [item];
    }
    const items: unknown[] = [];
    for (const each of value) {
      const item = coerceItem(each);
      if (item === unfit) return unfit;
      items.push(item);
    }
    return items;
  };
}

function ofLeaf(type: GraphQLLeafType): InputCoercion {
  return (value) => {
    if (value == null) return null;
    try {
      const parsed: unknown = type.parseValue(value);
      return parsed === undefined ? unfit : parsed;
    } catch {
      return unfit;
    }
  };
}

interface Field {
  readonly name: string;
  readonly coerce: InputCoercion;
  readonly defaultValue: unknown;
  readonly isRequired: boolean;
}

/** Caches coercions by type, because types can be recursive. */
const known = new WeakMap<GraphQLInputObjectType, InputCoercion>();

function ofObject(type: GraphQLInputObjectType): InputCoercion {
  const prepared = known.get(type);
  if (prepared !== undefined) return prepared;
  if (type.isOneOf) return (value) => coerceAsGraphqlDoes(type, value);
  let fields: readonly Field[] | null = null;
  const coerce: InputCoercion = (value) => {
    if (value == null) return null;
    if (typeof value !== 'object' || Array.isArray(value)) return unfit;
    // The value comes from JSON.parse, so all of its keys are own properties.
    return coerceFields((fields ??= fieldsOf(type)), value as Record<string, unknown>);
  };
  known.set(type, coerce);
  return coerce;
}

/** Coerces the fields of an input object. The result's fields are in the type's order, not in the value's. */
function coerceFields(fields: readonly Field[], value: Readonly<Record<string, unknown>>): unknown {
  const coerced: Record<string, unknown> = {};
  let seen = 0;
  for (const { name, coerce, defaultValue, isRequired } of fields) {
    if (Object.hasOwn(value, name)) {
      seen += 1;
      const inner = coerce(value[name]);
      if (inner === unfit) return unfit;
      coerced[name] = inner;
    } else if (defaultValue !== undefined) coerced[name] = defaultValue;
    else if (isRequired) return unfit;
  }
  return Object.keys(value).length === seen ? coerced : unfit;
}

function fieldsOf(type: GraphQLInputObjectType): readonly Field[] {
  return Object.values(type.getFields()).map(({ name, type: fieldType, defaultValue }) => ({
    name,
    coerce: prepareCoercion(fieldType),
    defaultValue,
    isRequired: isNonNullType(fieldType),
  }));
}

function coerceAsGraphqlDoes(type: GraphQLInputType, value: unknown): unknown {
  const problems: Error[] = [];
  const coerced: unknown = coerceInputValue(value, type, (_path, _value, problem) => {
    problems.push(problem);
  });
  return problems.length === 0 ? coerced : unfit;
}
