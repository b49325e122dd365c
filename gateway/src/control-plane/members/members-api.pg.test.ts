import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { asking } from '../../../test/ask.ts';
import { seedTenant, type SeededTenant, type SeededUser } from '../../../test/tenant.ts';

const app = useApp();
const ask = asking(app);
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
  neighbour = await seedTenant(app.db);
});

interface MemberPage {
  readonly organization: {
    readonly members: {
      readonly totalCount: number;
      readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
      readonly edges: readonly {
        readonly cursor: string;
        readonly node: { readonly id: string };
      }[];
    };
  };
}

const list = `query ($slug: String!, $first: Int, $last: Int, $after: String, $before: String, $role: Role) {
  organization(slug: $slug) {
    members(first: $first, last: $last, after: $after, before: $before, role: $role) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage }
      edges { cursor node { id role joinedAt user { id name email } } }
    }
  }
}`;

async function page(user: SeededUser, given: Record<string, unknown> = {}) {
  const data = await ask.data(user, list, { slug: tenant.slug, ...given });
  // The fields that the document above selects.
  const { members } = (data as MemberPage).organization;
  return { ...members, ids: members.edges.map(({ node }) => node.id) };
}

/** The members in the order in which the seed adds them to the organization. */
const inOrder = ({ users }: SeededTenant) =>
  [users.OWNER, users.ADMIN, users.DEVELOPER, users.VIEWER].map(({ membershipId }) => membershipId);

describe('the list of members', () => {
  it('shows all members to every member, in the order in which they joined', async () => {
    const { ids, totalCount, edges } = await page(tenant.users.VIEWER);
    expect(ids).toEqual(inOrder(tenant));
    expect(totalCount).toBe(4);
    const { userId, email } = tenant.users.ADMIN;
    expect(edges[1]?.node).toMatchObject({
      role: 'ADMIN',
      user: { id: userId, email, name: `${tenant.canary} admin` },
    });
  });

  it('does not reveal private fields of other members', async () => {
    const query = `query ($slug: String!) {
      organization(slug: $slug) { members { nodes { user { email createdAt } } } }
    }`;
    expect(await ask.refusal(tenant.users.OWNER, query, { slug: tenant.slug })).toBe('FORBIDDEN');
    const sessions = query.replace('createdAt', 'sessions { totalCount }');
    expect(await ask.refusal(tenant.users.OWNER, sessions, { slug: tenant.slug })).toBe(
      'FORBIDDEN',
    );
  });

  it('can be filtered by role', async () => {
    const { ids, totalCount } = await page(tenant.users.VIEWER, { role: 'DEVELOPER' });
    expect(ids).toEqual([tenant.users.DEVELOPER.membershipId]);
    expect(totalCount).toBe(1);
  });

  it('can be paginated in both directions', async () => {
    const { VIEWER } = tenant.users;
    const walk = async (size: 'first' | 'last', from: 'after' | 'before') => {
      const seen: string[][] = [];
      let cursor: string | undefined;
      for (let more = true; more && seen.length < 5;) {
        const { ids, edges, pageInfo } = await page(VIEWER, { [size]: 3, [from]: cursor });
        seen.push(ids);
        cursor = (size === 'first' ? edges.at(-1) : edges[0])?.cursor;
        more = size === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
      }
      return seen;
    };
    const [owner, ...others] = inOrder(tenant);
    expect(await walk('first', 'after')).toEqual([[owner, ...others.slice(0, 2)], others.slice(2)]);
    expect(await walk('last', 'before')).toEqual([others, [owner]]);
  });

  it('treats a cursor from another list only as a position', async () => {
    const foreign = await ask.data(neighbour.users.OWNER, list, { slug: neighbour.slug });
    // The fields that the document above selects.
    const cursors = (foreign as MemberPage).organization.members.edges.map(({ cursor }) => cursor);
    expect(cursors).toHaveLength(4);
    for (const cursor of cursors) {
      expect((await page(tenant.users.VIEWER, { after: cursor })).ids).toEqual([]);
      const before = await page(tenant.users.VIEWER, { last: 100, before: cursor });
      expect(before.ids).toEqual(inOrder(tenant));
    }
  });

  it.each([
    { after: 'x' },
    { after: '' },
    { after: '\0' },
    { after: '\ud800' },
    { after: Buffer.from('id:x').toString('base64url') },
    { after: Buffer.from(`id:${'f'.repeat(36)}`).toString('base64url') },
    { first: -1 },
    { first: 101 },
    { first: 2, last: 2 },
    { last: 2, after: Buffer.from('id:x').toString('base64url') },
  ])('rejects %j with an error code', async (given) => {
    const variables = { slug: tenant.slug, ...given };
    expect(await ask.refusal(tenant.users.OWNER, list, variables)).toMatch(
      /^(BAD_USER_INPUT|QUERY_TOO_COMPLEX)$/,
    );
  });
});

describe('changing members', () => {
  const change = `mutation ($input: ChangeMemberRoleInput!) {
    result: changeMemberRole(input: $input) {
      ... on ChangeMemberRoleSuccess { ok } ... on Error { code message }
    }
  }`;
  const remove = `mutation ($input: RemoveMemberInput!) {
    result: removeMember(input: $input) {
      ... on RemoveMemberSuccess { ok } ... on Error { code message }
    }
  }`;
  const leave = `mutation ($input: LeaveOrganizationInput!) {
    result: leaveOrganization(input: $input) {
      ... on LeaveOrganizationSuccess { ok } ... on Error { code message }
    }
  }`;
  const ok = { result: { ok: true } };

  it('takes effect with the next request', async () => {
    const { OWNER, DEVELOPER } = tenant.users;
    const id = DEVELOPER.membershipId;
    expect(await ask.data(OWNER, change, { input: { id, role: 'ADMIN' } })).toEqual(ok);
    const query = 'query ($slug: String!) { organization(slug: $slug) { viewerRole } }';
    const { slug } = tenant;
    expect(await ask.data(DEVELOPER, query, { slug })).toEqual({
      organization: { viewerRole: 'ADMIN' },
    });
    expect(await ask.data(OWNER, remove, { input: { id } })).toEqual(ok);
    expect(await ask.data(DEVELOPER, query, { slug })).toEqual({ organization: null });
  });

  it('lets members leave, except the last owner', async () => {
    const input = { id: tenant.organizationId };
    expect(await ask.data(tenant.users.VIEWER, leave, { input })).toEqual(ok);
    expect(await ask.outcome(tenant.users.VIEWER, leave, { input })).toBe('NOT_FOUND');
    expect(await ask.data(tenant.users.OWNER, leave, { input })).toEqual({
      result: {
        code: 'LAST_OWNER',
        message:
          'An organization must have at least one owner. Make another member an owner first.',
      },
    });
  });

  it('is denied without permission, and does not reveal the member', async () => {
    const id = tenant.users.OWNER.membershipId;
    expect(await ask.refusal(tenant.users.ADMIN, remove, { input: { id } })).toBe('FORBIDDEN');
    const input = { id, role: 'VIEWER' };
    expect(await ask.refusal(tenant.users.ADMIN, change, { input })).toBe('FORBIDDEN');
    expect(await ask.outcome(neighbour.users.OWNER, change, { input })).toBe('NOT_FOUND');
    const viaKey = await app.graphql(remove, { input: { id } }, tenant.key.text);
    expect(viaKey.body.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    const anonymous = await app.graphql(remove, { input: { id } });
    expect(anonymous.body.errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
  });
});
