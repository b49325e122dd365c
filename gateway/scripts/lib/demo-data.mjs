// @ts-check
import { readFileSync } from 'node:fs';
import { callGraphql, callManagementApi, succeeded } from './management-api.mjs';
import { inRoot } from './paths.mjs';

/** @typedef {import('./management-api.mjs').Failure} Failure */

/**
 * Applies the issue tracker's schema to a project and creates a few rows, unless the project already has a schema.
 * @param {string} origin
 * @param {string} token a developer's access token
 * @param {string} ref
 */
export async function fillProject(origin, token, ref) {
  /** @type {{ project: { schema: { version: number } | null } }} */
  const { project } = await callManagementApi(
    origin,
    token,
    'query ($ref: ID!) { project(ref: $ref) { schema { version } } }',
    { ref },
  );
  if (project.schema !== null) return;
  const sdl = readFileSync(inRoot('gateway/test/examples/tracker.graphql'), 'utf8');
  const planHash = await planSchema(origin, token, ref, sdl);
  /** @type {{ applySchema: Failure }} */
  const { applySchema } = await callManagementApi(
    origin,
    token,
    `mutation ($ref: ID!, $sdl: String!, $planHash: String!) {
      applySchema(input: { projectRef: $ref, sdl: $sdl, planHash: $planHash, acceptHazards: [] }) {
        ... on Error { code message }
      }
    }`,
    { ref, sdl, planHash },
  );
  succeeded(applySchema);
  await callGraphql(`${origin}/p/${ref}/graphql`, token, rows);
}

/**
 * @param {string} origin
 * @param {string} token
 * @param {string} ref
 * @param {string} sdl
 * @returns {Promise<string>} the plan's hash
 */
async function planSchema(origin, token, ref, sdl) {
  /** @type {{ planSchema: { plan: { hash: string } } & Failure }} */
  const { planSchema } = await callManagementApi(
    origin,
    token,
    `mutation ($ref: ID!, $sdl: String!) {
      planSchema(input: { projectRef: $ref, sdl: $sdl }) {
        ... on Error { code message }
        ... on PlanSchemaSuccess { plan { hash } }
      }
    }`,
    { ref, sdl },
  );
  return succeeded(planSchema).plan.hash;
}

const rows = `mutation {
  createBoard(
    data: {
      key: "DEMO"
      name: "Demo board"
      members: {
        create: [{ role: OWNER, user: { create: { email: "ada@example.org", name: "Ada" } } }]
      }
      issues: {
        create: [
          { number: 1, title: "Read the plan", status: DONE, tags: ["schema"] }
          { number: 2, title: "Query the API", status: IN_PROGRESS, estimate: "1.5" }
          { number: 3, title: "Change the schema", due: "2030-01-31" }
        ]
      }
    }
  ) {
    id
  }
}`;
