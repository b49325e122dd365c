import {
  coerceInputValue,
  isInputType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

import { prepareCoercion, unfit, type InputCoercion } from './coerce-input.ts';
import { DocumentError } from './document-error.ts';
import { documentErrors } from './document-errors.ts';

type RawVariables = Readonly<Record<string, unknown>>;

/**
 * Describes a value that does not match its type. The description does not include the value, because the value may be
 * a password or very large.
 */
export interface VariableProblem {
  readonly definition: VariableDefinitionNode;
  /** The path begins with the variable's name: `['input', 'scopes', 0]`. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface CoercedVariables {
  /** Absent variables without a default are omitted. Valid only if there are no problems. */
  readonly values: RawVariables;
  /** Contains at most ten problems. */
  readonly problems: readonly VariableProblem[];
}

const maxProblems = 10;

/**
 * Prepares the coercion of an operation's variables (GraphQL, section 6.1.2). Unlike the messages of graphql-js, these
 * messages do not contain the value.
 *
 * @param operation an operation in a valid document
 */
export function prepareVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
): (variables: RawVariables) => CoercedVariables {
  const declared = (operation.variableDefinitions ?? []).map((each) => declare(schema, each));
  return (variables) => {
    // The object has no prototype, because a variable may be named __proto__.
    const values = Object.create(null) as Record<string, unknown>;
    const problems: VariableProblem[] = [];
    try {
      for (const each of declared) coerceInto(values, each, variables, problems);
    } catch (error) {
      if (error !== enough) throw error;
    }
    return { values, problems };
  };
}

/** Thrown to stop the coercion when the maximum number of problems is reached, because finding more takes time. */
const enough = new Error('The maximum number of problems was reached.');

/**
 * Coerces one variable and adds it to `values`, or adds its problems to `problems`.
 * @throws `enough` after ten problems
 */
function coerceInto(
  values: Record<string, unknown>,
  { definition, name, type, coerce, defaultValue }: DeclaredVariable,
  variables: RawVariables,
  problems: VariableProblem[],
): void {
  const isGiven = Object.hasOwn(variables, name);
  const value = isGiven ? coerce(variables[name]) : defaultValue;
  if (value !== unfit && value !== undefined) {
    values[name] = value;
    return;
  }
  const report = (path: readonly (string | number)[], message: string) => {
    problems.push({ definition, path, message });
    if (problems.length >= maxProblems) throw enough;
  };
  if (isGiven) {
    // Coerces the value again with graphql-js, to get its messages.
    values[name] = coerceInputValue(variables[name], type, (path, _value, { message }) => {
      report([name, ...path], message);
    });
  } else if (isNonNullType(type)) {
    report([name], `A value of type "${String(type)}" is required.`);
  }
}

interface DeclaredVariable {
  readonly definition: VariableDefinitionNode;
  readonly name: string;
  readonly type: GraphQLInputType;
  readonly coerce: InputCoercion;
  readonly defaultValue: unknown;
}

function declare(schema: GraphQLSchema, definition: VariableDefinitionNode): DeclaredVariable {
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type))
    throw new Error('A variable in a valid document must have an input type.');
  const { variable, defaultValue } = definition;
  return {
    definition,
    name: variable.name.value,
    type,
    coerce: prepareCoercion(type),
    defaultValue: defaultValue && valueFromAST(defaultValue, type),
  };
}

/**
 * Rejects variables that do not match their types.
 * @throws DocumentError with at most ten `BAD_USER_INPUT` errors
 */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: RawVariables,
): void {
  const [first, ...more] = prepareVariables(
    schema,
    operation,
  )(variables).problems.map((problem) =>
    documentErrors.variableNotValid(messageOf(problem), problem.definition),
  );
  if (first !== undefined) throw new DocumentError([first, ...more]);
}

/** `The variable "$input.scopes[0]" is not valid. …` */
export function messageOf({ path: [name, ...place], message }: VariableProblem): string {
  return `The variable "$${name ?? ''}${place.map(placeOf).join('')}" is not valid. ${message}`;
}

/** `['scopes', 0]` → `.scopes[0]` */
function placeOf(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`;
}
