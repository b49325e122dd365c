import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { roles, type Role } from '../access/actions.ts';

const app = useApp();
let tenant: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
});

const asRole = async (
  role: Role,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
) => app.graphql(query, variables, await app.accessTokenFor(tenant.users[role]));

const createKey = (input: Readonly<Record<string, unknown>> = {}) =>
  asRole(
    'DEVELOPER',
    `mutation ($input: CreateApiKeyInput!) {
      createApiKey(input: $input) {
        __typename
        ... on CreateApiKeySuccess {
          secret
          apiKey { id name kind prefix lastFour scopes createdBy { name } project { ref } }
        }
        ... on Error { code message }
        ... on ValidationError { issues { path } }
      }
    }`,
    {
      input: {
        projectRef: tenant.project.ref,
        name: 'Backend',
        kind: 'SECRET',
        scopes: ['data.read', 'data.read:Issue'],
        ...input,
      },
    },
  );

/**
 * Returns the string at a path.
 * @throws if there is no string at this path
 */
function textAt(value: unknown, ...path: string[]): string {
  const found = path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    value,
  );
  if (typeof found !== 'string') throw new Error(`There is no string at ${path.join('.')}.`);
  return found;
}

const currentKey = (credential: string | null) =>
  app.graphql('{ currentApiKey { id scopes project { ref name } } }', {}, credential);

describe('ApiKey over HTTP', () => {
  it('is created with a secret that authenticates requests', async () => {
    const { body } = await createKey();
    const secret = textAt(body, 'data', 'createApiKey', 'secret');
    const id = textAt(body, 'data', 'createApiKey', 'apiKey', 'id');
    expect(body).toEqual({
      data: {
        createApiKey: {
          __typename: 'CreateApiKeySuccess',
          secret,
          apiKey: {
            id,
            name: 'Backend',
            kind: 'SECRET',
            prefix: secret.slice(0, 12),
            lastFour: secret.slice(-4),
            scopes: ['data.read', 'data.read:Issue'],
            createdBy: { name: `${tenant.canary} developer` },
            project: { ref: tenant.project.ref },
          },
        },
      },
    });
    expect((await currentKey(secret)).body).toEqual({
      data: {
        currentApiKey: {
          id,
          scopes: ['data.read', 'data.read:Issue'],
          project: { ref: tenant.project.ref, name: tenant.project.name },
        },
      },
    });
  });

  it('can be rotated, and stops working immediately when it is revoked', async () => {
    const rotated = await asRole(
      'DEVELOPER',
      `mutation ($id: ID!) {
        rotateApiKey(input: { id: $id, overlapSeconds: 0 }) {
          ... on RotateApiKeySuccess { secret apiKey { id } }
        }
      }`,
      { id: tenant.key.id },
    );
    const secret = textAt(rotated.body, 'data', 'rotateApiKey', 'secret');
    expect((await currentKey(tenant.key.text)).status).toBe(401);
    expect((await currentKey(secret)).status).toBe(200);
    const revoked = await asRole(
      'DEVELOPER',
      `mutation ($id: ID!) {
        revokeApiKey(input: { id: $id }) { ... on RevokeApiKeySuccess { apiKey { revokedAt } } }
      }`,
      { id: textAt(rotated.body, 'data', 'rotateApiKey', 'apiKey', 'id') },
    );
    expect(textAt(revoked.body, 'data', 'revokeApiKey', 'apiKey', 'revokedAt')).toMatch(/Z$/);
    expect((await currentKey(secret)).status).toBe(401);
  });

  it('updates only the given fields, and removes the rate limit if it is null', async () => {
    const update = (input: object) =>
      asRole(
        'DEVELOPER',
        `mutation ($input: UpdateApiKeyInput!) {
          updateApiKey(input: $input) {
            ... on UpdateApiKeySuccess { apiKey { name scopes rateLimitPerMinute } }
          }
        }`,
        { input: { id: tenant.key.id, ...input } },
      );
    await update({ name: 'Limited', scopes: ['schema.read'], rateLimitPerMinute: 5 });
    const apiKey = { name: 'Limited', scopes: ['schema.read'], rateLimitPerMinute: 5 };
    expect((await update({})).body).toEqual({ data: { updateApiKey: { apiKey } } });
    expect((await update({ rateLimitPerMinute: null })).body).toEqual({
      data: { updateApiKey: { apiKey: { ...apiKey, rateLimitPerMinute: null } } },
    });
  });

  it('is returned by currentApiKey only for requests that use it', async () => {
    const nothing = { data: { currentApiKey: null } };
    expect((await currentKey(null)).body).toEqual(nothing);
    const token = await app.accessTokenFor(tenant.users.OWNER);
    expect((await currentKey(token)).body).toEqual(nothing);
  });

  it('can read all of its own fields except createdBy', async () => {
    const { body } = await app.graphql(
      '{ currentApiKey { name kind createdAt expiresAt lastUsedAt revokedAt createdBy { email } } }',
      {},
      tenant.key.text,
    );
    expect(body).toMatchObject({
      data: { currentApiKey: { name: `${tenant.canary} key`, createdBy: null } },
      errors: [{ path: ['currentApiKey', 'createdBy'], extensions: { code: 'FORBIDDEN' } }],
    });
    expect(body.errors).toHaveLength(1);
  });

  it('is listed for every member, newest first, without secrets', async () => {
    const { body, text } = await asRole(
      'VIEWER',
      `query ($ref: ID!) {
        project(ref: $ref) {
          apiKeys(first: 2) {
            totalCount nodes { id prefix lastFour createdBy { email } project { id } }
          }
        }
      }`,
      { ref: tenant.project.ref },
    );
    expect(body.errors).toBeUndefined();
    expect(body).toMatchObject({
      data: {
        project: {
          apiKeys: {
            totalCount: 3,
            nodes: [{ id: tenant.revokedKey.id }, { id: tenant.expiredKey.id }],
          },
        },
      },
    });
    expect(text).toContain(tenant.users.OWNER.email);
    expect(text).not.toContain(tenant.revokedKey.text.slice(12, -4));
  });

  it('can be filtered by whether the key is active', async () => {
    const ids = async (active: boolean) => {
      const { body } = await asRole(
        'VIEWER',
        `query ($ref: ID!, $active: Boolean) {
          project(ref: $ref) { apiKeys(active: $active) { totalCount nodes { id } } }
        }`,
        { ref: tenant.project.ref, active },
      );
      return body;
    };
    const listed = (...nodes: { readonly id: string }[]) => ({
      data: {
        project: { apiKeys: { totalCount: nodes.length, nodes: nodes.map(({ id }) => ({ id })) } },
      },
    });
    expect(await ids(true)).toEqual(listed(tenant.key));
    expect(await ids(false)).toEqual(listed(tenant.revokedKey, tenant.expiredKey));
  });

  it('shows its successor after a rotation, to members only', async () => {
    const rotation = await asRole(
      'DEVELOPER',
      `mutation ($input: RotateApiKeyInput!) {
        rotateApiKey(input: $input) { ... on RotateApiKeySuccess { apiKey { id replacedById } } }
      }`,
      { input: { id: tenant.key.id, overlapSeconds: 3_600 } },
    );
    const successor = textAt(rotation.body, 'data', 'rotateApiKey', 'apiKey', 'id');
    const { body } = await asRole(
      'VIEWER',
      `query ($ref: ID!) {
        project(ref: $ref) { apiKeys(active: true) { nodes { id replacedById } } }
      }`,
      { ref: tenant.project.ref },
    );
    expect(body).toMatchObject({
      data: {
        project: {
          apiKeys: {
            nodes: [
              { id: successor, replacedById: null },
              { id: tenant.key.id, replacedById: successor },
            ],
          },
        },
      },
    });
    const own = await app.graphql('{ currentApiKey { replacedById } }', {}, tenant.key.text);
    expect(own.body).toMatchObject({
      data: { currentApiKey: { replacedById: null } },
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
  });

  it('rejects a publishable key that could apply schemas and reports the path of the scope', async () => {
    const scopes = ['data.read', 'schema.apply'];
    expect((await createKey({ kind: 'PUBLISHABLE', scopes })).body).toMatchObject({
      data: {
        createApiKey: {
          __typename: 'ValidationError',
          code: 'VALIDATION_FAILED',
          issues: [{ path: ['scopes', '1'] }],
        },
      },
    });
  });

  it('shows the text of a publishable key to every member, and never that of a secret key', async () => {
    const { body: created } = await createKey({ kind: 'PUBLISHABLE', scopes: null });
    const secret = textAt(created, 'data', 'createApiKey', 'secret');
    const query = `query ($ref: ID!) {
      project(ref: $ref) { apiKeys { nodes { kind scopes publishableKey } } }
    }`;
    const seeded = {
      kind: 'SECRET',
      scopes: ['data.read', 'data.write', 'schema.read', 'schema.apply'],
      publishableKey: null,
    };
    for (const role of roles) {
      const { body } = await asRole(role, query, { ref: tenant.project.ref });
      const publishable = {
        kind: 'PUBLISHABLE',
        scopes: ['data.read', 'data.write'],
        publishableKey: secret,
      };
      const nodes = [publishable, seeded, seeded, seeded];
      expect(body, role).toEqual({ data: { project: { apiKeys: { nodes } } } });
    }
  });

  it('refuses a publishable key at the management API with the way out', async () => {
    const { body } = await createKey({ kind: 'PUBLISHABLE' });
    const secret = textAt(body, 'data', 'createApiKey', 'secret');
    const answer = await currentKey(secret);
    expect(answer.status).toBe(403);
    expect(answer.body.errors).toMatchObject([
      {
        message:
          "A publishable key works only on its project's own API, at /p/<ref>/graphql. Sign in, or use a secret key (tsk_…).",
        extensions: { code: 'FORBIDDEN' },
      },
    ]);
    expect(JSON.stringify(answer.body)).not.toContain(secret);
  });

  it.each([
    { name: 'a\0b' },
    { name: '\ud800' },
    { scopes: ['data.read\0'] },
    { scopes: ['data.read:\ud800'] },
    { projectRef: '\0' },
    { projectRef: '\ud800' },
    { expiresAt: '9999-12-31T23:59:59-14:00' },
    { expiresAt: '0000-01-01T00:00:00Z' },
    { rateLimitPerMinute: 2_147_483_647 },
    { rateLimitPerMinute: -1 },
  ])('rejects unusual input without an internal error: %j', async (input) => {
    const { status, body } = await createKey(input);
    expect(status).toBeLessThan(500);
    expect(body.errors?.map(({ extensions }) => extensions?.code) ?? []).not.toContain(
      'INTERNAL_SERVER_ERROR',
    );
    expect(JSON.stringify(body)).not.toContain('CreateApiKeySuccess');
  });
});
