// Uses the management API to create a project with the tracker's schema, and an API key for it.
import { readFile } from 'node:fs/promises';

import { callManagementApi, succeeded, type Failure } from '../../scripts/lib/management-api.mjs';

export interface BenchProject {
  readonly ref: string;
  /** A secret key with access to all data and the highest possible rate limit. */
  readonly key: string;
}

const trackerFile = new URL('../../test/examples/tracker.graphql', import.meta.url);

export async function makeProject(origin: string): Promise<BenchProject> {
  const token = await register(origin);
  return makeProjectOf(origin, token, await readFile(trackerFile, 'utf8'));
}

/** Creates an organization and a project with this schema for the user to whom the access token belongs. */
export async function makeProjectOf(
  origin: string,
  token: string,
  sdl: string,
): Promise<BenchProject> {
  const ref = await createProject(origin, token);
  await applySchema(origin, token, ref, sdl);
  return { ref, key: await createKey(origin, token, ref) };
}

/** Registers an account. @returns an access token */
export async function register(origin: string, email = 'bench@example.org'): Promise<string> {
  const { register } = await callManagementApi<{
    register: { session: { accessToken: string } } & Failure;
  }>(
    origin,
    null,
    `mutation ($email: String!) {
      register(input: {
        name: "Bench", email: $email, password: "a long password for a bench", tokenDelivery: BODY
      }) {
        ... on Error { code message }
        ... on RegisterSuccess { session { accessToken } }
      }
    }`,
    { email },
  );
  return succeeded(register).session.accessToken;
}

async function createProject(origin: string, token: string): Promise<string> {
  const { createOrganization } = await callManagementApi<{
    createOrganization: { organization: { id: string } } & Failure;
  }>(
    origin,
    token,
    `mutation {
      createOrganization(input: { name: "Bench" }) {
        ... on Error { code message }
        ... on CreateOrganizationSuccess { organization { id } }
      }
    }`,
  );
  const { createProject } = await callManagementApi<{
    createProject: { project: { ref: string } } & Failure;
  }>(
    origin,
    token,
    `mutation ($organizationId: ID!) {
      createProject(input: { organizationId: $organizationId, name: "Tracker" }) {
        ... on Error { code message }
        ... on CreateProjectSuccess { project { ref } }
      }
    }`,
    { organizationId: succeeded(createOrganization).organization.id },
  );
  return succeeded(createProject).project.ref;
}

async function applySchema(origin: string, token: string, ref: string, sdl: string): Promise<void> {
  const { planSchema } = await callManagementApi<{
    planSchema: { plan: { hash: string; hazards: readonly string[] } } & Failure;
  }>(
    origin,
    token,
    `mutation ($ref: ID!, $sdl: String!) {
      planSchema(input: { projectRef: $ref, sdl: $sdl }) {
        ... on Error { code message }
        ... on PlanSchemaSuccess { plan { hash hazards } }
      }
    }`,
    { ref, sdl },
  );
  const { applySchema } = await callManagementApi<{ applySchema: Failure }>(
    origin,
    token,
    `mutation ($ref: ID!, $sdl: String!, $hash: String!, $hazards: [Hazard!]!) {
      applySchema(input: { projectRef: $ref, sdl: $sdl, planHash: $hash, acceptHazards: $hazards }) {
        ... on Error { code message }
      }
    }`,
    { ref, sdl, ...succeeded(planSchema).plan },
  );
  succeeded(applySchema);
}

async function createKey(origin: string, token: string, ref: string): Promise<string> {
  const { createApiKey } = await callManagementApi<{ createApiKey: { secret: string } & Failure }>(
    origin,
    token,
    `mutation ($ref: ID!) {
      createApiKey(input: {
        projectRef: $ref, name: "Bench", kind: SECRET, scopes: ["data.read", "data.write"],
        rateLimitPerMinute: 1000000
      }) {
        ... on Error { code message }
        ... on CreateApiKeySuccess { secret }
      }
    }`,
    { ref },
  );
  return succeeded(createApiKey).secret;
}
