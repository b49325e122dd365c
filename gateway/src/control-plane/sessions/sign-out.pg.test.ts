import { randomUUID } from 'node:crypto';

import { beforeAll, describe, expect, it, vi } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';
import type { Principal } from '../access/viewer.ts';
import { controlPlaneLimits } from '../limits.ts';

const database = useTestDatabase();
const clock = createTestClock();
let here: SignInInstance;
let elsewhere: SignInInstance;

beforeAll(async () => {
  here = await startSignIn(database, { clock });
  elsewhere = await startSignIn(database, { clock });
});

/** Creates another session for the same user. */
async function signInAgain(user: { email: string; password: string }) {
  const issued = await here.sessions.login(anonymousCaller, user);
  const caller: Principal = { ...anonymousCaller, viewer: issued.viewer };
  return { ...issued, caller };
}

const alive = async ({ accessToken }: { accessToken: string }, instance = here) =>
  (await instance.sessions.authenticate(accessToken)) !== null;

/** Runs two changes to a user's sessions concurrently. Returns their outcomes in sorted order. */
async function atOnce(userId: string, changes: [() => Promise<void>, () => Promise<void>]) {
  const hold = {
    sql: 'SELECT 1 FROM tessera.sessions WHERE user_id = $1 FOR NO KEY UPDATE',
    values: [userId],
  };
  const { outcomes } = await whileHolding(database.pool, hold, async () => {
    const both = Promise.all(changes.map((change) => outcome(change())));
    await untilWaiting(database.pool, changes.length);
    return { outcomes: both };
  });
  return (await outcomes).sort();
}

const actionsAbout = async (targetId: string) => {
  const entries = await database.prisma.auditEntry.findMany({
    where: { targetId },
    orderBy: { id: 'asc' },
  });
  return entries.map((entry) => entry.action);
};

describe('an access token', () => {
  it.each([
    ['an empty string', ''],
    ['an invalid token', 'a.b.c'],
    ['a NUL character', '\0'],
  ])('is rejected if it is %s', async (_what, text) => {
    expect(await here.sessions.authenticate(text)).toBeNull();
  });

  it('expires after ten minutes', async () => {
    const { accessToken } = await registerSomebody(here);
    clock.advance(10 * 60_000 - 1_000);
    expect(await alive({ accessToken })).toBe(true);
    clock.advance(1_000);
    expect(await alive({ accessToken })).toBe(false);
  });
});

describe('revoking a session', () => {
  it('invalidates its access token immediately on this instance, and within a second on others', async () => {
    const user = await registerSomebody(here);
    const other = await signInAgain(user);
    // The session is now in the other instance's cache.
    expect(await alive(other, elsewhere)).toBe(true);

    await here.sessions.revoke(user.caller, { id: other.viewer.sessionId });

    expect(await alive(other)).toBe(false);
    await vi.waitFor(async () => expect(await alive(other, elsewhere)).toBe(false), {
      timeout: 1_000,
      interval: 5,
    });
    expect(await outcome(here.sessions.refresh(anonymousCaller, other.refreshToken))).toBe(
      'INVALID_TOKEN',
    );
    expect(await alive(user, elsewhere)).toBe(true);
    expect(await actionsAbout(other.viewer.sessionId)).toEqual([
      'session.create',
      'session.revoke',
    ]);
  });

  it('can revoke the current session', async () => {
    const user = await registerSomebody(here);
    await here.sessions.revoke(user.caller, { id: user.viewer.sessionId });
    expect(await alive(user)).toBe(false);
  });

  it("returns the same error for another user's session as for a missing one", async () => {
    const user = await registerSomebody(here);
    const stranger = await registerSomebody(here);
    const revoke = (id: string) => here.sessions.revoke(user.caller, { id });

    const failures = await Promise.all(
      [stranger.viewer.sessionId, randomUUID(), 'nonsense', '\0'].map((id) =>
        revoke(id).catch((error: unknown) => error),
      ),
    );

    for (const failure of failures) expect(failure).toEqual(failures[0]);
    expect(failures[0]).toMatchObject({ code: 'NOT_FOUND' });
    expect(await alive(stranger)).toBe(true);
  });

  it('is refused for a session that has just ended', async () => {
    const user = await registerSomebody(here);
    const other = await signInAgain(user);
    await here.sessions.revoke(user.caller, { id: other.viewer.sessionId });

    const { sessions } = here;
    expect(await outcome(sessions.revoke(other.caller, { id: user.viewer.sessionId }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(await outcome(sessions.revokeOthers(other.caller))).toBe('UNAUTHENTICATED');
    expect(await alive(user)).toBe(true);
  });

  it('requires a signed-in user', async () => {
    expect(await outcome(here.sessions.revoke(anonymousCaller, { id: randomUUID() }))).toBe(
      'UNAUTHENTICATED',
    );
    expect(await outcome(here.sessions.revokeOthers(anonymousCaller))).toBe('UNAUTHENTICATED');
  });
});

describe('revoking the other sessions', () => {
  it('keeps the current session', async () => {
    const user = await registerSomebody(here);
    const others = [await signInAgain(user), await signInAgain(user)];
    const stranger = await registerSomebody(here);

    await here.sessions.revokeOthers(user.caller);

    for (const other of others) expect(await alive(other)).toBe(false);
    expect(await alive(user)).toBe(true);
    expect(await alive(stranger)).toBe(true);
    expect(await actionsAbout(user.userId)).toEqual(['user.register', 'session.revokeOthers']);
  });

  it('leaves one session if two revoke each other with revokeOtherSessions', async () => {
    const user = await registerSomebody(here);
    const other = await signInAgain(user);

    const outcomes = await atOnce(user.userId, [
      () => here.sessions.revokeOthers(user.caller),
      () => elsewhere.sessions.revokeOthers(other.caller),
    ]);

    expect(outcomes).toEqual(['UNAUTHENTICATED', 'done']);
    const where = { userId: user.userId, revokedAt: null };
    expect(await database.prisma.session.count({ where })).toBe(1);
  });

  it('leaves one session if two revoke each other with revokeSession', async () => {
    const user = await registerSomebody(here);
    const other = await signInAgain(user);

    const outcomes = await atOnce(user.userId, [
      () => here.sessions.revoke(user.caller, { id: other.viewer.sessionId }),
      () => elsewhere.sessions.revoke(other.caller, { id: user.viewer.sessionId }),
    ]);

    expect(outcomes).toEqual(['UNAUTHENTICATED', 'done']);
  });
});

describe('signing out', () => {
  it("ends the access token's session", async () => {
    const user = await registerSomebody(here);
    await here.sessions.logout(user.caller, null);
    expect(await alive(user)).toBe(false);
    expect(await actionsAbout(user.viewer.sessionId)).toEqual(['session.create', 'session.logout']);
  });

  it("ends the refresh token's session if there is no access token", async () => {
    const user = await registerSomebody(here);
    await here.sessions.logout(anonymousCaller, user.refreshToken);
    expect(await alive(user)).toBe(false);
    const entry = await database.prisma.auditEntry.findFirstOrThrow({
      where: { targetId: user.viewer.sessionId, action: 'session.logout' },
    });
    expect(entry).toMatchObject({ actorKind: 'USER', actorId: user.userId });
  });

  it('ends both sessions, and no others, if the tokens belong to different sessions', async () => {
    const user = await registerSomebody(here);
    const other = await signInAgain(user);
    const third = await signInAgain(user);
    await here.sessions.logout(user.caller, other.refreshToken);
    expect(await alive(user)).toBe(false);
    expect(await alive(other)).toBe(false);
    expect(await alive(third)).toBe(true);
  });

  it('has no effect if repeated, without a token, or with an invalid token', async () => {
    const user = await registerSomebody(here);
    await here.sessions.logout(user.caller, user.refreshToken);
    await here.sessions.logout(user.caller, user.refreshToken);
    await here.sessions.logout(anonymousCaller, null);
    await here.sessions.logout(anonymousCaller, 'nonsense\0');
    expect(await actionsAbout(user.viewer.sessionId)).toEqual(['session.create', 'session.logout']);
  });
});

describe('a user', () => {
  it('can have up to a hundred sessions, and a new one ends the session that has been unused the longest', async () => {
    const user = await registerSomebody(here);
    const sessions = [];
    for (let turn = 1; turn < controlPlaneLimits.maxSessionsPerUser; turn += 1) {
      clock.advance(1);
      sessions.push(await signInAgain(user));
    }
    clock.advance(1);
    // The first session is used again, so the second one has now been unused for the longest time.
    await here.sessions.refresh(anonymousCaller, user.refreshToken);

    const newest = await signInAgain(user);

    const where = here.sessions.standingOf(user.userId);
    expect(await database.prisma.session.count({ where })).toBe(
      controlPlaneLimits.maxSessionsPerUser,
    );
    const [second, third] = sessions;
    if (second === undefined || third === undefined)
      throw new Error('There should be a hundred sessions.');
    expect(await alive(second)).toBe(false);
    for (const session of [user, third, newest]) expect(await alive(session)).toBe(true);
  });
});
