import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { noRemoval } from '../../../test/schema-removal.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant, type SeededUser } from '../../../test/tenant.ts';
import { roles, type Role } from '../access/actions.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createOrganizationsService } from '../organizations/organizations.service.ts';
import { createMembersService, type MembersService } from './members.service.ts';

const database = useTestDatabase();
let members: MembersService;
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  const db = database.prisma;
  members = createMembersService({ db, audit: createAuditService({ db }) });
  tenant = await seedTenant(db);
  neighbour = await seedTenant(db);
});

const roleOf = async ({ membershipId }: SeededUser): Promise<Role | null> => {
  const row = await database.prisma.membership.findUnique({ where: { id: membershipId } });
  return row?.role ?? null;
};

const changeRole = (by: SeededUser, target: SeededUser, role: Role) =>
  members.changeRole(callerOf(by), { id: target.membershipId, role });
const remove = (by: SeededUser, target: SeededUser) =>
  members.remove(callerOf(by), { id: target.membershipId });
const leave = (user: SeededUser) => members.leave(callerOf(user), { id: tenant.organizationId });

const auditOf = async (action: string) =>
  database.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, action },
    select: { actorId: true, targetKind: true, targetId: true, targetLabel: true, details: true },
  });

describe('member authorization', () => {
  it.each([
    // [by, target, to, outcome]
    ['OWNER', 'VIEWER', 'OWNER', 'done'],
    ['ADMIN', 'VIEWER', 'ADMIN', 'done'],
    ['ADMIN', 'ADMIN', 'VIEWER', 'done'],
    ['ADMIN', 'ADMIN', 'OWNER', 'FORBIDDEN'],
    ['ADMIN', 'VIEWER', 'OWNER', 'FORBIDDEN'],
    ['ADMIN', 'OWNER', 'VIEWER', 'FORBIDDEN'],
    ['ADMIN', 'OWNER', 'OWNER', 'FORBIDDEN'],
    ['DEVELOPER', 'VIEWER', 'DEVELOPER', 'FORBIDDEN'],
    ['DEVELOPER', 'DEVELOPER', 'ADMIN', 'FORBIDDEN'],
    ['VIEWER', 'DEVELOPER', 'VIEWER', 'FORBIDDEN'],
  ] as const)(
    'checks whether role %s can change role %s to %s: %s',
    async (by, target, to, expected) => {
      const before = await roleOf(tenant.users[target]);
      expect(await outcome(changeRole(tenant.users[by], tenant.users[target], to))).toBe(expected);
      expect(await roleOf(tenant.users[target])).toBe(expected === 'done' ? to : before);
    },
  );

  it.each([
    ['ADMIN', 'DEVELOPER', 'done'],
    ['ADMIN', 'ADMIN', 'done'],
    ['ADMIN', 'OWNER', 'FORBIDDEN'],
    ['DEVELOPER', 'VIEWER', 'FORBIDDEN'],
    ['VIEWER', 'VIEWER', 'FORBIDDEN'],
  ] as const)('checks whether role %s can remove role %s: %s', async (by, target, expected) => {
    expect(await outcome(remove(tenant.users[by], tenant.users[target]))).toBe(expected);
    expect((await roleOf(tenant.users[target])) === null).toBe(expected === 'done');
  });

  it.each(['ADMIN', 'DEVELOPER', 'VIEWER'] as const)(
    'allows a member with role %s to leave',
    async (role) => {
      await leave(tenant.users[role]);
      expect(await roleOf(tenant.users[role])).toBeNull();
    },
  );

  it('requires a signed-in user', async () => {
    const { membershipId: id } = tenant.users.VIEWER;
    for (const attempt of [
      () => members.changeRole(anonymousCaller, { id, role: 'ADMIN' }),
      () => members.remove(anonymousCaller, { id }),
      () => members.leave(anonymousCaller, { id: tenant.organizationId }),
    ]) {
      expect(await outcome(attempt())).toBe('UNAUTHENTICATED');
    }
  });
});

describe("another tenant's member", () => {
  it('returns the same errors as a missing member and a malformed id', async () => {
    const caller = callerOf(neighbour.users.OWNER);
    const answers: unknown[] = [];
    for (const id of [tenant.users.VIEWER.membershipId, randomUUID(), 'x', '', '\0', '\ud800']) {
      for (const attempt of [
        () => members.changeRole(caller, { id, role: 'OWNER' }),
        () => members.remove(caller, { id }),
      ]) {
        answers.push(await attempt().catch((error: unknown) => error));
      }
    }
    expect(answers[0]).toMatchObject({ code: 'NOT_FOUND' });
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await roleOf(tenant.users.VIEWER)).toBe('VIEWER');
  });

  it('is not affected if a stranger tries to leave the organization', async () => {
    const caller = callerOf(neighbour.users.OWNER);
    const foreign = members.leave(caller, { id: tenant.organizationId });
    const answer = await foreign.catch((error: unknown) => error);
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    await expect(members.leave(caller, { id: randomUUID() })).rejects.toEqual(answer);
  });
});

describe('the last owner', () => {
  it('cannot be demoted or removed, and cannot leave', async () => {
    const { OWNER } = tenant.users;
    expect(await outcome(changeRole(OWNER, OWNER, 'ADMIN'))).toBe('LAST_OWNER');
    expect(await outcome(remove(OWNER, OWNER))).toBe('LAST_OWNER');
    expect(await outcome(leave(OWNER))).toBe('LAST_OWNER');
    expect(await roleOf(OWNER)).toBe('OWNER');
    for (const action of ['member.changeRole', 'member.remove', 'member.leave']) {
      expect(await auditOf(action)).toEqual([]);
    }
  });

  it('can leave when there is another owner', async () => {
    const { OWNER, ADMIN } = tenant.users;
    await changeRole(OWNER, ADMIN, 'OWNER');
    await leave(OWNER);
    expect(await roleOf(OWNER)).toBeNull();
    expect(await outcome(leave(ADMIN))).toBe('LAST_OWNER');
  });

  /** Starts `changes` while the organization is locked, so that they run concurrently. Returns their outcomes. */
  async function meeting(changes: readonly (() => Promise<unknown>)[]): Promise<string[]> {
    const held = {
      sql: 'SELECT FROM tessera.organizations WHERE id = $1 FOR UPDATE',
      values: [tenant.organizationId],
    };
    const { outcomes } = await whileHolding(database.pool, held, async () => {
      const outcomes = Promise.all(changes.map((change) => outcome(change())));
      await untilWaiting(database.pool, changes.length);
      return { outcomes };
    });
    return (await outcomes).sort();
  }

  it('remains when two owners leave at the same time', async () => {
    const { OWNER, ADMIN } = tenant.users;
    await changeRole(OWNER, ADMIN, 'OWNER');
    const outcomes = await meeting([() => leave(OWNER), () => leave(ADMIN)]);
    expect(outcomes).toEqual(['LAST_OWNER', 'done']);
  });

  it('remains when two owners demote each other, without a deadlock', async () => {
    const { OWNER, ADMIN } = tenant.users;
    await changeRole(OWNER, ADMIN, 'OWNER');
    const outcomes = await meeting([
      () => changeRole(OWNER, ADMIN, 'VIEWER'),
      () => changeRole(ADMIN, OWNER, 'VIEWER'),
    ]);
    expect(outcomes).toEqual(['FORBIDDEN', 'done']);
  });

  it('does not prevent the deletion of the organization', async () => {
    const { OWNER, ADMIN } = tenant.users;
    await changeRole(OWNER, ADMIN, 'OWNER');
    const db = database.prisma;
    const organizations = createOrganizationsService({
      db,
      audit: createAuditService({ db }),
      removal: noRemoval,
    });
    const outcomes = await meeting([
      () => organizations.delete(callerOf(OWNER), { id: tenant.organizationId }),
      () => changeRole(ADMIN, OWNER, 'VIEWER'),
    ]);
    // Either the organization was deleted first, or the owner who tried to delete it was demoted first.
    expect([
      ['NOT_FOUND', 'done'],
      ['FORBIDDEN', 'done'],
    ]).toContainEqual(outcomes);
  });
});

describe('the audit log', () => {
  it('records role changes, removals and departures, but not a change to the same role', async () => {
    const { OWNER, DEVELOPER, VIEWER, ADMIN } = tenant.users;
    await changeRole(OWNER, DEVELOPER, 'DEVELOPER');
    await changeRole(OWNER, DEVELOPER, 'ADMIN');
    await remove(ADMIN, VIEWER);
    await leave(DEVELOPER);
    const target = ({ membershipId, email }: SeededUser) => ({
      targetKind: 'member',
      targetId: membershipId,
      targetLabel: email,
    });
    expect(await auditOf('member.changeRole')).toEqual([
      {
        ...target(DEVELOPER),
        actorId: OWNER.userId,
        details: { before: { role: 'DEVELOPER' }, after: { role: 'ADMIN' } },
      },
    ]);
    expect(await auditOf('member.remove')).toEqual([
      { ...target(VIEWER), actorId: ADMIN.userId, details: { role: 'VIEWER' } },
    ]);
    expect(await auditOf('member.leave')).toEqual([
      { ...target(DEVELOPER), actorId: DEVELOPER.userId, details: { role: 'ADMIN' } },
    ]);
  });

  it('is written in the same transaction as the change', async () => {
    const db = database.prisma;
    const audit = createAuditService({ db });
    const failing = createMembersService({
      db,
      audit: { ...audit, record: () => Promise.reject(new Error('no entry')) },
    });
    const { OWNER } = tenant.users;
    for (const role of roles.filter((each) => each !== 'OWNER')) {
      const { membershipId } = tenant.users[role];
      await expect(failing.remove(callerOf(OWNER), { id: membershipId })).rejects.toThrow(
        'no entry',
      );
      expect(await roleOf(tenant.users[role])).toBe(role);
    }
  });
});
