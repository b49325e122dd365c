import {
  coerceInputValue,
  GraphQLError,
  isInputType,
  isNonNullType,
  typeFromAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

import { InvalidRequest } from './invalid-request.ts';

const maxProblems = 10;

/**
 * Refuses variables that do not fit. The executor would do so as well, but repeats the whole value in each
 * message: a password next to a mistyped name, or a megabyte fifty times over.
 * @throws InvalidRequest with `BAD_USER_INPUT` errors, at most ten
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const problems: GraphQLError[] = [];
  for (const definition of operation.variableDefinitions ?? []) {
    collectProblems(schema, definition, variables, problems);
  }
  if (problems.length > 0) throw new InvalidRequest(problems);
}

function collectProblems(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  problems: GraphQLError[],
): void {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  // Validation has seen to it that the type is one for inputs.
  if (!isInputType(type)) return;
  const report = (place: string, message: string) => {
    problems.push(
      new GraphQLError(`The variable "$${name}${place}" is not valid. ${message}`, {
        nodes: definition,
        extensions: { code: 'BAD_USER_INPUT' },
      }),
    );
    if (problems.length >= maxProblems) throw new InvalidRequest(problems);
  };
  if (!Object.hasOwn(variables, name)) {
    if (isNonNullType(type) && definition.defaultValue === undefined) {
      report('', `A value of type "${String(type)}" is required.`);
    }
    return;
  }
  coerceInputValue(variables[name], type, (path, _value, error) => {
    report(path.map(placeOf).join(''), error.message);
  });
}

/** `['scopes', 0]` → `.scopes[0]` */
function placeOf(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`;
}
