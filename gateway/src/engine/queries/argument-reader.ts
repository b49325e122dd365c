import { getArgumentValues, Kind, type FieldNode, type GraphQLField } from 'graphql';

import type { Variables } from './plan.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * Returns a function that returns the coerced arguments of a field, as `getArgumentValues` does. If every argument is a
 * variable that has a value, the values are taken from the variables, because `getArgumentValues` examines the
 * definition of each argument again in each request.
 */
export function argumentReader(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
): (variables: Variables) => Arguments {
  const general = (variables: Variables): Arguments =>
    getArgumentValues(definition, node, variables);
  const defaults: Record<string, unknown> = {};
  for (const { name, defaultValue } of definition.args) {
    if (defaultValue !== undefined) defaults[name] = defaultValue;
  }
  const variableOf = new Map<string, string>();
  for (const { name, value } of node.arguments ?? []) {
    if (value.kind !== Kind.VARIABLE) return general;
    variableOf.set(name.value, value.name.value);
  }
  return (variables) => {
    const values = { ...defaults };
    for (const [name, variable] of variableOf) {
      const value = variables[variable];
      // The default of the argument, or an error about null, depends on the definition.
      if (value === undefined || value === null) return general(variables);
      values[name] = value;
    }
    return values;
  };
}
