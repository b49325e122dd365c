import { randomBytes, randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { captureFieldCall } from '../../../test/field-call.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Role } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import { createMemorySlidingLog } from '../../platform/rate-limit/sliding-log.ts';
import { createFieldLimits } from '../graphql/field-limits.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createInvitationsService, type InvitationsService } from './invitations.service.ts';

const database = useTestDatabase();
const day = 24 * 60 * 60 * 1000;

let now: Date;
let invitations: InvitationsService;
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  const db = database.prisma;
  now = new Date();
  invitations = createInvitationsService({
    db,
    clock: () => now,
    publicUrl: 'https://tessera.example',
    audit: createAuditService({ db }),
    enqueueMail: () => Promise.resolve(),
  });
  tenant = await seedTenant(db);
  neighbour = await seedTenant(db);
});

const newAddress = () => `${randomBytes(6).toString('hex')}@example.org`;

async function invite(role: Role = 'VIEWER', email = newAddress()) {
  const limiter = createFieldLimits({ log: createMemorySlidingLog(), clock: () => now }).of(
    captureFieldCall(),
  );
  const input = { organizationId: tenant.organizationId, email, role };
  return invitations.invite(callerOf(tenant.users.OWNER), input, limiter);
}

const createLink = (by: Role, id: string) =>
  invitations.createLink(callerOf(tenant.users[by]), { id });
const tokenOf = (link: string): string => link.split('#token=')[1] ?? '';

/** Creates a link as the owner, and returns its token. */
const linkToken = async (id: string) => tokenOf((await createLink('OWNER', id)).link);

/** Does the mail task's work. */
async function mailedToken(id: string): Promise<string> {
  const token = createOpaqueToken();
  const data = { tokenHash: hashToken(token) };
  await database.prisma.invitation.update({ where: { id }, data });
  return token;
}

async function newUser(email: string, emailVerifiedAt: Date | null = null): Promise<Principal> {
  const { id } = await database.prisma.user.create({
    data: { email, name: 'Newcomer', passwordHash: 'x', emailVerifiedAt },
  });
  return callerOf({ userId: id, sessionId: randomUUID(), email, membershipId: '' });
}

const userWith = (email: string) =>
  database.prisma.user.findUniqueOrThrow({ where: { email }, include: { memberships: true } });
const auditOf = (action: string) =>
  database.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, action },
    select: { targetId: true, targetLabel: true, actorId: true, details: true },
  });

describe('a copied link', () => {
  it("leads to the console's page, and only the hash of its token is stored", async () => {
    const { id, email } = await invite();
    const { link, invitation } = await createLink('ADMIN', id);
    expect(link).toMatch(/^https:\/\/tessera\.example\/accept-invitation#token=[\w-]{43}$/);
    expect(invitation.id).toBe(id);
    const stored = await database.prisma.invitation.findUniqueOrThrow({ where: { id } });
    expect(Buffer.from(stored.linkTokenHash ?? [])).toEqual(Buffer.from(hashToken(tokenOf(link))));
    const entries = await auditOf('invitation.createLink');
    expect(entries).toMatchObject([
      { targetId: id, targetLabel: email, actorId: tenant.users.ADMIN.userId },
    ]);
    expect(JSON.stringify(entries)).not.toContain(tokenOf(link));
  });

  it('works beside the mailed one, and replaces the copied link before it', async () => {
    const { id, email } = await invite();
    const mailed = await mailedToken(id);
    const [first, second] = [await linkToken(id), await linkToken(id)];
    expect(await invitations.preview(mailed)).toMatchObject({ email });
    expect(await invitations.preview(second)).toMatchObject({ email });
    expect(await invitations.preview(first)).toBeNull();
  });

  it('lets the invited account join, but does not verify its address', async () => {
    const { id, email } = await invite('DEVELOPER');
    const token = await linkToken(id);
    const caller = await newUser(email);
    expect(await outcome(invitations.accept(callerOf(neighbour.users.OWNER), { token }))).toBe(
      'WRONG_ACCOUNT',
    );
    await invitations.accept(caller, { token });
    expect(await userWith(email)).toMatchObject({
      emailVerifiedAt: null,
      memberships: [{ organizationId: tenant.organizationId, role: 'DEVELOPER' }],
    });
    expect(await outcome(invitations.accept(caller, { token }))).toBe('INVALID_TOKEN');
  });

  it('does not verify the address, unlike the mailed link', async () => {
    const { id, email } = await invite();
    const [copied, mailed] = [await linkToken(id), await mailedToken(id)];
    const pathOf = (token: string, address = email) =>
      invitations.tokenPath(database.prisma, token, address);
    expect([await pathOf(copied), await pathOf(mailed)]).toEqual(['LINK', 'MAIL']);
    expect(await pathOf(copied, newAddress())).toBeNull();
    await invitations.accept(await newUser(email), { token: mailed });
    expect((await userWith(email)).emailVerifiedAt).toEqual(now);
  });

  it('stops working when the invitation is revoked or expires', async () => {
    const [revoked, expired] = [await invite(), await invite()];
    const tokens = [await linkToken(revoked.id), await linkToken(expired.id)];
    await invitations.revoke(callerOf(tenant.users.OWNER), { id: revoked.id });
    expect(await invitations.preview(tokens[0] ?? '')).toBeNull();
    now = new Date(now.getTime() + 7 * day);
    expect(await invitations.preview(tokens[1] ?? '')).toBeNull();
    for (const { id } of [revoked, expired]) {
      expect(await outcome(createLink('OWNER', id))).toBe('NOT_FOUND');
    }
  });

  it.each([
    ['OWNER', 'OWNER', 'done'],
    ['ADMIN', 'OWNER', 'FORBIDDEN'],
    ['ADMIN', 'ADMIN', 'done'],
    ['DEVELOPER', 'VIEWER', 'FORBIDDEN'],
    ['VIEWER', 'VIEWER', 'FORBIDDEN'],
  ] as const)('can be created by %s for an invitation as %s: %s', async (by, role, expected) => {
    const { id } = await invite(role);
    expect(await outcome(createLink(by, id))).toBe(expected);
  });

  it("of another tenant's invitation cannot be created, with the error for a missing one", async () => {
    const { id } = await invite();
    const caller = callerOf(neighbour.users.OWNER);
    const ask = (other: string) =>
      invitations.createLink(caller, { id: other }).catch((error: unknown) => error);
    const answer = await ask(id);
    expect(answer).toMatchObject({ code: 'NOT_FOUND' });
    expect(await ask(randomUUID())).toEqual(answer);
    expect(await ask('\0')).toEqual(answer);
  });
});

describe('an invitation to a verified address', () => {
  const received = (user: { email: string; emailVerifiedAt: Date | null }) =>
    database.prisma.invitation.findMany({ where: invitations.receivedBy(user) });

  it('is listed only for that address', async () => {
    const { id, email } = await invite();
    expect(await received({ email, emailVerifiedAt: now })).toMatchObject([{ id }]);
    expect(await received({ email, emailVerifiedAt: null })).toEqual([]);
    expect(await received({ email: newAddress(), emailVerifiedAt: now })).toEqual([]);
    await invitations.revoke(callerOf(tenant.users.OWNER), { id });
    expect(await received({ email, emailVerifiedAt: now })).toEqual([]);
  });

  it('can be accepted without its token', async () => {
    const { id, email } = await invite('DEVELOPER');
    const caller = await newUser(email, now);
    await invitations.acceptReceived(caller, { id });
    expect((await userWith(email)).memberships).toMatchObject([{ role: 'DEVELOPER' }]);
    expect(await auditOf('invitation.accept')).toMatchObject([{ targetId: id }]);
    expect(await outcome(invitations.acceptReceived(caller, { id }))).toBe('NOT_FOUND');
  });

  it('can be declined, which revokes it', async () => {
    const { id, email } = await invite();
    const token = await linkToken(id);
    const caller = await newUser(email, now);
    await invitations.decline(caller, { id });
    expect(await invitations.preview(token)).toBeNull();
    expect((await userWith(email)).memberships).toEqual([]);
    expect(await auditOf('invitation.decline')).toMatchObject([
      { targetId: id, targetLabel: email },
    ]);
    expect(await outcome(invitations.decline(caller, { id }))).toBe('NOT_FOUND');
  });

  it('is missing for everybody else, and for an account whose address is not verified', async () => {
    const { id, email } = await invite();
    const unverified = await newUser(email);
    const strangers = [unverified, callerOf(neighbour.users.OWNER), callerOf(tenant.users.OWNER)];
    for (const caller of strangers) {
      expect(await outcome(invitations.acceptReceived(caller, { id }))).toBe('NOT_FOUND');
      expect(await outcome(invitations.decline(caller, { id }))).toBe('NOT_FOUND');
    }
    expect(await outcome(invitations.decline(unverified, { id: '\0' }))).toBe('NOT_FOUND');
    const { revokedAt } = await database.prisma.invitation.findUniqueOrThrow({ where: { id } });
    expect(revokedAt).toBeNull();
  });

  it('is accepted only once by concurrent requests', async () => {
    const { id, email } = await invite();
    const caller = await newUser(email, now);
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map(() => outcome(invitations.acceptReceived(caller, { id }))),
    );
    expect(outcomes.sort()).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'done']);
  });
});
