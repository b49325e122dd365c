import { findJsonProblem, jsonProblemText } from '#console/domain/models/json-problem.ts';
import type { ExplainAccessInput } from '#console/gql/graphql.ts';
import type { Audience } from '#console/lib/sdl/written-rules.ts';

/** What the form of the simulator contains. */
export interface Simulation {
  readonly audience: Audience;
  /** The key of a row of the `@user` model; null for a caller without a row. */
  readonly userId: string | null;
  /** JSON objects, or empty. */
  readonly claims: string;
  readonly query: string;
  readonly variables: string;
}

export type SimulationErrors = Partial<Record<'claims' | 'query' | 'variables', string>>;

/** What is wrong with the texts of the form. */
export function simulationErrors({ claims, query, variables }: Simulation): SimulationErrors {
  const [badClaims, badVariables] = [objectProblem(claims), objectProblem(variables)];
  return {
    ...(badClaims !== null && { claims: badClaims }),
    ...(query.trim() === '' && { query: 'Enter an operation.' }),
    ...(badVariables !== null && { variables: badVariables }),
  };
}

function objectProblem(text: string): string | null {
  if (text.trim() === '') return null;
  const problem = findJsonProblem(text);
  if (problem !== null) return jsonProblemText(text, problem);
  return text.trim().startsWith('{') ? null : 'Enter a JSON object: { "name": … }.';
}

/** The input of the mutation. The texts must be valid. */
export function simulationInput(projectRef: string, simulation: Simulation): ExplainAccessInput {
  const { audience, userId, claims, query, variables } = simulation;
  const isSignedIn = audience !== 'PUBLIC';
  return {
    projectRef,
    as: {
      audience,
      ...(isSignedIn && userId !== null && { userId }),
      ...(isSignedIn && claims.trim() !== '' && { claims: objectOf(claims) }),
    },
    query,
    ...(variables.trim() !== '' && { variables: objectOf(variables) }),
  };
}

const objectOf = (text: string): unknown => JSON.parse(text);
