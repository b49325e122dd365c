import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { asking } from '../../../test/ask.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';

const app = useApp();
const ask = asking(app);
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
  neighbour = await seedTenant(app.db);
});

const log = `query ($slug: String!, $filter: AuditLogFilter, $first: Int, $after: String) {
  organization(slug: $slug) {
    auditLog(filter: $filter, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id at action actor { kind id label } target { kind id label } ipAddress details }
    }
  }
}`;

interface LogPage {
  readonly organization: {
    readonly auditLog: {
      readonly totalCount: number;
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
      readonly nodes: readonly { readonly action: string; readonly at: string }[];
    };
  };
}

async function read(given: Record<string, unknown> = {}) {
  const data = await ask.data(tenant.users.ADMIN, log, { slug: tenant.slug, ...given });
  // The fields that the document above selects.
  return (data as LogPage).organization.auditLog;
}

const rename = (name: string) =>
  ask.outcome(
    tenant.users.OWNER,
    `mutation ($input: UpdateOrganizationInput!) {
      result: updateOrganization(input: $input) { ... on Error { code } }
    }`,
    { input: { id: tenant.organizationId, name } },
  );

describe('the audit log', () => {
  it('shows administrators what was changed, by whom and from which address', async () => {
    await rename('Renamed');
    const { nodes, totalCount } = await read();
    expect(totalCount).toBe(2);
    expect(nodes[0]).toMatchObject({
      action: 'organization.update',
      actor: { kind: 'USER', id: tenant.users.OWNER.userId, label: tenant.users.OWNER.email },
      target: { kind: 'organization', id: tenant.organizationId, label: 'Renamed' },
      ipAddress: expect.stringMatching(/127\.0\.0\.1$/) as string,
      details: { before: { name: tenant.name }, after: { name: 'Renamed' } },
    });
    expect(nodes[1]).toMatchObject({ action: 'project.create' });
  });

  it.each(['DEVELOPER', 'VIEWER'] as const)('is forbidden for a %s', async (role) => {
    expect(await ask.refusal(tenant.users[role], log, { slug: tenant.slug })).toBe('FORBIDDEN');
  });

  it('is not visible to members of other organizations', async () => {
    const { slug } = tenant;
    expect(await ask.data(neighbour.users.OWNER, log, { slug })).toEqual({ organization: null });
  });

  it('is paginated newest first, without duplicates even if entries are added during pagination', async () => {
    for (const name of ['One', 'Two', 'Three', 'Four']) await rename(name);
    const ids: unknown[] = [];
    let after: string | null = null;
    for (let more = true; more && ids.length < 10;) {
      const { nodes, pageInfo } = await read({ first: 2, after });
      ids.push(...nodes);
      after = pageInfo.endCursor;
      more = pageInfo.hasNextPage;
      await rename(`During pagination ${ids.length}`);
    }
    expect(ids).toMatchObject([
      { target: { label: 'Four' } },
      { target: { label: 'Three' } },
      { target: { label: 'Two' } },
      { target: { label: 'One' } },
      { action: 'project.create' },
    ]);
  });

  it('treats a cursor from another log only as a position', async () => {
    const { slug } = neighbour;
    const foreign = await ask.data(neighbour.users.OWNER, log, { slug });
    // The fields that the document above selects.
    const { endCursor } = (foreign as LogPage).organization.auditLog.pageInfo;
    const { nodes, totalCount } = await read({ after: endCursor });
    expect(nodes).toMatchObject([{ target: { id: tenant.project.id } }]);
    expect(totalCount).toBe(1);
  });
});

describe('the filter of the audit log', () => {
  it('applies to the list and to its count', async () => {
    await rename('Renamed');
    const page = await read({ filter: { action: 'organization.update' } });
    expect(page).toMatchObject({ totalCount: 1, nodes: [{ action: 'organization.update' }] });
    const since = page.nodes[0]?.at;
    expect(await read({ filter: { action: 'organization.update', since } })).toMatchObject({
      totalCount: 1,
    });
    expect(await read({ filter: { action: 'organization.update', until: since } })).toMatchObject({
      totalCount: 0,
    });
    expect(await read({ filter: { projectRef: neighbour.project.ref } })).toMatchObject({
      totalCount: 0,
    });
  });

  it.each([
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+23:59',
    '9999-12-31T23:59:59-23:59',
    '+275760-09-13T00:00:00Z',
    '2030-02-30T00:00:00Z',
    '2030-01-01T25:00:00Z',
    '2030-01-01',
    '',
    '\0',
    1893456000,
    null,
  ])('accepts only valid times and null: %j', async (since) => {
    const variables = { slug: tenant.slug, filter: { since } };
    if (since === null) expect(await read({ filter: { since } })).toMatchObject({ totalCount: 1 });
    else {
      expect(await ask.refusal(tenant.users.ADMIN, log, variables)).toBe('BAD_USER_INPUT');
    }
  });

  it('accepts the earliest and the latest valid time', async () => {
    const filter = { since: '0001-01-01T00:00:00Z', until: '9999-12-31T23:59:59.999Z' };
    expect(await read({ filter })).toMatchObject({ totalCount: 1 });
  });
});

describe("the log of a user's account", () => {
  const accountLog = `query ($first: Int, $after: String) {
    viewer {
      auditLog(first: $first, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { action actor { kind } ipAddress details }
      }
    }
  }`;
  const password = 'a good long password';
  const credentials = (email: string) => ({ email, password });
  const login = (input: object) =>
    app.graphql(
      `mutation ($input: LoginInput!) { login(input: $input) {
        ... on LoginSuccess { session { accessToken } } ... on Error { code } } }`,
      { input: { tokenDelivery: 'BODY', ...input } },
    );

  it('shows the user what happened, in pages, and nothing about organizations', async () => {
    const email = 'account-log@example.org';
    const registered = await app.graphql(
      `mutation ($input: RegisterInput!) { register(input: $input) {
        ... on RegisterSuccess { session { accessToken } } } }`,
      { input: { name: 'Ada', tokenDelivery: 'BODY', ...credentials(email) } },
    );
    const { accessToken } = (
      registered.body.data as { register: { session: { accessToken: string } } }
    ).register.session;
    const as = (query: string, variables: Record<string, unknown> = {}) =>
      app.graphql(query, variables, accessToken);
    await login({ email, password: 'not the right password' });
    await login(credentials('somebody-else@example.org'));
    await as(`mutation { createOrganization(input: { name: "Acme" }) { __typename } }`);
    await as(`mutation { updateProfile(input: { name: "Ada King" }) { __typename } }`);

    const actionsOf = async (variables: Record<string, unknown> = {}) => {
      const { body } = await as(accountLog, variables);
      expect(body.errors).toBeUndefined();
      return (
        body.data as {
          viewer: {
            auditLog: {
              totalCount: number;
              pageInfo: { hasNextPage: boolean; endCursor: string };
              nodes: { action: string; actor: { kind: string } }[];
            };
          };
        }
      ).viewer.auditLog;
    };
    const all = await actionsOf();
    const expected = ['user.updateProfile', 'session.refuse', 'user.register', 'session.create'];
    expect(all.nodes.map(({ action }) => action)).toEqual(expected);
    expect(all.nodes[1]?.actor.kind).toBe('ANONYMOUS');
    expect(all.totalCount).toBe(4);
    const first = await actionsOf({ first: 3 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const second = await actionsOf({ first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...second.nodes]).toEqual(all.nodes);
  });

  it('is not visible to other members', async () => {
    const query = `query ($slug: String!) { organization(slug: $slug) {
      members(first: 10) { nodes { user { auditLog(first: 1) { totalCount } } } } } }`;
    const code = await ask.refusal(tenant.users.OWNER, query, { slug: tenant.slug });
    expect(code).toBe('FORBIDDEN');
  });
});
