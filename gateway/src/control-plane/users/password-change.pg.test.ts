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
import type { Principal } from '../access/viewer.ts';

const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const newPassword = 'another long password';
const change = (caller: Principal, currentPassword: string, to = newPassword) =>
  gateway.users.changePassword(caller, { currentPassword, newPassword: to });
const login = (email: string, password: string) =>
  outcome(gateway.sessions.login(anonymousCaller, { email, password }));

describe('changing the password', () => {
  it('ends the other sessions, keeps the current one, and notifies the owner', async () => {
    const user = await registerSomebody(gateway);
    const other = await gateway.sessions.login(anonymousCaller, user);
    await gateway.deliverMail();

    await change(user.caller, user.password);

    expect(await login(user.email, user.password)).toBe('INVALID_CREDENTIALS');
    expect(await login(user.email, newPassword)).toBe('done');
    expect(await gateway.sessions.authenticate(other.accessToken)).toBeNull();
    expect(await gateway.sessions.authenticate(user.accessToken)).toEqual(user.viewer);
    const entries = await database.prisma.auditEntry.findMany({
      where: { action: 'user.changePassword', targetId: user.userId },
    });
    expect(entries).toMatchObject([{ actorId: user.userId, details: { endedSessions: 1 } }]);
    const [mail, ...more] = await gateway.deliverMail();
    expect(more).toEqual([]);
    expect(mail).toMatchObject({ to: user.email, subject: 'Your password was changed' });
    expect(mail?.text).toContain('2030-01-01');
  });

  it('requires the current password', async () => {
    const user = await registerSomebody(gateway);
    expect(await outcome(change(user.caller, 'not the password'))).toBe('INVALID_CREDENTIALS');
    expect(await login(user.email, user.password)).toBe('done');
  });

  it('rejects a weak new password', async () => {
    const user = await registerSomebody(gateway);
    await expect(change(user.caller, user.password, user.email)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['newPassword'] }],
    });
  });

  it('requires a signed-in user', async () => {
    expect(await outcome(change(anonymousCaller, newPassword))).toBe('UNAUTHENTICATED');
  });

  it('is refused for a session that has just ended', async () => {
    const user = await registerSomebody(gateway);
    const { viewer } = await gateway.sessions.login(anonymousCaller, user);
    await gateway.sessions.revokeOthers(user.caller);
    const ended = { ...anonymousCaller, viewer };
    expect(await outcome(change(ended, user.password))).toBe('UNAUTHENTICATED');
    expect(await login(user.email, user.password)).toBe('done');
  });

  it('invalidates reset links that were mailed earlier', async () => {
    const user = await registerSomebody(gateway);
    await gateway.deliverMail();
    await gateway.users.requestPasswordReset(anonymousCaller, user);
    const [mail] = await gateway.deliverMail();
    await change(user.caller, user.password);
    const input = { token: tokenIn(mail), newPassword: 'yet another password' };
    expect(await outcome(gateway.users.resetPassword(anonymousCaller, input))).toBe(
      'INVALID_TOKEN',
    );
  });

  it('succeeds for only one of several concurrent requests with the same current password', async () => {
    const user = await registerSomebody(gateway);
    const outcomes = await Promise.all([
      outcome(change(user.caller, user.password, `${newPassword} one`)),
      outcome(change(user.caller, user.password, `${newPassword} two`)),
    ]);
    expect(outcomes.filter((code) => code === 'done')).toHaveLength(1);
    // The other request fails because the password was changed either before or after it was verified.
    expect(['CONFLICT', 'INVALID_CREDENTIALS']).toContain(outcomes.find((code) => code !== 'done'));
  });

  it('is limited to twenty attempts per minute', async () => {
    const user = await registerSomebody(gateway);
    for (let turn = 0; turn < 20; turn += 1) {
      expect(await outcome(change(user.caller, 'wrong'))).toBe('INVALID_CREDENTIALS');
    }
    expect(await outcome(change(user.caller, user.password))).toBe('RATE_LIMITED');
    clock.advance(60_000);
    expect(await outcome(change(user.caller, user.password))).toBe('done');
  });
});
