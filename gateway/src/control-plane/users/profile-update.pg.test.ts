import { beforeAll, describe, expect, it } from 'vitest';

import { anonymousCaller } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { outcome } from '../../../test/outcome.ts';
import {
  createTestClock,
  registerSomebody,
  startSignIn,
  type SignInInstance,
} from '../../../test/sign-in-kit.ts';

const database = useTestDatabase();
const clock = createTestClock();
let gateway: SignInInstance;

beforeAll(async () => {
  gateway = await startSignIn(database, { clock });
});

const entriesAbout = (userId: string) =>
  database.prisma.auditEntry.findMany({
    where: { action: 'user.updateProfile', targetId: userId },
  });

describe('updateProfile', () => {
  it('returns the trimmed new name and writes an audit entry', async () => {
    const user = await registerSomebody(gateway);
    const updated = await gateway.users.updateProfile(user.caller, { name: '  Ada Lovelace ' });
    expect(updated).toMatchObject({ id: user.userId, name: 'Ada Lovelace', email: user.email });
    expect(await entriesAbout(user.userId)).toMatchObject([
      {
        actorId: user.userId,
        targetLabel: user.email,
        details: { before: { name: 'Somebody' }, after: { name: 'Ada Lovelace' } },
      },
    ]);
  });

  it('changes nothing and writes no audit entry for the same name', async () => {
    const user = await registerSomebody(gateway);
    const updated = await gateway.users.updateProfile(user.caller, { name: 'Somebody' });
    expect(updated.name).toBe('Somebody');
    expect(await entriesAbout(user.userId)).toEqual([]);
  });

  it.each(['', '   ', 'a\u0000b', 'x'.repeat(81)])('rejects %j', async (name) => {
    const user = await registerSomebody(gateway);
    await expect(gateway.users.updateProfile(user.caller, { name })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      issues: [{ path: ['name'] }],
    });
  });

  it('requires a signed-in user', async () => {
    expect(await outcome(gateway.users.updateProfile(anonymousCaller, { name: 'Ada' }))).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('is refused for a session that has just ended', async () => {
    const user = await registerSomebody(gateway);
    const { viewer } = await gateway.sessions.login(anonymousCaller, user);
    await gateway.sessions.revokeOthers(user.caller);
    const ended = { ...anonymousCaller, viewer };
    expect(await outcome(gateway.users.updateProfile(ended, { name: 'Ada' }))).toBe(
      'UNAUTHENTICATED',
    );
    const { name } = await database.prisma.user.findUniqueOrThrow({ where: { id: user.userId } });
    expect(name).toBe('Somebody');
  });
});
