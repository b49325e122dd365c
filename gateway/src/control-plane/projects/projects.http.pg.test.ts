import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Role } from '../access/actions.ts';

const app = useApp();
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
  neighbour = await seedTenant(app.db);
});

const asRole = async (
  role: Role,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
) => app.graphql(query, variables, await app.accessTokenFor(tenant.users[role]));

const codesOf = (body: Awaited<ReturnType<typeof asRole>>['body']) =>
  body.errors?.map(({ extensions }) => extensions?.code);

describe('Project over HTTP', () => {
  it('is returned completely by the mutation that creates it', async () => {
    const { body } = await asRole(
      'ADMIN',
      `mutation ($id: ID!) {
        createProject(input: { organizationId: $id, name: "Fresh" }) {
          ... on CreateProjectSuccess {
            project {
              ref name slug endpoint organization { id }
              apiKeys { totalCount nodes { id } }
            }
          }
        }
      }`,
      { id: tenant.organizationId },
    );
    const { ref } = await app.db.project.findFirstOrThrow({ where: { name: 'Fresh' } });
    expect(body).toEqual({
      data: {
        createProject: {
          project: {
            ref,
            name: 'Fresh',
            slug: 'fresh',
            endpoint: `http://tessera.test/p/${ref}/graphql`,
            organization: { id: tenant.organizationId },
            apiKeys: { totalCount: 0, nodes: [] },
          },
        },
      },
    });
  });

  it('is still readable in the result of its deletion', async () => {
    const { body } = await asRole(
      'OWNER',
      `mutation ($ref: ID!, $name: String!) {
        deleteProject(input: { projectRef: $ref, name: $name }) {
          ... on DeleteProjectSuccess {
            project { ref organization { id } apiKeys { totalCount } viewerCan }
          }
        }
      }`,
      { ref: tenant.project.ref, name: tenant.project.name },
    );
    expect(body).toMatchObject({
      data: {
        deleteProject: {
          project: {
            ref: tenant.project.ref,
            organization: { id: tenant.organizationId },
            apiKeys: { totalCount: 0 },
          },
        },
      },
    });
  });

  it('is listed in its organization, page by page', async () => {
    await asRole(
      'ADMIN',
      `mutation ($id: ID!) { createProject(input: { organizationId: $id, name: "Second" }) { __typename } }`,
      { id: tenant.organizationId },
    );
    const list = `query ($slug: String!, $after: String) {
      organization(slug: $slug) {
        projects(first: 1, after: $after) {
          totalCount nodes { name } pageInfo { hasNextPage endCursor }
        }
      }
    }`;
    const first = await asRole('VIEWER', list, { slug: tenant.slug });
    expect(first.body).toMatchObject({
      data: {
        organization: {
          projects: {
            totalCount: 2,
            nodes: [{ name: tenant.project.name }],
            pageInfo: { hasNextPage: true },
          },
        },
      },
    });
    const after = /"endCursor":"([^"]+)"/.exec(first.text)?.[1];
    const second = await asRole('VIEWER', list, { slug: tenant.slug, after });
    expect(second.body).toMatchObject({
      data: {
        organization: {
          projects: { nodes: [{ name: 'Second' }], pageInfo: { hasNextPage: false } },
        },
      },
    });
  });

  it('is visible only to members and to its own key', async () => {
    const query = 'query ($ref: ID!) { project(ref: $ref) { ref } }';
    const { ref } = tenant.project;
    const found = { data: { project: { ref } } };
    const nothing = { data: { project: null } };
    expect((await asRole('VIEWER', query, { ref })).body).toEqual(found);
    expect((await app.graphql(query, { ref }, tenant.key.text)).body).toEqual(found);
    expect((await app.graphql(query, { ref }, neighbour.key.text)).body).toEqual(nothing);
    for (const other of [neighbour.project.ref, 'a'.repeat(16), 'nonsense', '\0', '\ud800']) {
      expect((await asRole('OWNER', query, { ref: other })).body).toEqual(nothing);
    }
    const { body } = await app.graphql(query, { ref });
    expect(body).not.toHaveProperty('data');
    expect(codesOf(body)).toEqual(['UNAUTHENTICATED']);
  });

  it('lists the actions that a role allows', async () => {
    const query = 'query ($ref: ID!) { project(ref: $ref) { viewerCan } }';
    const viewerCan = async (role: Role) =>
      (await asRole(role, query, { ref: tenant.project.ref })).text;
    expect(await viewerCan('VIEWER')).not.toContain('apiKey:create');
    expect(await viewerCan('DEVELOPER')).toContain('apiKey:create');
    expect(await viewerCan('DEVELOPER')).not.toContain('project:delete');
  });

  it('does not expose its organization or its list of keys to an API key', async () => {
    const ask = (selection: string) =>
      app.graphql(`{ currentApiKey { project { ${selection} } } }`, {}, tenant.key.text);
    const own = await ask('id ref name slug createdAt endpoint viewerCan');
    expect(own.body).toMatchObject({
      data: {
        currentApiKey: {
          project: {
            id: tenant.project.id,
            viewerCan: ['project:read', 'schema:read', 'schema:plan', 'schema:apply'],
          },
        },
      },
    });
    expect(own.body.errors).toBeUndefined();
    expect(codesOf((await ask('organization { id }')).body)).toEqual(['FORBIDDEN']);
    expect(codesOf((await ask('apiKeys { totalCount }')).body)).toEqual(['FORBIDDEN']);
  });
});
