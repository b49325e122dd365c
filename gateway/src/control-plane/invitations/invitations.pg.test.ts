import { randomBytes, randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { captureFieldCall } from '../../../test/field-call.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Invitation } from '#prisma';
import { roles, type Role } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { createMemorySlidingLog } from '../../platform/rate-limit/sliding-log.ts';
import { createFieldLimits } from '../graphql/field-limits.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { statusOf } from './invitation-status.ts';
import {
  createInvitationsService,
  type InvitationsService,
  type InviteMember,
} from './invitations.service.ts';
import { defaultResourceLimits } from '../limits.ts';

const database = useTestDatabase({ poolSize: 20 });
const day = 24 * 60 * 60 * 1000;

let now: Date;
let mailed: string[];
/** The service under test. `invite` adds the rate limiter that a resolver would pass. */
let invitations: Omit<InvitationsService, 'invite'> & {
  invite(caller: Principal, input: InviteMember): Promise<Invitation>;
};
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  const db = database.prisma;
  now = new Date();
  mailed = [];
  const clock = () => now;
  const limits = createFieldLimits({ log: createMemorySlidingLog(), clock });
  const limiter = limits.of(captureFieldCall());
  const service = createInvitationsService({
    db,
    clock,
    publicUrl: 'https://tessera.example',
    audit: createAuditService({ db }),
    enqueueMail: (_tx, invitationId) => Promise.resolve(void mailed.push(invitationId)),
  });
  invitations = {
    ...service,
    invite: (caller, input) => service.invite(caller, input, limiter),
  };
  tenant = await seedTenant(db);
  neighbour = await seedTenant(db);
});

const newAddress = () => `${randomBytes(6).toString('hex')}@example.org`;

const invite = (by: Role, email = newAddress(), role: Role = 'VIEWER') =>
  invitations.invite(callerOf(tenant.users[by]), {
    organizationId: tenant.organizationId,
    email,
    role,
  });

/** Does the mail task's work: creates a token for an invitation and stores its hash. */
async function tokenFor(id: string): Promise<string> {
  const token = createOpaqueToken();
  await database.prisma.invitation.update({
    where: { id },
    data: { tokenHash: hashToken(token) },
  });
  return token;
}

async function newUser(email: string): Promise<Principal> {
  const { id } = await database.prisma.user.create({
    data: { email, name: 'Newcomer', passwordHash: 'x' },
  });
  return callerOf({ userId: id, sessionId: randomUUID(), email, membershipId: '' });
}

/** Creates an invitation, its token, and an account with the invited address. */
async function invited(role: Role = 'VIEWER') {
  const invitation = await invite('OWNER', newAddress(), role);
  const caller = await newUser(invitation.email);
  return { invitation, caller, token: await tokenFor(invitation.id) };
}

const membershipOf = async ({ viewer }: Principal) =>
  viewer.kind === 'user'
    ? database.prisma.membership.findFirst({
        where: { userId: viewer.userId, organizationId: tenant.organizationId },
      })
    : null;

const auditOf = (action: string) =>
  database.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, action },
    select: { targetId: true, targetLabel: true, actorId: true, details: true },
  });

describe('creating an invitation', () => {
  it('creates the invitation, queues its mail and writes an audit entry', async () => {
    const invitation = await invite('ADMIN', '  New@Example.ORG ', 'DEVELOPER');
    expect(invitation).toMatchObject({
      email: 'new@example.org',
      role: 'DEVELOPER',
      invitedById: tenant.users.ADMIN.userId,
      tokenHash: null,
      expiresAt: new Date(now.getTime() + 7 * day),
    });
    expect(mailed).toEqual([invitation.id]);
    expect(await auditOf('invitation.create')).toEqual([
      {
        targetId: invitation.id,
        targetLabel: 'new@example.org',
        actorId: tenant.users.ADMIN.userId,
        details: { role: 'DEVELOPER' },
      },
    ]);
  });

  it.each([
    ['OWNER', 'OWNER', 'done'],
    ['ADMIN', 'OWNER', 'FORBIDDEN'],
    ['ADMIN', 'ADMIN', 'done'],
    ['DEVELOPER', 'VIEWER', 'FORBIDDEN'],
    ['VIEWER', 'VIEWER', 'FORBIDDEN'],
  ] as const)(
    'has the expected outcome if role %s invites a user with role %s: %s',
    async (by, role, expected) => {
      expect(await outcome(invite(by, newAddress(), role))).toBe(expected);
      expect(mailed).toHaveLength(expected === 'done' ? 1 : 0);
    },
  );

  it("rejects a member's address, an address that was already invited and an invalid address", async () => {
    expect(await outcome(invite('OWNER', tenant.users.VIEWER.email))).toBe('ALREADY_MEMBER');
    expect(await outcome(invite('OWNER', tenant.invitation.email.toUpperCase()))).toBe(
      'ALREADY_INVITED',
    );
    for (const email of [
      '',
      'x',
      'a@b',
      'a\0@example.org',
      '\ud800@example.org',
      'a@b.c\nBcc: d@e.f',
    ]) {
      expect(await outcome(invite('OWNER', email)), JSON.stringify(email)).toBe(
        'VALIDATION_FAILED',
      );
    }
    expect(mailed).toEqual([]);
  });

  it("returns the same error for another tenant's organization as for a missing one", async () => {
    const caller = callerOf(neighbour.users.OWNER);
    const ask = (organizationId: string) =>
      invitations
        .invite(caller, { organizationId, email: newAddress(), role: 'VIEWER' })
        .catch((error: unknown) => error);
    const answer = await ask(tenant.organizationId);
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ask(randomUUID())).toEqual(answer);
    expect(await ask('\0')).toEqual(answer);
  });

  it('creates only one invitation for concurrent requests with the same address', async () => {
    const email = newAddress();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => outcome(invite('OWNER', email))),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('ALREADY_INVITED'), 'done']);
    const open = { email, acceptedAt: null, revokedAt: null };
    expect(await database.prisma.invitation.count({ where: open })).toBe(1);
  });

  it('replaces an expired invitation', async () => {
    const email = newAddress();
    const first = await invite('OWNER', email);
    now = new Date(now.getTime() + 7 * day - 1);
    expect(await outcome(invite('OWNER', email))).toBe('ALREADY_INVITED');
    now = new Date(now.getTime() + 1);
    const second = await invite('OWNER', email);
    expect(second.id).not.toBe(first.id);
    const replaced = await database.prisma.invitation.findUniqueOrThrow({
      where: { id: first.id },
    });
    expect(statusOf(replaced, now)).toBe('REVOKED');
  });

  it('enforces the limit on open invitations for concurrent requests', async () => {
    const missing = 3;
    await database.prisma.invitation.createMany({
      data: Array.from(
        { length: defaultResourceLimits.openInvitationsPerOrganization - 1 - missing },
        () => ({
          organizationId: tenant.organizationId,
          email: newAddress(),
          role: 'VIEWER' as const,
          expiresAt: new Date(now.getTime() + day),
        }),
      ),
    });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(invite('OWNER'))));
    expect(outcomes.sort()).toEqual([
      ...Array<string>(8 - missing).fill('LIMIT_REACHED'),
      ...Array<string>(missing).fill('done'),
    ]);
  });

  it('limits invitations to sixty per hour per organization', async () => {
    const caller = callerOf(tenant.users.OWNER);
    const email = tenant.users.VIEWER.email;
    const attempt = () =>
      outcome(
        invitations.invite(caller, {
          organizationId: tenant.organizationId,
          email,
          role: 'VIEWER',
        }),
      );
    for (let count = 0; count < 60; count += 1) expect(await attempt()).toBe('ALREADY_MEMBER');
    expect(await attempt()).toBe('RATE_LIMITED');
    // Other users' attempts do not count against this limit, and this limit does not block them.
    expect(await outcome(invite('VIEWER'))).toBe('FORBIDDEN');
    const neighbourInvite = invitations.invite(callerOf(neighbour.users.OWNER), {
      organizationId: neighbour.organizationId,
      email: newAddress(),
      role: 'VIEWER',
    });
    expect(await outcome(neighbourInvite)).toBe('done');
    now = new Date(now.getTime() + 60 * 60 * 1000 + 1);
    expect(await attempt()).toBe('ALREADY_MEMBER');
  });

  it("does not count attempts by strangers and viewers against the organization's limit", async () => {
    for (let count = 0; count < 61; count += 1) {
      const by = count % 2 === 0 ? tenant.users.VIEWER : neighbour.users.OWNER;
      const { organizationId } = tenant;
      const input = { organizationId, email: newAddress(), role: 'VIEWER' } as const;
      expect(await outcome(invitations.invite(callerOf(by), input))).not.toBe('done');
    }
    expect(await outcome(invite('ADMIN'))).toBe('done');
  });
});

describe('revoking an invitation', () => {
  const revoke = (by: Role, id: string) => invitations.revoke(callerOf(tenant.users[by]), { id });

  it('invalidates the link, and fails if it is repeated', async () => {
    const { invitation, caller, token } = await invited();
    expect(statusOf(await revoke('ADMIN', invitation.id), now)).toBe('REVOKED');
    expect(await invitations.preview(token)).toBeNull();
    expect(await outcome(invitations.accept(caller, { token }))).toBe('INVALID_TOKEN');
    expect(await outcome(revoke('ADMIN', invitation.id))).toBe('NOT_FOUND');
    expect(await auditOf('invitation.revoke')).toHaveLength(1);
    expect(await outcome(invite('OWNER', invitation.email))).toBe('done');
  });

  it('is available to administrators only', async () => {
    expect(await outcome(revoke('DEVELOPER', tenant.invitation.id))).toBe('FORBIDDEN');
    expect(await invitations.preview(tenant.invitation.token)).not.toBeNull();
  });

  it("returns the same error for another tenant's invitation as for a missing one", async () => {
    const caller = callerOf(neighbour.users.OWNER);
    const ask = (id: string) => invitations.revoke(caller, { id }).catch((error: unknown) => error);
    const answer = await ask(tenant.invitation.id);
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    for (const id of [randomUUID(), 'x', '\0', '\ud800']) expect(await ask(id)).toEqual(answer);
    expect(await invitations.preview(tenant.invitation.token)).not.toBeNull();
  });
});

describe('accepting an invitation', () => {
  it.each(roles)('adds the user as %s and verifies their address', async (role) => {
    const { invitation, caller, token } = await invited(role);
    const accepted = await invitations.accept(caller, { token });
    expect(accepted).toMatchObject({ id: invitation.id, acceptedAt: now });
    expect(await membershipOf(caller)).toMatchObject({ role });
    const { email } = invitation;
    expect(await database.prisma.user.findUnique({ where: { email } })).toMatchObject({
      emailVerifiedAt: now,
    });
    expect(await auditOf('invitation.accept')).toMatchObject([
      { targetId: invitation.id, targetLabel: email, details: { role } },
    ]);
  });

  it('keeps the verification time if the address is already verified', async () => {
    const { invitation, caller, token } = await invited();
    const emailVerifiedAt = new Date('2020-02-02T02:02:02Z');
    const { email } = invitation;
    await database.prisma.user.update({ where: { email }, data: { emailVerifiedAt } });
    await invitations.accept(caller, { token });
    expect(await database.prisma.user.findUnique({ where: { email } })).toMatchObject({
      emailVerifiedAt,
    });
  });

  it('succeeds for only one of several concurrent requests', async () => {
    const { caller, token } = await invited();
    const held = {
      sql: 'SELECT FROM tessera.organizations WHERE id = $1 FOR UPDATE',
      values: [tenant.organizationId],
    };
    const { outcomes } = await whileHolding(database.pool, held, async () => {
      const outcomes = Promise.all(
        Array.from({ length: 6 }, () => outcome(invitations.accept(caller, { token }))),
      );
      await untilWaiting(database.pool, 6);
      return { outcomes };
    });
    expect((await outcomes).sort()).toEqual([...Array<string>(5).fill('INVALID_TOKEN'), 'done']);
    expect(await auditOf('invitation.accept')).toHaveLength(1);
  });

  it('fails if the invitation was revoked first', async () => {
    const { invitation, caller, token } = await invited();
    const revocation = {
      sql: `WITH held AS (SELECT FROM tessera.organizations WHERE id = $2 FOR NO KEY UPDATE)
            UPDATE tessera.invitations SET revoked_at = now() WHERE id = $1 AND EXISTS (SELECT FROM held)`,
      values: [invitation.id, tenant.organizationId],
    };
    const { answer } = await whileHolding(database.pool, revocation, async () => {
      const answer = outcome(invitations.accept(caller, { token }));
      await untilWaiting(database.pool, 1);
      return { answer };
    });
    expect(await answer).toBe('INVALID_TOKEN');
    expect(await membershipOf(caller)).toBeNull();
  });

  it('is possible only for the account with the invited address', async () => {
    const { token } = await invited();
    expect(await outcome(invitations.accept(anonymousCaller, { token }))).toBe('UNAUTHENTICATED');
    const other = callerOf(neighbour.users.OWNER);
    expect(await outcome(invitations.accept(other, { token }))).toBe('WRONG_ACCOUNT');
    expect(await membershipOf(other)).toBeNull();
    expect(await invitations.preview(token)).not.toBeNull();
  });

  it('rejects an unknown or expired token', async () => {
    const { invitation, caller, token } = await invited();
    for (const unknown of ['', '\0', '\ud800', createOpaqueToken()]) {
      expect(await outcome(invitations.accept(caller, { token: unknown }))).toBe('INVALID_TOKEN');
    }
    now = invitation.expiresAt;
    expect(await outcome(invitations.accept(caller, { token }))).toBe('INVALID_TOKEN');
    expect(await membershipOf(caller)).toBeNull();
  });

  it('rejects a user who is already a member', async () => {
    const { caller, token } = await invited('OWNER');
    const { userId } = caller.viewer as { userId: string };
    await database.prisma.membership.create({
      data: { organizationId: tenant.organizationId, userId, role: 'VIEWER' },
    });
    expect(await outcome(invitations.accept(caller, { token }))).toBe('ALREADY_MEMBER');
    expect(await membershipOf(caller)).toMatchObject({ role: 'VIEWER' });
  });

  it('rejects a user who is already in the maximum number of organizations', async () => {
    const { caller, token } = await invited();
    const { userId } = caller.viewer as { userId: string };
    const { canary } = tenant;
    const made = await database.prisma.organization.createManyAndReturn({
      data: Array.from({ length: defaultResourceLimits.organizationsPerUser }, (_, index) => ({
        name: canary,
        slug: `${canary}-${index}`,
      })),
    });
    await database.prisma.membership.createMany({
      data: made.map(({ id }) => ({ organizationId: id, userId, role: 'VIEWER' as const })),
    });
    expect(await outcome(invitations.accept(caller, { token }))).toBe('LIMIT_REACHED');
    expect(await invitations.preview(token)).not.toBeNull();
  });
});
