// @ts-check
// npm run seed: uses the public APIs to create a demo user, an organization, a project with a schema and rows, and an
// API key. Then prints example requests that use the key. If run again, it keeps the existing data and replaces the
// key.
import { fillProject } from './lib/demo-data.mjs';
import { loadDotEnv } from './lib/dot-env.mjs';
import { callManagementApi, succeeded } from './lib/management-api.mjs';
import { runScript } from './lib/progress.mjs';
import { withRunningGateway } from './lib/running-gateway.mjs';

// This password is public, so the script connects only to this machine.
const user = { email: 'demo@tessera.example', password: 'a demo password for tessera' };
const keyName = 'Demo key';

/**
 * @typedef {{ accessToken: string }} Session
 * @typedef {{ ref: string, name: string }} Project
 * @typedef {{ id: string, name: string, projects: { nodes: Project[] } }} Organization
 * @typedef {{ id: string, name: string, revokedAt: string | null }} ApiKey
 * @typedef {import('./lib/management-api.mjs').Failure} Failure
 */

/** @param {string} origin */
async function seed(origin) {
  const token = await signInOrUp(origin);
  const organization = await findOrCreateOrganization(origin, token);
  const project = await findOrCreateProject(origin, token, organization);
  await fillProject(origin, token, project.ref);
  const secret = await replaceKey(origin, token, project);
  await callManagementApi(origin, secret, '{ currentApiKey { name } }');
  console.log(`
Sign in as  ${user.email}
password    ${user.password}
project     ${project.name} (${project.ref})

curl -s ${origin}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${secret}' \\
  -d '{"query":"{ currentApiKey { name scopes project { ref name } } }"}'

curl -s ${origin}/p/${project.ref}/graphql -H 'content-type: application/json' -H 'authorization: Bearer ${secret}' \\
  -d '{"query":"{ issues(where: {status: {neq: DONE}}) { totalCount nodes { number title board { key } } } }"}'
`);
}

/** @param {string} origin */
async function signInOrUp(origin) {
  /** @type {{ login: { session?: Session } }} */
  const { login } = await callManagementApi(
    origin,
    null,
    `mutation ($email: String!, $password: String!) {
      login(input: { email: $email, password: $password, tokenDelivery: BODY }) {
        ... on LoginSuccess { session { accessToken } }
      }
    }`,
    user,
  );
  if (login.session !== undefined) return login.session.accessToken;
  /** @type {{ register: { session: Session } & Failure }} */
  const { register } = await callManagementApi(
    origin,
    null,
    `mutation ($email: String!, $password: String!) {
      register(input: { name: "Demo", email: $email, password: $password, tokenDelivery: BODY }) {
        ... on Error { code message }
        ... on RegisterSuccess { session { accessToken } }
      }
    }`,
    user,
  );
  return succeeded(register).session.accessToken;
}

/**
 * @param {string} origin
 * @param {string} token
 * @returns {Promise<Organization>}
 */
async function findOrCreateOrganization(origin, token) {
  const fields = 'id name projects(first: 1) { nodes { ref name } }';
  /** @type {{ viewer: { organizations: { nodes: Organization[] } } }} */
  const { viewer } = await callManagementApi(
    origin,
    token,
    `{ viewer { organizations(first: 1) { nodes { ${fields} } } } }`,
  );
  const [known] = viewer.organizations.nodes;
  if (known !== undefined) return known;
  /** @type {{ createOrganization: { organization: Organization } & Failure }} */
  const { createOrganization } = await callManagementApi(
    origin,
    token,
    `mutation {
      createOrganization(input: { name: "Demo" }) {
        ... on Error { code message }
        ... on CreateOrganizationSuccess { organization { ${fields} } }
      }
    }`,
  );
  return succeeded(createOrganization).organization;
}

/**
 * @param {string} origin
 * @param {string} token
 * @param {Organization} organization
 * @returns {Promise<Project>}
 */
async function findOrCreateProject(origin, token, organization) {
  const [known] = organization.projects.nodes;
  if (known !== undefined) return known;
  /** @type {{ createProject: { project: Project } & Failure }} */
  const { createProject } = await callManagementApi(
    origin,
    token,
    `mutation ($organizationId: ID!) {
      createProject(input: { organizationId: $organizationId, name: "Demo project" }) {
        ... on Error { code message }
        ... on CreateProjectSuccess { project { ref name } }
      }
    }`,
    { organizationId: organization.id },
  );
  return succeeded(createProject).project;
}

/**
 * Creates a key and revokes the keys of earlier runs, whose secrets can no longer be read.
 * @param {string} origin
 * @param {string} token
 * @param {Project} project
 * @returns {Promise<string>} the secret
 */
async function replaceKey(origin, token, { ref }) {
  /** @type {{ project: { apiKeys: { nodes: ApiKey[] } } }} */
  const { project } = await callManagementApi(
    origin,
    token,
    `query ($ref: ID!) { project(ref: $ref) { apiKeys(first: 100) { nodes { id name revokedAt } } } }`,
    { ref },
  );
  for (const { id, name, revokedAt } of project.apiKeys.nodes) {
    if (name !== keyName || revokedAt !== null) continue;
    /** @type {{ revokeApiKey: Failure }} */
    const { revokeApiKey } = await callManagementApi(
      origin,
      token,
      `mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { ... on Error { code message } } }`,
      { id },
    );
    succeeded(revokeApiKey);
  }
  /** @type {{ createApiKey: { secret: string } & Failure }} */
  const { createApiKey } = await callManagementApi(
    origin,
    token,
    `mutation ($ref: ID!, $name: String!) {
      createApiKey(input: { projectRef: $ref, name: $name, kind: SECRET, scopes: ["data.read", "data.write", "schema.read"] }) {
        ... on Error { code message }
        ... on CreateApiKeySuccess { secret }
      }
    }`,
    { ref, name: keyName },
  );
  return succeeded(createApiKey).secret;
}

await runScript(async () => {
  // Read before `.env`, which a gateway that was started with another PORT does not follow.
  const { PORT } = process.env;
  loadDotEnv();
  const keepsRunning = await withRunningGateway(PORT, seed);
  if (!keepsRunning)
    console.log('The gateway has been stopped. Run `npm start` before you send these requests.');
});
