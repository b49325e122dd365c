import { beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { whileHolding } from '../../../test/locks.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';
import { createSessionCleanup } from './cleanup.ts';

const day = 24 * 60 * 60 * 1_000;
const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const cleanUp = () => createSessionCleanup({ db: database.prisma, clock })();
const sessionsLeft = (userId: string) => database.prisma.session.count({ where: { userId } });

it('deletes sessions and their refresh tokens a day after they end or expire', async () => {
  const { userId, viewer, caller } = await registerSomebody(gateway);
  await database.pool.query(
    `WITH RECURSIVE chain(n, id, parent_id) AS (
       SELECT 1, gen_random_uuid(), t.id FROM tessera.refresh_tokens t WHERE t.session_id = $1
       UNION ALL SELECT n + 1, gen_random_uuid(), id FROM chain WHERE n < 12000)
     INSERT INTO tessera.refresh_tokens (id, session_id, parent_id, token_hash)
     SELECT id, $1, parent_id, sha256(n::text::bytea) FROM chain`,
    [viewer.sessionId],
  );
  await gateway.sessions.revoke(caller, { id: viewer.sessionId });

  clock.advance(day);
  expect(await cleanUp()).toMatchObject({ sessions: 0 });
  clock.advance(1);
  expect(await cleanUp()).toMatchObject({ sessions: 1 });

  expect(await sessionsLeft(userId)).toBe(0);
  const { sessionId } = viewer;
  expect(await database.prisma.refreshToken.count({ where: { sessionId } })).toBe(0);
});

it('keeps active sessions, and deletes more than one batch', async () => {
  const old = [];
  for (let turn = 0; turn < 25; turn += 1) old.push(await registerSomebody(gateway));
  clock.advance(31 * day + 1);
  const fresh = await registerSomebody(gateway);

  expect(await cleanUp()).toMatchObject({ sessions: 25 });

  for (const { userId } of old) expect(await sessionsLeft(userId)).toBe(0);
  expect(await sessionsLeft(fresh.userId)).toBe(1);
});

it('deletes links a day after they expire', async () => {
  const { email } = await registerSomebody(gateway);
  const request = { email, requestId: 'a', ipAddress: '192.0.2.1' };
  await gateway.users.requestPasswordReset(
    { ...request, viewer: { kind: 'anonymous' }, userAgent: null },
    request,
  );
  await gateway.deliverMail();
  clock.advance(60 * 60_000 + day);
  expect((await cleanUp()).passwordResets).toBe(0);
  clock.advance(1);
  expect((await cleanUp()).passwordResets).toBe(1);
  clock.advance(3 * day);
  expect((await cleanUp()).emailVerifications).toBeGreaterThan(0);
  expect(await database.prisma.emailVerification.count()).toBe(0);
});

it('skips locked sessions', async () => {
  const { userId, viewer } = await registerSomebody(gateway);
  clock.advance(31 * day + 1);
  const hold = {
    sql: 'SELECT 1 FROM tessera.sessions WHERE id = $1 FOR UPDATE',
    values: [viewer.sessionId],
  };
  await whileHolding(database.pool, hold, cleanUp);
  expect(await sessionsLeft(userId)).toBe(1);
  await cleanUp();
  expect(await sessionsLeft(userId)).toBe(0);
});
