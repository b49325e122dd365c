import { beforeAll, describe, expect, it } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  tokenIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';

const minute = 60_000;
const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const newPassword = 'another long password';
const request = (email: string) => gateway.users.requestPasswordReset(anonymousCaller, { email });
const reset = (token: string, password = newPassword) =>
  gateway.users.resetPassword(anonymousCaller, { token, newPassword: password });
const login = (email: string, password: string) =>
  outcome(gateway.sessions.login(anonymousCaller, { email, password }));

/** Creates an account and mails a reset link to it. Advances the clock past the per-minute limits. */
async function withLink() {
  clock.advance(minute);
  const user = await registerSomebody(gateway);
  await gateway.deliverMail();
  await request(user.email);
  const [mail] = await gateway.deliverMail();
  return { ...user, token: tokenIn(mail), mail };
}

describe('requesting a reset', () => {
  it('mails a link with the token in the fragment, and stores only the hash of the token', async () => {
    const { token, mail, email, userId } = await withLink();
    expect(mail).toMatchObject({ to: email, subject: 'Reset your password' });
    expect(mail?.text).toContain(`https://tessera.example.org/reset-password#token=${token}\n`);
    const { rows } = await database.pool.query<{ text: string }>(
      `SELECT string_agg(r::text, '') AS text FROM tessera.password_resets r`,
    );
    expect(rows[0]?.text).not.toContain(Buffer.from(token, 'base64url').toString('hex'));
    expect(rows[0]?.text).not.toContain(token);
    const entry = await database.prisma.auditEntry.findFirstOrThrow({
      where: { action: 'user.requestPasswordReset', targetId: userId },
    });
    const { ipAddress, requestId } = anonymousCaller;
    expect(entry).toMatchObject({ actorKind: 'ANONYMOUS', ipAddress, requestId });
  });

  it('returns the same response for an address without an account, but sends no mail', async () => {
    clock.advance(minute);
    const before = await database.prisma.passwordReset.count();
    expect(await outcome(request('nobody@example.org'))).toBe('done');
    expect(await gateway.deliverMail()).toEqual([]);
    expect(await database.prisma.passwordReset.count()).toBe(before);
  });

  it('does not look up the account before it responds', async () => {
    clock.advance(minute);
    const user = await registerSomebody(gateway);
    // While the table is locked, a lookup would block, but the response must not.
    const client = await database.pool.connect();
    try {
      await client.query('BEGIN; LOCK TABLE tessera.users IN ACCESS EXCLUSIVE MODE');
      expect(await outcome(request(user.email))).toBe('done');
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    await gateway.deliverMail();
  });

  it('is limited per account, whether or not it exists, and per network', async () => {
    clock.advance(minute);
    const { email } = await registerSomebody(gateway);
    for (const address of [email, 'nobody@example.org']) {
      for (let turn = 0; turn < 5; turn += 1) expect(await outcome(request(address))).toBe('done');
      expect(await outcome(request(address))).toBe('RATE_LIMITED');
    }
    // The network has made twelve requests, including those that exceeded an account's limit.
    for (let turn = 0; turn < 18; turn += 1) {
      expect(await outcome(request(`nobody-${turn}@example.org`))).toBe('done');
    }
    expect(await outcome(request('somebody-else@example.org'))).toBe('RATE_LIMITED');
    await gateway.deliverMail();
  });

  it.each([['nothing'], ['some\0body@example.org'], ['\ud83e@example.org']])(
    'rejects the invalid address %j',
    async (address) => {
      expect(await outcome(request(address))).toBe('VALIDATION_FAILED');
    },
  );
});

describe('resetting the password', () => {
  it('sets the password, ends all sessions, verifies the address, and notifies the owner', async () => {
    const user = await withLink();
    const other = await gateway.sessions.login(anonymousCaller, user);

    await reset(user.token);

    expect(await login(user.email, user.password)).toBe('INVALID_CREDENTIALS');
    expect(await login(user.email, newPassword)).toBe('done');
    for (const { accessToken, refreshToken } of [user, other]) {
      expect(await gateway.sessions.authenticate(accessToken)).toBeNull();
      expect(await outcome(gateway.sessions.refresh(anonymousCaller, refreshToken))).toBe(
        'INVALID_TOKEN',
      );
    }
    const { emailVerifiedAt } = await database.prisma.user.findUniqueOrThrow({
      where: { id: user.userId },
    });
    expect(emailVerifiedAt).toEqual(clock());
    expect(await gateway.deliverMail()).toMatchObject([
      { to: user.email, subject: 'Your password was changed' },
    ]);
    const entries = await database.prisma.auditEntry.findMany({
      where: { action: 'user.resetPassword', targetId: user.userId },
    });
    expect(entries).toMatchObject([{ details: { endedSessions: 2 } }]);
  });

  it('succeeds for only one of several concurrent requests with the same link', async () => {
    const user = await withLink();
    const passwords = Array.from({ length: 8 }, (_, turn) => `${newPassword} ${turn}`);

    const outcomes = await Promise.all(
      passwords.map((password) => outcome(reset(user.token, password))),
    );

    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'INVALID_TOKEN']));
    const winner = passwords[outcomes.indexOf('done')] ?? '';
    expect(await login(user.email, winner)).toBe('done');
    expect(await gateway.deliverMail()).toHaveLength(1);
  });

  it("invalidates the account's other links", async () => {
    const user = await withLink();
    await request(user.email);
    const [mail] = await gateway.deliverMail();
    await reset(tokenIn(mail));
    expect(await outcome(reset(user.token))).toBe('INVALID_TOKEN');
  });

  it('keeps the link valid if the new password is weak', async () => {
    const { token, email } = await withLink();
    for (const weak of ['short', email, '123456789012', 'x'.repeat(10_000)]) {
      expect(await outcome(reset(token, weak))).toBe('VALIDATION_FAILED');
    }
    expect(await outcome(reset(token))).toBe('done');
  });

  it('is possible for one hour after the request', async () => {
    const { token } = await withLink();
    const { token: older } = await withLink();
    clock.advance(59 * minute - 1);
    expect(await outcome(reset(token))).toBe('done');
    clock.advance(minute + 1);
    expect(await outcome(reset(older))).toBe('INVALID_TOKEN');
  });

  it.each([
    ['an empty token', ''],
    ['an unknown token', 'A'.repeat(43)],
    ['a NUL', '\0'],
    ['half a surrogate pair', '\ud83e'],
  ])('rejects %s', async (_what, token) => {
    clock.advance(minute);
    expect(await outcome(reset(token))).toBe('INVALID_TOKEN');
  });

  it('is limited per network', async () => {
    clock.advance(minute);
    for (let turn = 0; turn < 30; turn += 1) {
      expect(await outcome(reset('nonsense'))).toBe('INVALID_TOKEN');
    }
    expect(await outcome(reset('nonsense'))).toBe('RATE_LIMITED');
  });
});
