import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Action } from './actions.ts';
import { type ApiKeyViewer, type Principal, anonymous, type Viewer } from './viewer.ts';
import {
  createRequestAccess,
  requireInOrganization,
  requireOnProject,
  type Hold,
} from './access.service.ts';

const database = useTestDatabase();
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(database.prisma);
  neighbour = await seedTenant(database.prisma);
});

const ask = (caller: Principal, action: Action, hold: Hold = 'membership') =>
  database.prisma.$transaction((tx) =>
    requireInOrganization(tx, caller, {
      organizationId: tenant.organizationId,
      action,
      what: 'organization',
      hold,
    }),
  );

const lockOrganization = (strength: string) => ({
  sql: `SELECT FROM tessera.organizations WHERE id = $1 FOR ${strength}`,
  values: [tenant.organizationId],
});

describe('requireInOrganization', () => {
  it("checks the caller's role", async () => {
    const { OWNER, ADMIN, VIEWER } = tenant.users;
    await expect(ask(callerOf(OWNER), 'organization:delete')).resolves.toMatchObject({
      role: 'OWNER',
      user: { userId: OWNER.userId },
    });
    await expect(ask(callerOf(ADMIN), 'organization:delete')).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(ask(callerOf(VIEWER), 'organization:read')).resolves.toMatchObject({
      role: 'VIEWER',
    });
    await expect(ask(anonymousCaller, 'organization:read')).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('rejects a non-member with the same error as for a missing organization', async () => {
    const stranger = callerOf(neighbour.users.OWNER);
    const ofNone = requireInOrganization(database.prisma, stranger, {
      organizationId: randomUUID(),
      action: 'organization:read',
      what: 'organization',
    });
    const answer = await ofNone.catch((error: unknown) => error);
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    await expect(ask(stranger, 'organization:read')).rejects.toEqual(answer);
  });

  it('neither waits for locks nor takes any for a non-member', async () => {
    const stranger = callerOf(neighbour.users.OWNER);
    await whileHolding(database.pool, lockOrganization('UPDATE'), () =>
      expect(ask(stranger, 'organization:delete', 'organization')).rejects.toMatchObject({
        code: 'NOT_FOUND',
      }),
    );
  });

  it('waits for a concurrent removal or demotion', async () => {
    const { ADMIN, DEVELOPER } = tenant.users;
    const removal = {
      sql: 'DELETE FROM tessera.memberships WHERE id = $1',
      values: [ADMIN.membershipId],
    };
    const removed = await whileHolding(database.pool, removal, async () => {
      const answer = ask(callerOf(ADMIN), 'project:create').catch((error: unknown) => error);
      await untilWaiting(database.pool, 1);
      return { answer };
    });
    expect(await removed.answer).toMatchObject({ code: 'NOT_FOUND' });

    const demotion = {
      sql: `UPDATE tessera.memberships SET role = 'VIEWER' WHERE id = $1`,
      values: [DEVELOPER.membershipId],
    };
    const demoted = await whileHolding(database.pool, demotion, async () => {
      const answer = ask(callerOf(DEVELOPER), 'apiKey:create').catch((error: unknown) => error);
      await untilWaiting(database.pool, 1);
      return { answer };
    });
    expect(await demoted.answer).toMatchObject({ code: 'FORBIDDEN' });
  });

  it.each(['membership', 'members', 'organization'] as const)(
    'locks the organization before the membership if hold is "%s"',
    async (hold) => {
      const { ADMIN } = tenant.users;
      const waiting = await whileHolding(database.pool, lockOrganization('UPDATE'), async () => {
        const answer = ask(callerOf(ADMIN), 'organization:update', hold);
        await untilWaiting(database.pool, 1);
        await database.pool.query(
          'SELECT FROM tessera.memberships WHERE id = $1 FOR UPDATE NOWAIT',
          [ADMIN.membershipId],
        );
        return { answer };
      });
      await expect(waiting.answer).resolves.toMatchObject({ role: 'ADMIN' });
    },
  );

  it('runs ordinary changes concurrently, and changes to members one at a time', async () => {
    await whileHolding(database.pool, lockOrganization('NO KEY UPDATE'), async () => {
      await ask(callerOf(tenant.users.ADMIN), 'project:create');
    });
    const later = await whileHolding(database.pool, lockOrganization('NO KEY UPDATE'), async () => {
      const answer = ask(callerOf(tenant.users.ADMIN), 'member:remove', 'members');
      await untilWaiting(database.pool, 1);
      return { answer };
    });
    await expect(later.answer).resolves.toMatchObject({ role: 'ADMIN' });
  });
});

describe('createRequestAccess', () => {
  const accessOf = (viewer: Viewer) => createRequestAccess(database.prisma, () => viewer);
  const keyViewer = (scopes: readonly string[]): ApiKeyViewer => ({
    kind: 'apiKey',
    keyId: tenant.key.id,
    keyKind: 'SECRET',
    prefix: 'tsk_',
    scopes,
    rateLimitPerMinute: null,
    projectId: tenant.project.id,
    projectRef: tenant.project.ref,
    organizationId: tenant.organizationId,
  });
  const projectOf = ({ project, organizationId }: SeededTenant) => ({
    id: project.id,
    organizationId,
  });

  it('grants a user the permissions of their role, in their own organization only', async () => {
    const access = accessOf(callerOf(tenant.users.DEVELOPER).viewer);
    expect(await access.roleIn(tenant.organizationId)).toBe('DEVELOPER');
    expect(await access.roleIn(neighbour.organizationId)).toBeNull();
    expect(await access.mayInOrganization(tenant.organizationId, 'audit:read')).toBe(false);
    expect(await access.mayOnProject(projectOf(tenant), 'apiKey:create')).toBe(true);
    expect(await access.mayOnProject(projectOf(neighbour), 'project:read')).toBe(false);
  });

  it('grants a key the permissions of its scopes, on its own project only', async () => {
    const access = accessOf(keyViewer(['schema.read']));
    expect(await access.mayOnProject(projectOf(tenant), 'schema:read')).toBe(true);
    expect(await access.mayOnProject(projectOf(tenant), 'schema:apply')).toBe(false);
    expect(await access.mayOnProject(projectOf(neighbour), 'schema:read')).toBe(false);
    expect(await access.mayInOrganization(tenant.organizationId, 'organization:read')).toBe(false);
    const dataKey = accessOf(keyViewer(['data.read:Issue']));
    expect(await dataKey.mayOnProject(projectOf(tenant), 'project:read')).toBe(true);
  });

  it('grants a publishable key nothing', async () => {
    const access = accessOf({ ...keyViewer(['schema.read']), keyKind: 'PUBLISHABLE' });
    expect(await access.mayOnProject(projectOf(tenant), 'schema:read')).toBe(false);
    expect(await access.mayOnProject(projectOf(tenant), 'project:read')).toBe(false);
  });

  it('refuses changes with a key that is publishable, also if its scopes allow them', async () => {
    const caller = { ...callerOf(tenant.users.OWNER), viewer: keyViewer(['schema.apply']) };
    const attempt = () =>
      outcome(
        database.prisma.$transaction((tx) =>
          requireOnProject(tx, caller, {
            project: projectOf(tenant),
            action: 'schema:apply',
            what: 'project',
          }),
        ),
      );
    expect(await attempt()).toBe('done');
    const { id, text } = tenant.key;
    const data = { kind: 'PUBLISHABLE', publishableKey: text } as const;
    await database.prisma.apiKey.update({ where: { id }, data });
    expect(await attempt()).toBe('UNAUTHENTICATED');
  });

  it('reflects a sign-in and a new organization within the same request', async () => {
    let viewer: Viewer = anonymous;
    const access = createRequestAccess(database.prisma, () => viewer);
    expect(await access.roleIn(tenant.organizationId)).toBeNull();
    viewer = callerOf(tenant.users.VIEWER).viewer;
    expect(await access.roleIn(tenant.organizationId)).toBe('VIEWER');

    const { id } = await database.prisma.organization.create({
      data: {
        name: 'New',
        slug: `new-${randomUUID().slice(0, 8)}`,
        memberships: { create: { userId: tenant.users.VIEWER.userId, role: 'OWNER' } },
      },
    });
    expect(await access.roleIn(id)).toBe('OWNER');
  });
});
