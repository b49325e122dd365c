import { beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { roles } from '../../control-plane/access/actions.ts';
import type { ApiKeyViewer, UserViewer } from '../../control-plane/access/viewer.ts';
import { createAuditService } from '../../control-plane/audit/audit.service.ts';
import { createDataPlanePorts } from '../../control-plane/data-plane-ports.ts';
import { systemClock, type Clock } from '../../platform/clock.ts';
import { createCallers, type Callers, type CredentialOwner } from './callers.ts';

const database = useTestDatabase();
let tenant: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(database.prisma);
});

/** Creates callers with fake authentication: an API key is a list of scopes, and an access token is a role. */
function startCallers(clock: Clock = systemClock): Callers {
  const viewers = new Map<string, ApiKeyViewer>();
  const { callers } = createDataPlanePorts({
    db: database.prisma,
    audit: createAuditService({ db: database.prisma }),
    clock,
    apiKeys: {
      authenticate: (text) => {
        const viewer = viewers.get(text) ?? viewerOf(text.split(' '));
        viewers.set(text, viewer);
        return viewer;
      },
    },
    sessions: {
      authenticate: (token) => {
        const role = roles.find((known) => known === token);
        const viewer: UserViewer | null =
          role === undefined ? null : { kind: 'user', ...tenant.users[role] };
        return Promise.resolve(viewer);
      },
    },
  });
  return createCallers({
    directory: callers,
    settings: { get: () => null },
    userTokens: {
      verify: () => {
        throw new Error('These tests use no user tokens.');
      },
    },
  });
}

const viewerOf = (scopes: readonly string[]): ApiKeyViewer => ({
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

async function keyWith(callers: Callers, scopes: readonly string[]): Promise<CredentialOwner> {
  const key = await callers.verifyKey(scopes.join(' '));
  if (key === null) throw new Error('Every key is valid in this test.');
  return key;
}

async function userWith(callers: Callers, role: string): Promise<CredentialOwner> {
  const user = await callers.verifyAccessToken(role);
  if (user === null) throw new Error(`No user has the role ${role}.`);
  return user;
}

const refusalOf = async (callers: Callers, owner: CredentialOwner, ref: string) => {
  try {
    await callers.admit(owner, ref);
  } catch (error) {
    return error instanceof Error && 'code' in error ? [error.code, error.message] : error;
  }
  return null;
};

describe('caller access', () => {
  it.each([
    [['data.read'], { read: 'ALL', write: new Set(), introspect: false }],
    [['data.write'], { read: new Set(), write: 'ALL', introspect: false }],
    [
      ['data.read:A', 'data.read:B', 'data.write:C'],
      { read: new Set(['A', 'B']), write: new Set(['C']), introspect: false },
    ],
    [['data.read:A', 'data.read'], { read: 'ALL', write: new Set(), introspect: false }],
    [['schema.read'], { read: new Set(), write: new Set(), introspect: true }],
    [['schema.apply'], { read: new Set(), write: new Set(), introspect: true }],
  ])('is determined by the scopes of an API key: %j', async (scopes, access) => {
    const callers = startCallers();
    const key = await keyWith(callers, scopes);
    const caller = callers.admit(key, tenant.project.ref);
    expect(caller).toEqual({
      kind: 'apiKey',
      keyId: tenant.key.id,
      keyKind: 'SECRET',
      rateLimitPerMinute: null,
      projectId: tenant.project.id,
      projectRef: tenant.project.ref,
      access: { ...access, rules: null },
      subject: null,
    });
    expect(callers.admit(await keyWith(callers, scopes), tenant.project.ref)).toBe(caller);
    const again = await callers.admit(
      await keyWith(callers, scopes.toReversed()),
      tenant.project.ref,
    );
    expect(again.access).toBe((await caller).access);
  });

  it("is determined by a member's current role", async () => {
    const callers = startCallers();
    const { ref } = tenant.project;
    const expected = {
      OWNER: { read: 'ALL', write: 'ALL', introspect: true },
      ADMIN: { read: 'ALL', write: 'ALL', introspect: true },
      DEVELOPER: { read: 'ALL', write: 'ALL', introspect: true },
      VIEWER: { read: 'ALL', write: new Set(), introspect: true },
    };
    for (const role of roles) {
      const { projectId, access } = await callers.admit(await userWith(callers, role), ref);
      expect(projectId).toBe(tenant.project.id);
      expect(access, role).toEqual({ ...expected[role], rules: null });
    }
    const { membershipId: id } = tenant.users.DEVELOPER;
    const developer = await userWith(callers, 'DEVELOPER');
    await database.prisma.membership.update({ where: { id }, data: { role: 'VIEWER' } });
    expect((await callers.admit(developer, ref)).access.write).toEqual(new Set());
    await database.prisma.membership.delete({ where: { id } });
    expect(await refusalOf(callers, developer, ref)).not.toBeNull();
  });

  it("is denied for another tenant's project with the same error as for a missing project", async () => {
    const callers = startCallers();
    const neighbour = await seedTenant(database.prisma);
    const answers = new Set<string>();
    const principals = [await userWith(callers, 'OWNER'), await keyWith(callers, ['data.read'])];
    for (const owner of principals) {
      for (const ref of [neighbour.project.ref, '0000000000000000', '\0', '']) {
        answers.add(JSON.stringify(await refusalOf(callers, owner, ref)));
      }
    }
    expect([...answers]).toEqual([expect.stringContaining('NOT_FOUND')]);
  });
});
