import { randomUUID } from 'node:crypto';

import { beforeEach, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';
import type { MailMessage } from '../../platform/mail/mail-message.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createInvitationsService, type InvitationsService } from './invitations.service.ts';
import { createInvitationMailTasks } from './mail-tasks.ts';

const database = useTestDatabase();
const day = 24 * 60 * 60 * 1000;

let now: Date;
let sent: MailMessage[];
let tenant: SeededTenant;
let invitations: InvitationsService;

beforeEach(async () => {
  const db = database.prisma;
  const clock = () => now;
  now = new Date();
  sent = [];
  tenant = await seedTenant(db, now);
  invitations = createInvitationsService({
    db,
    clock,
    publicUrl: 'https://tessera.example',
    audit: createAuditService({ db }),
    enqueueMail: () => Promise.resolve(),
  });
});

function send(
  deliver: (message: MailMessage) => Promise<void> = (message) => {
    sent.push(message);
    return Promise.resolve();
  },
): Promise<void> {
  const tasks = createInvitationMailTasks({
    db: database.prisma,
    mailer: { send: deliver, close: () => Promise.resolve() },
    publicUrl: 'https://tessera.example',
    clock: () => now,
  });
  return tasks.invitation({ invitationId: tenant.invitation.id });
}

/** Returns the token from the link in the newest email. */
function mailedToken(): string {
  const text = sent.at(-1)?.text ?? '';
  const token = /^https:\/\/tessera\.example\/accept-invitation#token=([\w-]{43})$/m.exec(text);
  return token?.[1] ?? `no link in: ${text}`;
}

it("mails a link with the invitation's token, and stores only the token's hash", async () => {
  await send();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    to: tenant.invitation.email,
    subject: `Invitation to ${tenant.name} on Tessera`,
  });
  expect(sent[0]?.text).toContain(
    `${tenant.canary} owner has invited you to join the organization "${tenant.name}" as a viewer.`,
  );
  expect(sent[0]?.text).toContain('expires in 7 days');
  expect(await invitations.preview(mailedToken())).toEqual({
    organizationName: tenant.name,
    email: tenant.invitation.email,
    role: 'VIEWER',
    invitedByName: `${tenant.canary} owner`,
    expiresAt: new Date(now.getTime() + 7 * day),
  });
  const { tokenHash } = await database.prisma.invitation.findUniqueOrThrow({
    where: { id: tenant.invitation.id },
  });
  expect(tokenHash).toEqual(hashToken(mailedToken()));
});

it('creates a new token for each mail, and only the newest one works', async () => {
  await send();
  const first = mailedToken();
  now = new Date(now.getTime() + 5 * day);
  await send();
  expect(sent[1]?.text).toContain('expires in 2 days');
  expect(mailedToken()).not.toBe(first);
  expect(await invitations.preview(first)).toBeNull();
  expect(await invitations.preview(mailedToken())).not.toBeNull();
});

it('sends nothing for an invitation that is no longer open or was deleted', async () => {
  const { id } = tenant.invitation;
  const revokedAt = (moment: Date | null) =>
    database.prisma.invitation.update({ where: { id }, data: { revokedAt: moment } });
  await revokedAt(now);
  await send();
  await revokedAt(null);
  now = new Date(now.getTime() + 7 * day);
  await send();
  await database.prisma.invitation.delete({ where: { id } });
  await send();
  expect(sent).toEqual([]);
});

it('fails if the mail server fails, which causes a retry', async () => {
  await expect(send(() => Promise.reject(new Error('greylisted')))).rejects.toThrow('greylisted');
  await send();
  expect(await invitations.preview(mailedToken())).not.toBeNull();
});

it("names the organization if the inviter's account was deleted", async () => {
  const { id } = tenant.invitation;
  await database.prisma.invitation.update({ where: { id }, data: { invitedById: null } });
  await send();
  expect(sent[0]?.text).toContain(`${tenant.name} has invited you to join`);
  expect(await invitations.preview(mailedToken())).toMatchObject({ invitedByName: null });
});

it('returns no preview for an unknown, malformed, used or expired token', async () => {
  await send();
  const token = mailedToken();
  const unknown = [createOpaqueToken(), randomUUID(), '', '\0', '\ud800', `${token} `];
  for (const text of [...unknown, 'x'.repeat(100_000)]) {
    expect(await invitations.preview(text)).toBeNull();
  }
  const { id } = tenant.invitation;
  const accepted = (acceptedAt: Date | null) =>
    database.prisma.invitation.update({ where: { id }, data: { acceptedAt } });
  await accepted(now);
  expect(await invitations.preview(token)).toBeNull();
  await accepted(null);
  expect(await invitations.preview(token)).not.toBeNull();
  now = new Date(now.getTime() + 7 * day);
  expect(await invitations.preview(token)).toBeNull();
});
