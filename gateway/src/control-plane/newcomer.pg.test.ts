import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';

const app = useApp();

/** Runs a mutation whose alias is `result`, and returns the fields of its success type. */
async function run<Result>(
  document: string,
  input: Readonly<Record<string, unknown>>,
  credential: string | null,
): Promise<Result> {
  const { body } = await app.graphql(document, { input }, credential);
  expect(body.errors).toBeUndefined();
  // The cast is safe: each call below declares the fields that its document selects.
  const { result } = body.data as { result: Result & { code?: string; message?: string } };
  expect(result.code, result.message).toBeUndefined();
  return result;
}

const callWith = async (secret: string) => {
  const { status, body } = await app.graphql(
    '{ currentApiKey { name scopes project { ref name } } }',
    {},
    secret,
  );
  return {
    status,
    key: body.data?.['currentApiKey'],
    code: body.errors?.[0]?.extensions?.['code'],
  };
};

it('lets a new user register, create a project, use a key and revoke it', async () => {
  const { session } = await run<{ session: { accessToken: string } }>(
    `mutation ($input: RegisterInput!) { result: register(input: $input) {
      ... on RegisterSuccess { session { accessToken user { email emailVerifiedAt } } }
      ... on Error { code message } } }`,
    {
      name: 'Ada',
      email: 'ada@example.org',
      password: 'a long enough password',
      tokenDelivery: 'BODY',
    },
    null,
  );
  const { organization } = await run<{ organization: { id: string; slug: string } }>(
    `mutation ($input: CreateOrganizationInput!) { result: createOrganization(input: $input) {
      ... on CreateOrganizationSuccess { organization { id slug viewerRole } }
      ... on Error { code message } } }`,
    { name: 'Acme, Inc.' },
    session.accessToken,
  );
  expect(organization).toMatchObject({ slug: 'acme-inc', viewerRole: 'OWNER' });

  const { project } = await run<{ project: { ref: string; endpoint: string } }>(
    `mutation ($input: CreateProjectInput!) { result: createProject(input: $input) {
      ... on CreateProjectSuccess { project { ref endpoint } }
      ... on Error { code message } } }`,
    { organizationId: organization.id, name: 'Tracker' },
    session.accessToken,
  );
  expect(project.endpoint).toBe(`http://tessera.test/p/${project.ref}/graphql`);

  const first = await run<{ secret: string; apiKey: { id: string } }>(
    `mutation ($input: CreateApiKeyInput!) { result: createApiKey(input: $input) {
      ... on CreateApiKeySuccess { secret apiKey { id } }
      ... on Error { code message } } }`,
    {
      projectRef: project.ref,
      name: 'backend',
      kind: 'SECRET',
      scopes: ['data.read', 'data.write'],
    },
    session.accessToken,
  );
  const key = {
    name: 'backend',
    scopes: ['data.read', 'data.write'],
    project: { ref: project.ref, name: 'Tracker' },
  };
  expect(await callWith(first.secret)).toEqual({ status: 200, key });

  const second = await run<{ secret: string; apiKey: { id: string } }>(
    `mutation ($input: RotateApiKeyInput!) { result: rotateApiKey(input: $input) {
      ... on RotateApiKeySuccess { secret apiKey { id } }
      ... on Error { code message } } }`,
    { id: first.apiKey.id, overlapSeconds: 3 },
    session.accessToken,
  );
  expect(second.secret).not.toBe(first.secret);
  expect(await callWith(second.secret)).toEqual({ status: 200, key });
  expect(await callWith(first.secret)).toEqual({ status: 200, key });

  const dead = { status: 401, key: undefined, code: 'UNAUTHENTICATED' };
  await expect.poll(() => callWith(first.secret), { timeout: 15_000 }).toEqual(dead);
  expect(await callWith(second.secret)).toEqual({ status: 200, key });

  await run(
    `mutation ($input: RevokeApiKeyInput!) { result: revokeApiKey(input: $input) {
      ... on RevokeApiKeySuccess { apiKey { revokedAt } }
      ... on Error { code message } } }`,
    { id: second.apiKey.id },
    session.accessToken,
  );
  await expect.poll(() => callWith(second.secret), { timeout: 1_000 }).toEqual(dead);
});
