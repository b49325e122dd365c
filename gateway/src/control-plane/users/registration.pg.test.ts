import { beforeAll, describe, expect, it } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  goodPassword,
  startSignIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';

const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const register = (input: { name?: string; email: string; password?: string }) =>
  gateway.users.register(anonymousCaller, { name: 'Ada', password: goodPassword, ...input });

describe('registering', () => {
  it('creates an account, signs in, and mails a link', async () => {
    const issued = await register({ name: ' Ada  Lovelace ', email: 'Ada@Example.org' });

    expect(issued.viewer.email).toBe('ada@example.org');
    expect(await gateway.sessions.authenticate(issued.accessToken)).toEqual(issued.viewer);
    const user = await database.prisma.user.findUniqueOrThrow({
      where: { id: issued.viewer.userId },
    });
    expect(user).toMatchObject({ name: 'Ada  Lovelace', emailVerifiedAt: null });
    expect(user.passwordHash).toMatch(/^\$2b\$/);
    const mails = await gateway.deliverMail();
    expect(mails.map(({ to, subject }) => ({ to, subject }))).toEqual([
      { to: 'ada@example.org', subject: 'Verify your email address' },
    ]);
  });

  it('is recorded with the new user as the actor, without the password', async () => {
    const { viewer } = await register({ email: 'audited@example.org' });
    const entries = await database.prisma.auditEntry.findMany({
      where: { actorId: viewer.userId },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ action }) => action)).toEqual(['session.create', 'user.register']);
    expect(entries[1]).toMatchObject({
      actorKind: 'USER',
      actorLabel: 'audited@example.org',
      targetKind: 'user',
      targetId: viewer.userId,
      ipAddress: anonymousCaller.ipAddress,
    });
    expect(JSON.stringify(entries)).not.toContain(goodPassword);
  });

  it('rejects an address that already has an account, ignoring case', async () => {
    await register({ email: 'taken@example.org' });
    expect(await outcome(register({ email: 'TAKEN@example.org' }))).toBe('EMAIL_TAKEN');
  });

  it('succeeds for only one of several concurrent requests with the same address, and leaves no incomplete account', async () => {
    await gateway.deliverMail();
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => outcome(register({ email: 'race@example.org' }))),
    );
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('EMAIL_TAKEN'), 'done']);
    const where = { user: { email: 'race@example.org' } };
    expect(await database.prisma.session.count({ where })).toBe(1);
  });

  it.each([
    ['an empty name', { name: ' ', email: 'a@example.org' }, 'name'],
    ['a name with a NUL', { name: 'A\0', email: 'a@example.org' }, 'name'],
    ['half a surrogate pair', { name: '\ud83e', email: 'a@example.org' }, 'name'],
    ['an invalid address', { email: 'nothing' }, 'email'],
    ['a header in the address', { email: 'a@example.org\r\nBcc: b@example.org' }, 'email'],
    ['a short password', { email: 'a@example.org', password: 'short' }, 'password'],
    ['a common password', { email: 'a@example.org', password: '123456789012' }, 'password'],
    [
      'the address as the password',
      { email: 'abc@example.org', password: 'abc@example.org' },
      'password',
    ],
    [
      'an invalid password',
      { email: 'a@example.org', password: `${goodPassword}\ud83e` },
      'password',
    ],
    ['a huge password', { email: 'a@example.org', password: 'x'.repeat(100_000) }, 'password'],
  ])('rejects %s', async (_what, input, path) => {
    await expect(register(input)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: [path] }],
    });
  });

  it('is limited per network', async () => {
    const strict = await startSignIn(database, { clock, registerLimitPerMinute: 2 });
    const attempt = (turn: number, ipAddress: string) =>
      outcome(
        strict.users.register(
          { ...anonymousCaller, ipAddress },
          { name: 'Ada', email: `limited-${turn}@example.org`, password: goodPassword },
        ),
      );
    expect(await attempt(1, '198.51.100.1')).toBe('done');
    expect(await attempt(2, '198.51.100.1')).toBe('done');
    expect(await attempt(3, '198.51.100.1')).toBe('RATE_LIMITED');
    expect(await attempt(4, '198.51.100.2')).toBe('done');
  });
});
