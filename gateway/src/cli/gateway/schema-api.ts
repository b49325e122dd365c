import { CliError } from '../cli-error.ts';
import type { GraphqlClient } from './graphql-client.ts';

/** All hazards, from the most to the least severe. */
export const hazards = ['DATA_LOSS', 'WIDENS_ACCESS', 'MAY_FAIL', 'LOCK'] as const;
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
  /** A timestamp in RFC 3339 format. */
  readonly appliedAt: string;
}

export interface PlanStep {
  /** Such as `DROP_COLUMN`. */
  readonly kind: string;
  /** The changed part of the SDL, such as `Issue.title`. */
  readonly target: string;
  readonly summary: string;
  readonly sql: string;
  readonly hazard: Hazard | 'NONE';
  /** The number of rows or values that the hazard affects, counted for this plan. Null if the step has no hazard. */
  readonly affectedRows: number | null;
  /** Whether all rows violate the new rule, so that the plan cannot be applied. */
  readonly certain: boolean;
  /** How many rows signed-out callers can read. Null unless the step may change which ones. */
  readonly publicRows: PublicRows | null;
}

/** Null if the rows could not be counted. */
export interface PublicRows {
  readonly before: RowCount | null;
  readonly after: RowCount | null;
}

/** If `isExact` is false, there are more rows. */
export interface RowCount {
  readonly rows: number;
  readonly isExact: boolean;
}

/** Advice about access rules. */
export interface PlanNote {
  readonly target: string;
  readonly summary: string;
}

/** A type or field that is dropped, and an added one that could be the same under a new name. */
export interface RenameSuggestion {
  readonly target: string;
  readonly from: string;
  /** Such as `@rename(from: "title")`. */
  readonly directive: string;
  readonly summary: string;
}

export interface SchemaPlan {
  readonly hash: string;
  /** 0 if the project has no schema yet. */
  readonly baseVersion: number;
  readonly steps: readonly PlanStep[];
  /** The hazards that an apply must accept, without duplicates. */
  readonly hazards: readonly Hazard[];
  readonly suggestions: readonly RenameSuggestion[];
  readonly notes: readonly PlanNote[];
}

export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  /** Lines and columns are counted from 1. A column counts UTF-16 code units. */
  readonly line: number;
  readonly column: number;
  readonly hint: string | null;
}

export interface AppliedVersion {
  readonly number: number;
  /** A timestamp in RFC 3339 format. */
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

/**
 * The requests that the schema commands send. Every method throws a CliError for any failure that it does not return.
 */
export interface SchemaApi {
  /** The project that the API key belongs to. */
  project(): Promise<Project>;
  plan(projectRef: string, sdl: string): Promise<PlanResult>;
  apply(input: {
    readonly projectRef: string;
    readonly sdl: string;
    readonly planHash: string;
    readonly acceptHazards: readonly Hazard[];
  }): Promise<ApplyResult>;
}

/**
 * Creates the API client of the schema commands.
 * @param scope the narrowest scope that the command needs; if the key lacks this scope, the hint names it
 */
export function createSchemaApi(
  client: GraphqlClient,
  scope: 'schema.read' | 'schema.apply',
): SchemaApi {
  const hints = { FORBIDDEN: scopeHints[scope] };
  return {
    async project() {
      // The document selects these fields, and the gateway's schema guarantees their types.
      const { currentApiKey } = (await client.request(projectDocument, {}, hints)) as {
        readonly currentApiKey: { readonly project: Project } | null;
      };
      if (currentApiKey === null) {
        throw new CliError('UNAUTHENTICATED', 'The gateway rejected this API key.');
      }
      return currentApiKey.project;
    },

    async plan(projectRef, sdl) {
      const data = await client.request(planDocument, { projectRef, sdl }, hints);
      // The same guarantee applies as in `project`.
      const { result } = data as { readonly result: PlanResult | Failure | null };
      return expected(result);
    },

    async apply(input) {
      const data = await client.request(applyDocument, { input }, hints);
      // The same guarantee applies as in `project`.
      const { result } = data as { readonly result: ApplyResult | Failure | null };
      return expected(result);
    },
  };
}

const scopeHints = {
  'schema.read': 'The key needs the scope schema.read or schema.apply.',
  'schema.apply': 'The key needs the scope schema.apply.',
} as const;

/**
 * Returns a result that has a `__typename`. The documents below select `__typename` only in members that the command
 * line handles. For every other failure, they select the code and the message, which are thrown as a CliError.
 */
function expected<Result extends { readonly __typename: string }>(
  result: Result | Failure | null,
): Result {
  if (result === null) {
    throw new CliError('UNKNOWN', 'The gateway returned neither a result nor an error.');
  }
  if ('__typename' in result) return result;
  throw new CliError(result.code, result.message);
}

// `__typename` is selected only in members that the command line handles. `... on Error` covers the others, including
// members that a newer gateway adds.

const planFields = `
  hash baseVersion hazards
  steps {
    kind target summary sql hazard affectedRows certain
    publicRows { before { rows isExact } after { rows isExact } }
  }
  suggestions { target from directive summary }
  notes { target summary }
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
