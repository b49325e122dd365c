import { expect, it } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { createTestClock } from '../../../test/sign-in-kit.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createSessionTransaction } from './session-changes.ts';
import { createStandingSessions } from './standing-sessions.ts';

const database = useTestDatabase();
const clock = createTestClock();

/** A pubsub that delivers no notifications but reports that it is connected. */
const slowPubSub: PubSub = {
  start: () => Promise.resolve(),
  subscribe: () => () => undefined,
  publish: () => Promise.resolve(),
  isHearing: () => true,
  onLost: () => () => undefined,
  onRegained: () => () => undefined,
  close: () => Promise.resolve(),
};

async function setUp() {
  const db = database.prisma;
  const standing = createStandingSessions({ db, pubsub: slowPubSub, clock });
  const transaction = createSessionTransaction({
    db,
    audit: createAuditService({ db }),
    standing,
    clock,
  });
  const { viewer } = await transaction(async (tx, sessions) => {
    const user = await tx.user.create({
      data: { email: `${clock().getTime()}@example.org`, name: 'Ada', passwordHash: '-' },
    });
    return sessions.begin(anonymousCaller, user);
  });
  clock.advance(1);
  expect(await standing.get(viewer.sessionId)).not.toBeNull();
  return { standing, transaction, sessionId: viewer.sessionId };
}

it('takes effect immediately on the instance that ends a session, without waiting for the notification', async () => {
  const { standing, transaction, sessionId } = await setUp();
  expect(await transaction((_tx, sessions) => sessions.end({ id: sessionId }))).toBe(1);
  expect(await standing.get(sessionId)).toBeNull();
});

it('keeps a session active if the transaction that ends it is rolled back', async () => {
  const { standing, transaction, sessionId } = await setUp();
  const failing = transaction(async (_tx, sessions) => {
    await sessions.end({ id: sessionId });
    throw new Error('rolled back');
  });
  await expect(failing).rejects.toThrow('rolled back');
  expect(await standing.get(sessionId)).not.toBeNull();
  const session = await database.prisma.session.findUniqueOrThrow({ where: { id: sessionId } });
  expect(session.revokedAt).toBeNull();
});
