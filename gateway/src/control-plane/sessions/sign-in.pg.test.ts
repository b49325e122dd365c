import bcrypt from 'bcrypt';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  testBcryptCost,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';

const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const wrong = 'not the password at all';
const login = (email: string, password: string, { sessions } = gateway) =>
  sessions.login(anonymousCaller, { email, password });
const failureOf = (work: Promise<unknown>) => work.catch((error: unknown) => error);
const lastEntries = (count: number) =>
  database.prisma.auditEntry.findMany({ orderBy: { id: 'desc' }, take: count });

describe('a sign-in', () => {
  it('creates a new session', async () => {
    const user = await registerSomebody(gateway);
    const issued = await login(user.email, user.password);

    expect(issued.viewer).toMatchObject({ userId: user.userId, email: user.email });
    expect(issued.viewer.sessionId).not.toBe(user.viewer.sessionId);
    expect(await gateway.sessions.authenticate(issued.accessToken)).toEqual(issued.viewer);
    const session = await database.prisma.session.findUniqueOrThrow({
      where: { id: issued.viewer.sessionId },
    });
    const { ipAddress, userAgent } = anonymousCaller;
    expect(session).toMatchObject({ ipAddress, userAgent, createdAt: clock(), revokedAt: null });
  });

  it('ignores case and surrounding whitespace in the address', async () => {
    const user = await registerSomebody(gateway);
    expect(await outcome(login(` ${user.email.toUpperCase()} `, user.password))).toBe('done');
  });

  it('compares all bytes of a password, including those after the 72nd', async () => {
    const long = `${'long '.repeat(20)}a`;
    const user = await registerSomebody(gateway, long);
    expect(Buffer.byteLength(long)).toBeGreaterThan(72);
    expect(await outcome(login(user.email, `${long.slice(0, -1)}b`))).toBe('INVALID_CREDENTIALS');
    expect(await outcome(login(user.email, long))).toBe('done');
  });

  it('accepts a password of 64 four-byte characters', async () => {
    const user = await registerSomebody(gateway, '🦊'.repeat(64));
    expect(await outcome(login(user.email, '🦊'.repeat(63)))).toBe('INVALID_CREDENTIALS');
    expect(await outcome(login(user.email, '🦊'.repeat(64)))).toBe('done');
  });

  it.each([
    ['an empty password', 'somebody@example.org', '', 'INVALID_CREDENTIALS'],
    ['a password with a NUL', 'somebody@example.org', 'a\0b', 'INVALID_CREDENTIALS'],
    ['half a surrogate pair', 'somebody@example.org', '\ud83e', 'INVALID_CREDENTIALS'],
    ['a huge password', 'somebody@example.org', 'x'.repeat(100_000), 'VALIDATION_FAILED'],
    ['an invalid address', 'somebody', wrong, 'VALIDATION_FAILED'],
    ['an address with a NUL', 'some\0body@example.org', wrong, 'VALIDATION_FAILED'],
    ['half a surrogate pair as the address', '\ud83e@example.org', wrong, 'VALIDATION_FAILED'],
    ['a huge address', `${'x'.repeat(100_000)}@example.org`, wrong, 'VALIDATION_FAILED'],
  ])('rejects %s', async (_what, email, password, code) => {
    expect(await outcome(login(email, password))).toBe(code);
  });

  it('renews a hash that was created with a different cost', async () => {
    const user = await registerSomebody(gateway);
    const costlier = await startSignIn(database, { clock, bcryptCost: testBcryptCost + 1 });

    expect(await outcome(login(user.email, user.password, costlier))).toBe('done');

    const { passwordHash } = await database.prisma.user.findUniqueOrThrow({
      where: { id: user.userId },
    });
    expect(bcrypt.getRounds(passwordHash)).toBe(testBcryptCost + 1);
    expect(await outcome(login(user.email, user.password))).toBe('done');
  });

  it('succeeds while concurrent sign-ins renew the hash', async () => {
    const user = await registerSomebody(gateway);
    const costlier = await startSignIn(database, { clock, bcryptCost: testBcryptCost + 1 });
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, () => outcome(login(user.email, user.password, costlier))),
    );
    expect(outcomes).toEqual(['done', 'done', 'done', 'done']);
  });

  it('fails if the password is changed during the sign-in', async () => {
    const user = await registerSomebody(gateway);
    const newHash = await bcrypt.hash('of something else', testBcryptCost);

    const result = await whileHolding(
      database.pool,
      {
        sql: 'UPDATE tessera.users SET password_hash = $2 WHERE id = $1',
        values: [user.userId, newHash],
      },
      async () => {
        // The sign-in verifies the password against the old hash, and then waits for the row.
        const waiting = outcome(login(user.email, user.password));
        await untilWaiting(database.pool, 1);
        return { waiting };
      },
    );

    expect(await result.waiting).toBe('INVALID_CREDENTIALS');
    const where = { userId: user.userId };
    expect(await database.prisma.session.count({ where })).toBe(1);
  });
});

describe('a refused sign-in', () => {
  it('returns the same error for an unknown address and a wrong password', async () => {
    const { email } = await registerSomebody(gateway);
    const forWrongPassword = await failureOf(login(email, wrong));
    const forUnknownAddress = await failureOf(login('nobody@example.org', wrong));
    expect(forUnknownAddress).toEqual(forWrongPassword);
    expect(forUnknownAddress).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  it('makes one bcrypt comparison at the same cost for an unknown address and a wrong password', async () => {
    const { email } = await registerSomebody(gateway);
    const compare = vi.spyOn(bcrypt, 'compare');
    const hash = vi.spyOn(bcrypt, 'hash');
    const costs = () => compare.mock.calls.map(([, known]) => bcrypt.getRounds(known));

    await outcome(login(email, wrong));
    expect(costs()).toEqual([testBcryptCost]);
    compare.mockClear();

    await outcome(login('nobody@example.org', wrong));
    expect(costs()).toEqual([testBcryptCost]);
    expect(hash).not.toHaveBeenCalled();
  });

  it('is audited without the password, and with only the hash of an unknown address', async () => {
    const { email, userId } = await registerSomebody(gateway);
    await outcome(login(email, wrong));
    await outcome(login('nobody@example.org', wrong));

    const entries = await lastEntries(2);

    expect(entries).toMatchObject([
      { action: 'session.refuse', targetId: null, details: { reason: 'unknownAddress' } },
      { action: 'session.refuse', targetId: userId, details: { reason: 'wrongPassword' } },
    ]);
    const text = JSON.stringify(entries);
    expect(text).not.toContain(wrong);
    expect(text).not.toContain('nobody@');
  });
});

describe('the rate limit for sign-ins', () => {
  let strict: SignInInstance;
  beforeEach(async () => {
    strict = await startSignIn(database, { clock, signInLimitPerMinute: 10 });
  });

  const from = (ipAddress: string) => ({ ...anonymousCaller, ipAddress });

  it('allows ten attempts per minute per account, regardless of outcome and network', async () => {
    const { email, password } = await registerSomebody(strict);
    const attempt = (turn: number) =>
      outcome(strict.sessions.login(from(`198.51.100.${turn}`), { email, password }));
    for (let turn = 0; turn < 10; turn += 1) expect(await attempt(turn)).toBe('done');
    const compare = vi.spyOn(bcrypt, 'compare');

    expect(await attempt(11)).toBe('RATE_LIMITED');

    expect(compare).not.toHaveBeenCalled();
    clock.advance(60_000);
    expect(await attempt(12)).toBe('done');
  });

  it('allows ten attempts per minute per network, regardless of the account', async () => {
    const attempt = (turn: number, ipAddress: string) =>
      failureOf(
        strict.sessions.login(from(ipAddress), {
          email: `nobody-${turn}@example.org`,
          password: wrong,
        }),
      );
    const codes = await Promise.all(
      Array.from({ length: 10 }, (_, turn) => attempt(turn, `2001:db8::${turn}`)),
    );
    for (const failure of codes) expect(failure).toMatchObject({ code: 'INVALID_CREDENTIALS' });

    const refusal = await attempt(10, '2001:db8::ffff:1');
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED', headers: { 'retry-after': '60' } });
    expect(await attempt(11, '2001:db8:0:1::1')).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  it('audits attempts over the limit at most once per minute', async () => {
    const email = 'target@example.org';
    const refusals = () =>
      database.prisma.auditEntry.count({
        where: { action: 'session.refuse', details: { path: ['reason'], equals: 'rateLimited' } },
      });
    const before = await refusals();
    for (let turn = 0; turn < 20; turn += 1) await outcome(login(email, wrong, strict));
    expect(await refusals()).toBe(before + 1);
    clock.advance(60_000);
    for (let turn = 0; turn < 11; turn += 1) await outcome(login(email, wrong, strict));
    expect(await refusals()).toBe(before + 2);
  });
});
