import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { asking } from '../../../test/ask.ts';
import { seedTenant, type SeededTenant, type SeededUser } from '../../../test/tenant.ts';
import { actionsOf, roles } from '../access/actions.ts';
import { defaultResourceLimits } from '../limits.ts';

const app = useApp();
const ask = asking(app);
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
  neighbour = await seedTenant(app.db);
});

const unique = (text: string) => `${text} ${randomUUID().slice(0, 8)}`;

const create = `mutation ($input: CreateOrganizationInput!) {
  result: createOrganization(input: $input) {
    __typename
    ... on CreateOrganizationSuccess {
      organization { id slug name viewerRole viewerCan members { nodes { role user { email } } } }
    }
    ... on Error { code }
    ... on ValidationError { issues { path } }
  }
}`;
const update = `mutation ($input: UpdateOrganizationInput!) {
  result: updateOrganization(input: $input) {
    ... on UpdateOrganizationSuccess { organization { slug name } }
    ... on Error { code message }
  }
}`;
const remove = `mutation ($input: DeleteOrganizationInput!) {
  result: deleteOrganization(input: $input) {
    ... on DeleteOrganizationSuccess { organization { id slug name viewerRole viewerCan } }
    ... on Error { code message }
  }
}`;

const auditOf = (organizationId: string, action: string) =>
  app.db.auditEntry.findMany({ where: { organizationId, action } });

describe('creating an organization', () => {
  it('makes the creator its owner, who can read it immediately', async () => {
    const { VIEWER } = tenant.users;
    const name = unique('Añejo & Söhne');
    const data = await ask.data(VIEWER, create, { input: { name: `  ${name} ` } });
    expect(data).toEqual({
      result: {
        __typename: 'CreateOrganizationSuccess',
        organization: {
          id: expect.any(String) as string,
          name,
          slug: name.replace('Añejo & Söhne ', 'anejo-sohne-'),
          viewerRole: 'OWNER',
          viewerCan: actionsOf('OWNER'),
          members: { nodes: [{ role: 'OWNER', user: { email: VIEWER.email } }] },
        },
      },
    });
    const { id } = await app.db.organization.findFirstOrThrow({ where: { name } });
    expect(await auditOf(id, 'organization.create')).toMatchObject([
      { actorId: VIEWER.userId, targetLabel: name },
    ]);
  });

  it('generates different slugs for organizations that are created concurrently with the same name', async () => {
    const name = unique('Same Name');
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => ask.outcome(tenant.users.OWNER, create, { input: { name } })),
    );
    expect(outcomes).toEqual(Array(8).fill('done'));
    const made = await app.db.organization.findMany({ where: { name } });
    const slugs = made.map(({ slug }) => slug);
    expect(new Set(slugs).size).toBe(8);
    for (const slug of slugs) expect(slug).toMatch(/^same-name-[0-9a-f]{8}(-[0-9a-z]{6})?$/);
  });

  it('assigns a requested slug to only one of several concurrent requests', async () => {
    const slug = `wanted-${randomUUID().slice(0, 8)}`;
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        ask.outcome(index % 2 === 0 ? tenant.users.OWNER : neighbour.users.OWNER, create, {
          input: { name: 'Wanted', slug },
        }),
      ),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('SLUG_TAKEN'), 'done']);
    expect(await app.db.organization.count({ where: { slug } })).toBe(1);
  });

  it.each([
    [{ name: '' }, [['name']]],
    [{ name: ' \u00a0 ' }, [['name']]],
    [{ name: 'a\0b' }, [['name']]],
    [{ name: 'a\nb' }, [['name']]],
    [{ name: '\ud800' }, [['name']]],
    [{ name: 'x'.repeat(81) }, [['name']]],
    [{ name: 'Fine', slug: 'No' }, [['slug']]],
    [{ name: '', slug: '-x-' }, [['name'], ['slug']]],
  ])('rejects %j', async (input, paths) => {
    expect(await ask.data(tenant.users.OWNER, create, { input })).toEqual({
      result: {
        __typename: 'ValidationError',
        code: 'VALIDATION_FAILED',
        issues: paths.map((path) => ({ path })),
      },
    });
  });

  it('generates a slug for a name without usable letters', async () => {
    for (const name of ['日本語', '🎉'.repeat(80), '–']) {
      expect(await ask.data(tenant.users.OWNER, create, { input: { name } })).toMatchObject({
        result: { organization: { name, slug: expect.stringMatching(/^organization/) as string } },
      });
    }
  });

  it('enforces the limit for concurrent requests', async () => {
    const { userId } = tenant.users.DEVELOPER;
    const made = await app.db.organization.createManyAndReturn({
      data: Array.from({ length: defaultResourceLimits.organizationsPerUser - 3 }, (_, index) => ({
        name: tenant.canary,
        slug: `${tenant.canary}-${index}`,
      })),
    });
    await app.db.membership.createMany({
      data: made.map(({ id }) => ({ organizationId: id, userId, role: 'VIEWER' as const })),
    });
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        ask.outcome(tenant.users.DEVELOPER, create, { input: { name: unique('Many') } }),
      ),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(3).fill('LIMIT_REACHED'), 'done', 'done']);
    expect(await app.db.membership.count({ where: { userId } })).toBe(
      defaultResourceLimits.organizationsPerUser,
    );
  });
});

describe('updating an organization', () => {
  const change = (user: SeededUser, input: Record<string, unknown>) =>
    ask.data(user, update, { input: { id: tenant.organizationId, ...input } });

  it('changes the given fields and records the previous values', async () => {
    const slug = `${tenant.slug}-new`;
    expect(await change(tenant.users.ADMIN, { slug })).toEqual({
      result: { organization: { slug, name: tenant.name } },
    });
    expect(await change(tenant.users.ADMIN, { name: 'Renamed', slug: null })).toEqual({
      result: { organization: { slug, name: 'Renamed' } },
    });
    const entries = await auditOf(tenant.organizationId, 'organization.update');
    expect(entries.map(({ details }) => details)).toEqual([
      { before: { name: tenant.name, slug: tenant.slug }, after: { name: tenant.name, slug } },
      { before: { name: tenant.name, slug }, after: { name: 'Renamed', slug } },
    ]);
  });

  it('writes no audit entry if nothing changes', async () => {
    for (const input of [
      {},
      { name: tenant.name },
      { name: ` ${tenant.name} `, slug: tenant.slug },
    ]) {
      expect(await change(tenant.users.OWNER, input)).toEqual({
        result: { organization: { slug: tenant.slug, name: tenant.name } },
      });
    }
    expect(await auditOf(tenant.organizationId, 'organization.update')).toEqual([]);
  });

  it('rejects a slug that is already taken, and roles below ADMIN', async () => {
    expect(await change(tenant.users.OWNER, { slug: neighbour.slug })).toMatchObject({
      result: { code: 'SLUG_TAKEN' },
    });
    const input = { id: tenant.organizationId, name: 'Mine' };
    expect(await ask.refusal(tenant.users.DEVELOPER, update, { input })).toBe('FORBIDDEN');
  });

  it('records concurrent changes in the order in which they happened', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `Name ${index}`);
    await Promise.all(names.map((name) => change(tenant.users.OWNER, { name })));
    const entries = await auditOf(tenant.organizationId, 'organization.update');
    // The details that organizations.service.ts records.
    const steps = entries.map(
      ({ details }) => details as { before: { name: string }; after: { name: string } },
    );
    const next = new Map(steps.map(({ before, after }) => [before.name, after.name]));
    let name = tenant.name;
    for (let step = 0; step < names.length; step += 1) name = next.get(name) ?? 'a gap';
    expect(
      await app.db.organization.findUnique({ where: { id: tenant.organizationId } }),
    ).toMatchObject({ name });
    expect(next.size).toBe(names.length);
  });
});

describe('deleting an organization', () => {
  const input = (given: Record<string, unknown> = {}) => ({
    input: { id: tenant.organizationId, ...given },
  });

  it('deletes everything in it except its audit entries', async () => {
    const { OWNER } = tenant.users;
    const { organizationId: id, slug, name } = tenant;
    const currentKey = () => app.graphql('{ currentApiKey { id } }', {}, tenant.key.text);
    expect((await currentKey()).body.data).toEqual({ currentApiKey: { id: tenant.key.id } });
    expect(await ask.data(OWNER, remove, input({ name }))).toEqual({
      result: { organization: { id, slug, name, viewerRole: null, viewerCan: [] } },
    });
    for (const count of [
      await app.db.membership.count({ where: { organizationId: id } }),
      await app.db.invitation.count({ where: { organizationId: id } }),
      await app.db.project.count({ where: { organizationId: id } }),
      await app.db.apiKey.count({ where: { projectId: tenant.project.id } }),
    ]) {
      expect(count).toBe(0);
    }
    expect(await auditOf(id, 'organization.delete')).toMatchObject([
      { actorId: OWNER.userId, targetId: id, targetLabel: name, details: { slug } },
    ]);
    expect(await auditOf(id, 'project.create')).toHaveLength(1);
    const query = 'query ($slug: String!) { organization(slug: $slug) { id } }';
    expect(await ask.data(OWNER, query, { slug })).toEqual({ organization: null });
    await expect.poll(async () => (await currentKey()).status, { timeout: 5_000 }).toBe(401);
  });

  it('rejects a confirmation name that does not match', async () => {
    expect(await ask.data(tenant.users.OWNER, remove, input({ name: 'Another' }))).toMatchObject({
      result: { code: 'CONFIRMATION_MISMATCH' },
    });
    expect(await app.db.organization.count({ where: { id: tenant.organizationId } })).toBe(1);
    const name = 'Café';
    await ask.data(tenant.users.OWNER, update, { input: { id: tenant.organizationId, name } });
    expect(
      await ask.data(tenant.users.OWNER, remove, input({ name: name.normalize('NFD') })),
    ).toMatchObject({ result: { organization: { name } } });
  });

  it('is allowed for owners only', async () => {
    expect(await ask.refusal(tenant.users.ADMIN, remove, input())).toBe('FORBIDDEN');
  });

  it('succeeds for only one of several concurrent requests', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => ask.outcome(tenant.users.OWNER, remove, input())),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(3).fill('NOT_FOUND'), 'done']);
    expect(await auditOf(tenant.organizationId, 'organization.delete')).toHaveLength(1);
  });
});

describe("another tenant's organization", () => {
  it('returns the same errors as a missing organization', async () => {
    const stranger = neighbour.users.OWNER;
    for (const operation of [update, remove]) {
      const own = await ask.data(stranger, operation, { input: { id: tenant.organizationId } });
      expect(own).toMatchObject({ result: { code: 'NOT_FOUND' } });
      for (const id of [randomUUID(), 'x', '', '\0', '\ud800']) {
        expect(await ask.data(stranger, operation, { input: { id } })).toEqual(own);
      }
    }
    const query = 'query ($slug: String!) { organization(slug: $slug) { id } }';
    for (const slug of [tenant.slug, 'no-such-slug', '', '\0', '\ud800', 'x'.repeat(10_000)]) {
      expect(await ask.data(stranger, query, { slug })).toEqual({ organization: null });
    }
  });
});

describe('viewerRole and viewerCan', () => {
  it.each(roles)('list every action that the role %s allows', async (role) => {
    const query = 'query ($slug: String!) { organization(slug: $slug) { viewerRole viewerCan } }';
    expect(await ask.data(tenant.users[role], query, { slug: tenant.slug })).toEqual({
      organization: { viewerRole: role, viewerCan: actionsOf(role) },
    });
  });
});
