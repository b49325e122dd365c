import { describe, expect, it } from 'vitest';

import type { AccountPolicy } from '../account-policy.ts';
import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  goodPassword,
  startSignIn,
  tokenIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';
import { createOpaqueToken, hashToken } from '../../platform/crypto/opaque-token.ts';

const day = 24 * 60 * 60_000;
const database = useTestDatabase();

async function start(accountPolicy: Partial<AccountPolicy>) {
  const clock = createTestClock();
  const gateway = await startSignIn(database, { clock, accountPolicy });
  return { clock, gateway };
}

const register = (
  { users }: SignInInstance,
  email: string,
  others: { password?: string; invitationToken?: string } = {},
) => users.register(anonymousCaller, { name: 'Ada', email, password: goodPassword, ...others });

const login = ({ sessions }: SignInInstance, email: string, password = goodPassword) =>
  sessions.login(anonymousCaller, { email, password });

let invitations = 0;
async function invite(email: string, expiresAt: Date) {
  invitations += 1;
  const token = createOpaqueToken();
  const { id: organizationId } = await database.prisma.organization.create({
    data: { name: 'Acme', slug: `acme-${invitations}` },
  });
  const { id } = await database.prisma.invitation.create({
    data: { organizationId, email, role: 'VIEWER', expiresAt, tokenHash: hashToken(token) },
  });
  return { id, token };
}

const userWith = (email: string) => database.prisma.user.findUnique({ where: { email } });

describe('registration', () => {
  it('is refused for everyone if it is closed', async () => {
    const { gateway, clock } = await start({ registration: 'closed' });
    const { token } = await invite('closed@example.org', new Date(clock().getTime() + day));
    expect(await outcome(register(gateway, 'closed@example.org'))).toBe('REGISTRATION_CLOSED');
    const invited = register(gateway, 'closed@example.org', { invitationToken: token });
    expect(await outcome(invited)).toBe('REGISTRATION_CLOSED');
    expect(await userWith('closed@example.org')).toBeNull();
  });

  describe('for invited users', () => {
    it('verifies the invited address and signs in', async () => {
      const { gateway, clock } = await start({
        registration: 'invited',
        emailVerification: 'required',
      });
      const { token } = await invite('in@example.org', new Date(clock().getTime() + day));
      const issued = await register(gateway, 'In@example.org', { invitationToken: token });
      expect(issued.viewer.email).toBe('in@example.org');
      expect((await userWith('in@example.org'))?.emailVerifiedAt).toEqual(clock());
      expect(await gateway.deliverMail()).toEqual([]);
      expect(await outcome(login(gateway, 'in@example.org'))).toBe('done');
    });

    describe('with a copied link, which proves nothing about the address', () => {
      async function copyLink(email: string, expiresAt: Date): Promise<string> {
        const { id } = await invite(email, expiresAt);
        const token = createOpaqueToken();
        const data = { linkTokenHash: hashToken(token) };
        await database.prisma.invitation.update({ where: { id }, data });
        return token;
      }

      it('is possible, but the address stays unverified', async () => {
        const { gateway, clock } = await start({ registration: 'invited' });
        const email = 'copied@example.org';
        const invitationToken = await copyLink(email, new Date(clock().getTime() + day));
        await register(gateway, email, { invitationToken });
        expect(await userWith(email)).toMatchObject({ emailVerifiedAt: null });
        expect((await gateway.deliverMail()).map(({ to }) => to)).toEqual([email]);
      });

      it('requires the mailed link first if addresses must be verified', async () => {
        const policy = { registration: 'invited', emailVerification: 'required' } as const;
        const { gateway, clock } = await start(policy);
        const email = 'copied-too@example.org';
        const invitationToken = await copyLink(email, new Date(clock().getTime() + day));
        const registered = register(gateway, email, { invitationToken });
        expect(await outcome(registered)).toBe('EMAIL_NOT_VERIFIED');
        expect(await userWith(email)).toMatchObject({ emailVerifiedAt: null });
        expect(await outcome(login(gateway, email))).toBe('EMAIL_NOT_VERIFIED');
      });
    });

    it.each([
      ['no token', () => Promise.resolve({})],
      ['an unknown token', () => Promise.resolve({ invitationToken: 'x'.repeat(43) })],
      [
        'a token for another address',
        async (later: Date) => ({ invitationToken: (await invite('b@example.org', later)).token }),
      ],
      [
        'an expired token',
        async (_later: Date, now: Date) => ({
          invitationToken: (await invite('out@example.org', now)).token,
        }),
      ],
      [
        'a revoked token',
        async (later: Date, now: Date) => {
          const { id, token } = await invite('out@example.org', later);
          await database.prisma.invitation.update({ where: { id }, data: { revokedAt: now } });
          return { invitationToken: token };
        },
      ],
    ])('is refused with %s', async (_what, make) => {
      const { gateway, clock } = await start({ registration: 'invited' });
      const later = new Date(clock().getTime() + day);
      const token = await make(later, clock());
      expect(await outcome(register(gateway, 'out@example.org', token))).toBe(
        'REGISTRATION_CLOSED',
      );
      expect(await userWith('out@example.org')).toBeNull();
    });
  });
});

describe('an address that must be verified', () => {
  const subjects = async (gateway: SignInInstance) =>
    (await gateway.deliverMail()).map(({ to, subject }) => `${to}: ${subject}`);

  it('has the same answer and one email, whether or not it has an account', async () => {
    const { gateway } = await start({ emailVerification: 'required' });
    const answer = async (password: string) => {
      try {
        await register(gateway, 'known@example.org', { password });
        return 'done';
      } catch (error) {
        return { ...(error as object), message: (error as Error).message };
      }
    };
    const first = await answer(goodPassword);
    expect(first).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
    const [mail] = await gateway.deliverMail();
    expect(await answer('another long password')).toEqual(first);
    expect(await subjects(gateway)).toEqual(['known@example.org: Verify your email address']);

    await gateway.users.verifyEmail(anonymousCaller, { token: tokenIn(mail) });
    expect(await answer('a third long password')).toEqual(first);
    expect(await subjects(gateway)).toEqual(['known@example.org: You already have an account']);

    // The account is unchanged: the first password still works.
    expect(await outcome(login(gateway, 'known@example.org'))).toBe('done');
    const second = login(gateway, 'known@example.org', 'another long password');
    expect(await outcome(second)).toBe('INVALID_CREDENTIALS');
    const entries = await database.prisma.auditEntry.findMany({
      where: { targetLabel: 'known@example.org', action: { startsWith: 'user.register' } },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual([
      'user.register',
      'user.registerAgain',
      'user.registerAgain',
    ]);
  });

  it('sends only a few emails to one address', async () => {
    const { gateway } = await start({ emailVerification: 'required' });
    const outcomes: string[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) {
      outcomes.push(await outcome(register(gateway, 'bombed@example.org')));
    }
    expect(outcomes).toEqual([...Array<string>(5).fill('EMAIL_NOT_VERIFIED'), 'RATE_LIMITED']);
    expect(await gateway.deliverMail()).toHaveLength(5);
  });

  it('cannot be used to sign in before it is verified', async () => {
    const { gateway } = await start({ emailVerification: 'required' });
    await outcome(register(gateway, 'new@example.org'));
    const [first] = await gateway.deliverMail();
    expect(await outcome(login(gateway, 'new@example.org'))).toBe('EMAIL_NOT_VERIFIED');
    // Only a client that knows the password learns that the account exists.
    const guessed = login(gateway, 'new@example.org', 'a wrong long password');
    expect(await outcome(guessed)).toBe('INVALID_CREDENTIALS');
    const session = { user: { email: 'new@example.org' } };
    expect(await database.prisma.session.count({ where: session })).toBe(0);
    const refusal = await database.prisma.auditEntry.findFirst({
      where: { action: 'session.refuse', targetLabel: 'new@example.org' },
      orderBy: { id: 'asc' },
    });
    expect(refusal?.details).toMatchObject({ reason: 'emailNotVerified' });

    await gateway.users.verifyEmail(anonymousCaller, { token: tokenIn(first) });
    expect(await outcome(login(gateway, 'new@example.org'))).toBe('done');
  });

  it('gets another link on request, without a sign-in', async () => {
    const { gateway } = await start({ emailVerification: 'required' });
    await outcome(register(gateway, 'resend@example.org'));
    await gateway.deliverMail();
    const resend = (email: string) =>
      outcome(gateway.users.resendEmailVerificationTo(anonymousCaller, { email }));
    expect(await resend('Resend@example.org')).toBe('done');
    expect(await resend('nobody@example.org')).toBe('done');
    expect(await subjects(gateway)).toEqual(['resend@example.org: Verify your email address']);
    expect(await resend('not an address')).toBe('VALIDATION_FAILED');
    for (let count = 0; count < 4; count += 1) await resend('resend@example.org');
    expect(await resend('resend@example.org')).toBe('RATE_LIMITED');
  });

  it('is verified by a password reset', async () => {
    const { gateway } = await start({ emailVerification: 'required' });
    await outcome(register(gateway, 'reset@example.org'));
    await gateway.deliverMail();
    await gateway.users.requestPasswordReset(anonymousCaller, { email: 'reset@example.org' });
    const token = tokenIn((await gateway.deliverMail())[0]);
    const newPassword = 'a new long password';
    await gateway.users.resetPassword(anonymousCaller, { token, newPassword });
    expect(await outcome(login(gateway, 'reset@example.org', newPassword))).toBe('done');
  });
});
