import { beforeAll, describe, expect, it } from 'vitest';

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

const day = 24 * 60 * 60 * 1_000;
const database = useTestDatabase();
const clock = createTestClock();
let first: SignInInstance;
let second: SignInInstance;

beforeAll(async () => {
  first = await startSignIn(database, { clock });
  second = await startSignIn(database, { clock });
});

const refresh = (token: string, { sessions } = first) => sessions.refresh(anonymousCaller, token);
const entriesAbout = (sessionId: string) =>
  database.prisma.auditEntry.findMany({
    where: {
      action: { not: 'session.create' },
      OR: [{ targetId: sessionId }, { details: { path: ['sessionId'], equals: sessionId } }],
    },
  });

describe('a refresh', () => {
  it('exchanges the token for a new one and extends the session', async () => {
    const { refreshToken, viewer } = await registerSomebody(first);
    clock.advance(60_000);

    const next = await refresh(refreshToken);

    expect(next.refreshToken).toMatch(/^[\w-]{43}$/);
    expect(next.refreshToken).not.toBe(refreshToken);
    expect(next.viewer).toEqual(viewer);
    expect(await first.sessions.authenticate(next.accessToken)).toEqual(viewer);
    const session = await database.prisma.session.findUniqueOrThrow({
      where: { id: viewer.sessionId },
    });
    expect(session.lastUsedAt).toEqual(clock());
    expect(session.expiresAt).toEqual(new Date(clock().getTime() + 30 * day));
    expect(next.refreshTokenExpiresAt).toEqual(session.expiresAt);
  });

  it('does not store tokens in plain text', async () => {
    const { refreshToken } = await registerSomebody(first);
    const next = await refresh(refreshToken);
    const { rows } = await database.pool.query<{ text: string }>(
      `SELECT row_to_json(t)::text || encode(t.token_hash, 'base64') AS text
       FROM tessera.refresh_tokens t`,
    );
    const everything = rows.map(({ text }) => text).join('\n');
    for (const token of [refreshToken, next.refreshToken]) {
      expect(everything).not.toContain(token);
      const bytes = Buffer.from(token, 'base64url');
      expect(everything).not.toContain(bytes.toString('hex'));
      expect(everything).not.toContain(bytes.toString('base64'));
    }
  });

  it.each([
    ['an empty text', ''],
    ['a short text', 'abc'],
    ['an unknown token', 'A'.repeat(43)],
    ['a NUL', `${'A'.repeat(42)}\0`],
    ['half a surrogate pair', `${'A'.repeat(42)}\ud83e`],
    ['a megabyte', 'A'.repeat(1_000_000)],
  ])('rejects %s', async (_what, token) => {
    expect(await outcome(refresh(token))).toBe('INVALID_TOKEN');
  });

  it('is limited to sixty per minute per session', async () => {
    let { refreshToken } = await registerSomebody(first);
    for (let turn = 0; turn < 60; turn += 1) ({ refreshToken } = await refresh(refreshToken));

    expect(await outcome(refresh(refreshToken))).toBe('RATE_LIMITED');

    clock.advance(60_000);
    expect(await outcome(refresh(refreshToken))).toBe('done');
  });
});

describe('a refresh token that is used again', () => {
  it('returns the same successor within 10 seconds', async () => {
    const { refreshToken, viewer } = await registerSomebody(first);
    const next = await refresh(refreshToken);
    clock.advance(10_000);

    const again = await refresh(refreshToken, second);

    expect(again.refreshToken).toBe(next.refreshToken);
    expect(await entriesAbout(viewer.sessionId)).toEqual([]);
    expect(await outcome(refresh(next.refreshToken))).toBe('done');
  });

  it('ends its session if more than 10 seconds have passed, and writes an audit entry', async () => {
    const { refreshToken, viewer, userId } = await registerSomebody(first);
    const next = await refresh(refreshToken);
    clock.advance(10_001);

    expect(await outcome(refresh(refreshToken))).toBe('INVALID_TOKEN');

    expect(await first.sessions.authenticate(next.accessToken)).toBeNull();
    expect(await outcome(refresh(next.refreshToken))).toBe('INVALID_TOKEN');
    expect(await entriesAbout(viewer.sessionId)).toMatchObject([
      { action: 'session.refreshReused', actorKind: 'ANONYMOUS', targetId: userId },
    ]);
  });

  it('ends its session if its successor was used, even within 10 seconds', async () => {
    const { refreshToken: grandparent, viewer } = await registerSomebody(first);
    const parent = await refresh(grandparent);
    const child = await refresh(parent.refreshToken);

    expect(await outcome(refresh(grandparent))).toBe('INVALID_TOKEN');

    for (const { refreshToken } of [parent, child]) {
      expect(await outcome(refresh(refreshToken))).toBe('INVALID_TOKEN');
    }
    expect(await entriesAbout(viewer.sessionId)).toHaveLength(1);
  });

  it('does not affect other sessions of the user', async () => {
    const user = await registerSomebody(first);
    const other = await first.sessions.login(anonymousCaller, user);
    await refresh(user.refreshToken);
    clock.advance(10_001);
    expect(await outcome(refresh(user.refreshToken))).toBe('INVALID_TOKEN');

    expect(await outcome(refresh(other.refreshToken))).toBe('done');
  });
});

describe('a hundred concurrent refreshes on two instances', () => {
  it('create a single new token', async () => {
    const { refreshToken, viewer } = await registerSomebody(first);
    const { sessionId } = viewer;
    const hold = {
      sql: 'SELECT 1 FROM tessera.sessions WHERE id = $1 FOR UPDATE',
      values: [sessionId],
    };

    const { answers } = await whileHolding(database.pool, hold, async () => {
      const all = Array.from({ length: 100 }, (_, turn) =>
        refresh(refreshToken, turn % 2 === 0 ? first : second),
      );
      // Both instances are now waiting for the lock.
      await untilWaiting(database.pool, 2);
      return { answers: Promise.all(all) };
    });

    expect(new Set((await answers).map((answer) => answer.refreshToken)).size).toBe(1);
    expect(await database.prisma.refreshToken.count({ where: { sessionId } })).toBe(2);
    expect(await entriesAbout(sessionId)).toEqual([]);
  });
});

describe('a hundred concurrent refreshes on one instance', () => {
  it('leave connections free for other requests', async () => {
    const { refreshToken, viewer } = await registerSomebody(first);
    const hold = {
      sql: 'SELECT 1 FROM tessera.sessions WHERE id = $1 FOR UPDATE',
      values: [viewer.sessionId],
    };

    const { answers } = await whileHolding(database.pool, hold, async () => {
      const all = Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken)));
      await untilWaiting(database.pool, 1);
      await registerSomebody(first);
      return { answers: all };
    });

    expect(new Set((await answers).map((answer) => answer.refreshToken)).size).toBe(1);
  });
});

describe('a refresh after the session has ended', () => {
  it('reports that the session was revoked', async () => {
    const { refreshToken, viewer } = await registerSomebody(first);
    await first.sessions.revoke({ ...anonymousCaller, viewer }, { id: viewer.sessionId });
    await expect(refresh(refreshToken)).rejects.toMatchObject({ sessionEnd: 'REVOKED' });
  });

  it('reports that the session has expired', async () => {
    const { refreshToken } = await registerSomebody(first);
    clock.advance(30 * day);
    await expect(refresh(refreshToken)).rejects.toMatchObject({ sessionEnd: 'EXPIRED' });
  });

  it('reports that a token was used twice, and from then on that the session was revoked', async () => {
    const { refreshToken } = await registerSomebody(first);
    const next = await refresh(refreshToken);
    clock.advance(10_001);
    await expect(refresh(refreshToken)).rejects.toMatchObject({ sessionEnd: 'REUSED' });
    await expect(refresh(next.refreshToken)).rejects.toMatchObject({ sessionEnd: 'REVOKED' });
  });

  it('reports nothing about an unknown token', async () => {
    await expect(refresh('A'.repeat(43))).rejects.toMatchObject({ sessionEnd: null });
  });
});

describe('a session', () => {
  it('ends after 30 days without use', async () => {
    const early = await registerSomebody(first);
    const late = await registerSomebody(first);
    clock.advance(30 * day - 1);
    expect(await outcome(refresh(early.refreshToken))).toBe('done');
    clock.advance(1);
    expect(await outcome(refresh(late.refreshToken))).toBe('INVALID_TOKEN');
  });

  it('ends 90 days after the sign-in, regardless of its use', async () => {
    const begun = clock().getTime();
    let session = await registerSomebody(first);
    for (let turn = 0; turn < 4; turn += 1) {
      clock.advance(22 * day);
      session = { ...session, ...(await refresh(session.refreshToken)) };
    }
    expect(session.refreshTokenExpiresAt).toEqual(new Date(begun + 90 * day));
    clock.advance(2 * day - 1);
    session = { ...session, ...(await refresh(session.refreshToken)) };
    expect(await first.sessions.authenticate(session.accessToken)).not.toBeNull();

    clock.advance(1);

    expect(await outcome(refresh(session.refreshToken))).toBe('INVALID_TOKEN');
    expect(await first.sessions.authenticate(session.accessToken)).toBeNull();
  });
});
