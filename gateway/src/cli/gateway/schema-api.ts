import { CliError } from '../cli-error.ts';
import type { GraphqlClient } from './graphql-client.ts';

/** From the worst to the harmless. */
export const hazards = ['DATA_LOSS', 'MAY_FAIL', 'LOCK'] as const;
export type Hazard = (typeof hazards)[number];

export interface Project {
  readonly ref: string;
  readonly name: string;
  /** Null before the first apply. */
  readonly schema: CurrentSchema | null;
}

export interface CurrentSchema {
  readonly sdl: string;
  readonly version: number;
  /** RFC 3339. */
  readonly appliedAt: string;
}

export interface PlanStep {
  /** Such as `DROP_COLUMN`. */
  readonly kind: string;
  /** In the words of the SDL: `Issue.title`. */
  readonly target: string;
  readonly summary: string;
  readonly sql: string;
  readonly hazard: Hazard | 'NONE';
  /** The rows or values that the hazard is about, as of now; null where there is no hazard. */
  readonly affectedRows: number | null;
}

export interface SchemaPlan {
  readonly hash: string;
  /** 0 where there is none. */
  readonly baseVersion: number;
  readonly steps: readonly PlanStep[];
  /** All that an apply has to accept, each once. */
  readonly hazards: readonly Hazard[];
}

export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  /** Both from 1; a column counts UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly hint: string | null;
}

export interface AppliedVersion {
  readonly number: number;
  /** RFC 3339. */
  readonly appliedAt: string;
}

interface Failure {
  readonly code: string;
  readonly message: string;
}

export type PlanResult =
  { readonly __typename: 'PlanSchemaSuccess'; readonly plan: SchemaPlan } | InvalidSchema;

export type ApplyResult =
  | { readonly __typename: 'ApplySchemaSuccess'; readonly schemaVersion: AppliedVersion }
  | ({ readonly __typename: 'StalePlanError'; readonly plan: SchemaPlan } & Failure)
  | ({
      readonly __typename: 'HazardNotAcceptedError';
      readonly plan: SchemaPlan;
      readonly hazards: readonly Hazard[];
    } & Failure)
  | InvalidSchema;

type InvalidSchema = {
  readonly __typename: 'InvalidSchemaError';
  readonly diagnostics: readonly Diagnostic[];
} & Failure;

/** What the schema commands ask of a gateway. Every method throws CliError for what it does not return. */
export interface SchemaApi {
  /** The one project that the key opens. */
  project(): Promise<Project>;
  plan(projectRef: string, sdl: string): Promise<PlanResult>;
  apply(input: {
    readonly projectRef: string;
    readonly sdl: string;
    readonly planHash: string;
    readonly acceptHazards: readonly Hazard[];
  }): Promise<ApplyResult>;
}

export function createSchemaApi(client: GraphqlClient): SchemaApi {
  return {
    async project() {
      // The shape that the document asks for; the gateway's own schema sees to its types.
      const { currentApiKey } = (await client.request(projectDocument, {}, readHints)) as {
        readonly currentApiKey: { readonly project: Project } | null;
      };
      if (currentApiKey === null) {
        throw new CliError('UNAUTHENTICATED', 'The gateway does not take this for an API key.');
      }
      return currentApiKey.project;
    },

    async plan(projectRef, sdl) {
      const data = await client.request(planDocument, { projectRef, sdl }, readHints);
      // As above.
      const { result } = data as { readonly result: PlanResult | Failure | null };
      return expected(result);
    },

    async apply(input) {
      const data = await client.request(applyDocument, { input }, applyHints);
      // As above.
      const { result } = data as { readonly result: ApplyResult | Failure | null };
      return expected(result);
    },
  };
}

const readHints = {
  FORBIDDEN: 'The key needs the scope schema.read (plan, pull) or schema.apply (all three).',
};
const applyHints = { FORBIDDEN: 'The key needs the scope schema.apply.' };

/**
 * Only the members that the command line knows have a `__typename` here (see the documents below); of every other
 * failure there is a code and a message.
 */
function expected<Result extends { readonly __typename: string }>(
  result: Result | Failure | null,
): Result {
  if (result === null) {
    throw new CliError('UNKNOWN', 'The gateway gave neither a result nor a reason.');
  }
  if ('__typename' in result) return result;
  throw new CliError(result.code, result.message);
}

// `__typename` stands only in the members that the command line tells apart; `... on Error` answers for the
// others, also for those that a later gateway adds.

const planFields = `
  hash baseVersion hazards
  steps { kind target summary sql hazard affectedRows }
`;

const invalidSchema = `
  ... on InvalidSchemaError { __typename diagnostics { code message line column hint } }
`;

const projectDocument = `
  query CommandLineProject {
    currentApiKey { project { ref name schema { sdl version appliedAt } } }
  }
`;

const planDocument = `
  mutation CommandLinePlan($projectRef: ID!, $sdl: String!) {
    result: planSchema(input: { projectRef: $projectRef, sdl: $sdl }) {
      ... on Error { code message }
      ... on PlanSchemaSuccess { __typename plan { ${planFields} } }
      ${invalidSchema}
    }
  }
`;

const applyDocument = `
  mutation CommandLineApply($input: ApplySchemaInput!) {
    result: applySchema(input: $input) {
      ... on Error { code message }
      ... on ApplySchemaSuccess { __typename schemaVersion { number appliedAt } }
      ... on StalePlanError { __typename plan { ${planFields} } }
      ... on HazardNotAcceptedError { __typename hazards plan { ${planFields} } }
      ${invalidSchema}
    }
  }
`;
