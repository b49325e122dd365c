import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { GraphqlBody } from '../test/app.ts';
import { useTestDatabase } from '../test/database.ts';
import { askGateway } from '../test/management-client.ts';
import { startGateway, type GatewayProcess } from '../test/process.ts';

const database = useTestDatabase();
const gateways: GatewayProcess[] = [];
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'tessera-several-'));
  // Both gateways read their keys from this folder.
  const env = { DATABASE_URL: database.url, DATA_DIR: dataDirectory, LOG_LEVEL: 'warn' };
  gateways.push(await startGateway({ env }), await startGateway({ env }));
});

afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.stop()));
  await rm(dataDirectory, { recursive: true, force: true });
});

function origin(index: number): string {
  const gateway = gateways[index % gateways.length];
  if (gateway === undefined) throw new Error('The gateways have not been started.');
  return gateway.origin;
}

interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

let registered = 0;

async function register(): Promise<TokenPair> {
  registered += 1;
  const { body } = await askGateway(
    origin(0),
    `mutation ($email: String!) { result: register(input: { name: "Ada", email: $email,
       password: "a long enough password", tokenDelivery: BODY }) {
       ... on RegisterSuccess { session { accessToken refreshToken } } } }`,
    { email: `ada-${registered}@example.org` },
  );
  return (body.data?.['result'] as { session: TokenPair }).session;
}

/** Returns the session or the error code. */
async function refresh(index: number, refreshToken: string): Promise<TokenPair | string> {
  const { body } = await askGateway(
    origin(index),
    `mutation ($token: String!) { result: refreshSession(input: { refreshToken: $token, tokenDelivery: BODY }) {
       ... on RefreshSessionSuccess { session { accessToken refreshToken } }
       ... on Error { code } } }`,
    { token: refreshToken },
  );
  const result = body.data?.['result'] as
    { session: TokenPair } | { code: string } | null | undefined;
  if (result === null || result === undefined)
    return String(body.errors?.[0]?.extensions?.['code']);
  return 'session' in result ? result.session : result.code;
}

function tokens(outcome: TokenPair | string): TokenPair {
  if (typeof outcome === 'string') throw new Error(`The refresh failed: ${outcome}`);
  return outcome;
}

const viewerStatus = async (index: number, accessToken: string): Promise<number> =>
  (await askGateway(origin(index), '{ viewer { id } }', {}, accessToken)).status;

/** Runs a mutation whose alias is `result`, and returns its result. */
async function change(
  accessToken: string,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const { body } = await askGateway(origin(0), query, variables, accessToken);
  expect(body.errors).toBeUndefined();
  // Every document selects `result`.
  return body.data?.['result'] as Readonly<Record<string, unknown>>;
}

async function deploy(accessToken: string, projectRef: string, sdl: string): Promise<void> {
  const { plan } = await change(
    accessToken,
    `mutation ($input: PlanSchemaInput!) {
      result: planSchema(input: $input) { ... on PlanSchemaSuccess { plan { hash } } } }`,
    { input: { projectRef, sdl } },
  );
  const planHash = (plan as { hash: string }).hash;
  const acceptHazards = ['LOCK', 'MAY_FAIL', 'WIDENS_ACCESS', 'DATA_LOSS'];
  const { schemaVersion } = await change(
    accessToken,
    `mutation ($input: ApplySchemaInput!) {
      result: applySchema(input: $input) { ... on ApplySchemaSuccess { schemaVersion { id } } } }`,
    { input: { projectRef, sdl, planHash, acceptHazards } },
  );
  expect(schemaVersion).toBeDefined();
}

async function makeProject(accessToken: string): Promise<string> {
  const { organization } = await change(
    accessToken,
    `mutation { result: createOrganization(input: { name: "Ada" }) {
      ... on CreateOrganizationSuccess { organization { id } } } }`,
    {},
  );
  const { project } = await change(
    accessToken,
    `mutation ($id: ID!) { result: createProject(input: { organizationId: $id, name: "Ada" }) {
      ... on CreateProjectSuccess { project { ref } } } }`,
    { id: (organization as { id: string }).id },
  );
  return (project as { ref: string }).ref;
}

/** Returns the data in the response from a project's API, or the code of the first error. */
async function askProject(index: number, ref: string, query: string, credential: string) {
  const response = await fetch(`${origin(index)}/p/${ref}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}` },
    body: JSON.stringify({ query }),
  });
  const body = (await response.json()) as GraphqlBody;
  return body.errors?.[0]?.extensions?.['code'] ?? body.data;
}

describe('two gateways with one database', () => {
  it('return the same new token for 100 concurrent refreshes of one token', async () => {
    const { refreshToken } = await register();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => refresh(index, refreshToken)),
    );
    const children = new Set(outcomes.map((outcome) => tokens(outcome).refreshToken));
    expect(children.size).toBe(1);
    const [child = ''] = children;
    expect(await database.prisma.refreshToken.count({ where: { child: null } })).toBe(1);
    expect(typeof (await refresh(1, child))).not.toBe('string');
  });

  it('end the session when a token from before the previous refresh is reused', async () => {
    const { refreshToken: grandparent } = await register();
    const parent = tokens(await refresh(1, grandparent));
    const child = tokens(await refresh(0, parent.refreshToken));
    expect(await refresh(1, grandparent)).toBe('INVALID_TOKEN');
    expect(await refresh(0, child.refreshToken)).toBe('INVALID_TOKEN');
    await expect.poll(() => viewerStatus(0, child.accessToken), { timeout: 1_000 }).toBe(401);
    await expect.poll(() => viewerStatus(1, child.accessToken), { timeout: 1_000 }).toBe(401);
  });

  it('both reject the access token of a revoked session within a second', async () => {
    const { accessToken } = await register();
    expect(await viewerStatus(0, accessToken)).toBe(200);
    expect(await viewerStatus(1, accessToken)).toBe(200);
    const { body } = await askGateway(
      origin(0),
      'mutation { logout { ... on LogoutSuccess { ok } } }',
      {},
      accessToken,
    );
    expect(body.data).toEqual({ logout: { ok: true } });
    await expect.poll(() => viewerStatus(1, accessToken), { timeout: 1_000 }).toBe(401);
    expect(await viewerStatus(0, accessToken)).toBe(401);
  });

  it('both use a new schema within a second, regardless of which gateway applied it', async () => {
    const { accessToken } = await register();
    const ref = await makeProject(accessToken);
    const empty = { notes: { nodes: [] } };
    await deploy(accessToken, ref, 'type Note @model { id: ID! @id text: String! }');
    for (const index of [0, 1]) {
      const texts = () => askProject(index, ref, '{ notes { nodes { text } } }', accessToken);
      await expect.poll(texts, { timeout: 1_000 }).toEqual(empty);
    }
    await deploy(
      accessToken,
      ref,
      'type Note @model { id: ID! @id body: String! @rename(from: "text") }',
    );
    for (const index of [1, 0]) {
      const bodies = () => askProject(index, ref, '{ notes { nodes { body } } }', accessToken);
      await expect.poll(bodies, { timeout: 1_000 }).toEqual(empty);
      const texts = await askProject(index, ref, '{ notes { nodes { text } } }', accessToken);
      expect(texts).toBe('GRAPHQL_VALIDATION_FAILED');
    }
  });
});
