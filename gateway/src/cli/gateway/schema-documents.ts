// `__typename` stands only in the members that the command line tells apart; `... on Error` answers for the
// others, also for those that a later gateway adds.

const planFields = `
  hash baseVersion hazards
  steps { kind target summary sql hazard affectedRows }
`;

const invalidSchema = `
  ... on InvalidSchemaError { __typename diagnostics { code message line column hint } }
`;

export const project = `
  query CommandLineProject {
    currentApiKey { project { ref name schema { sdl version appliedAt } } }
  }
`;

export const plan = `
  mutation CommandLinePlan($projectRef: ID!, $sdl: String!) {
    result: planSchema(input: { projectRef: $projectRef, sdl: $sdl }) {
      ... on Error { code message }
      ... on PlanSchemaSuccess { __typename plan { ${planFields} } }
      ${invalidSchema}
    }
  }
`;

export const apply = `
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
