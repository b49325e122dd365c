import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { isConstraintViolation, uniqueViolation } from './violations.ts';

const database = useTestDatabase();

const failureOf = (work: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(work).then(
    () => {
      throw new Error('The statement was expected to fail.');
    },
    (error: unknown) => error,
  );

const newUser = (email: string) =>
  database.prisma.user.create({ data: { email, name: 'Ada', passwordHash: 'x' } });

it('returns the name of a violated unique constraint for errors from Prisma, raw SQL and pg', async () => {
  const { id } = await newUser('ada@example.org');
  const sql = `INSERT INTO tessera.users (id, email, name, password_hash)
               SELECT gen_random_uuid(), email, name, password_hash FROM tessera.users`;
  for (const error of [
    await failureOf(newUser('ada@example.org')),
    await failureOf(database.prisma.$executeRawUnsafe(sql)),
    await failureOf(database.prisma.$transaction((tx) => tx.$executeRawUnsafe(sql))),
    await failureOf(database.pool.query(sql)),
  ]) {
    expect(uniqueViolation(error)).toBe('users_email_key');
    expect(isConstraintViolation(error, 'users_email_key')).toBe(true);
    expect(isConstraintViolation(error, 'users_pkey')).toBe(false);
  }
  const error = await failureOf(
    database.prisma.user.create({ data: { id, email: 'b@x.org', name: 'B', passwordHash: 'x' } }),
  );
  expect(uniqueViolation(error)).toBe('users_pkey');
});

it('returns the name of a violated partial unique index, which is not in the Prisma schema', async () => {
  const { id: organizationId } = await database.prisma.organization.create({
    data: { slug: 'violations', name: 'Violations' },
  });
  const invite = () =>
    database.prisma.invitation.create({
      data: { organizationId, email: 'eve@x.org', role: 'VIEWER', expiresAt: new Date() },
    });
  const first = await invite();
  expect(uniqueViolation(await failureOf(invite()))).toBe('invitations_open_key');
  await database.prisma.invitation.update({
    where: { id: first.id },
    data: { revokedAt: new Date() },
  });
  await expect(invite()).resolves.toMatchObject({ email: 'eve@x.org' });
});

it('returns the names of violated checks and foreign keys', async () => {
  const upperCase = await failureOf(newUser('Eve@example.org'));
  expect(isConstraintViolation(upperCase, 'users_email_check')).toBe(true);
  expect(uniqueViolation(upperCase)).toBeNull();

  const orphan = await failureOf(
    database.prisma.session.create({ data: { userId: randomUUID(), expiresAt: new Date() } }),
  );
  expect(isConstraintViolation(orphan, 'sessions_user_id_fkey')).toBe(true);
});

it('returns null or false for other errors', async () => {
  const missing = await failureOf(
    database.prisma.user.update({ where: { id: randomUUID() }, data: { name: 'Nobody' } }),
  );
  const syntax = await failureOf(database.pool.query('SELEC'));
  for (const error of [missing, syntax, new Error('x'), null, undefined, 'users_email_key']) {
    expect(uniqueViolation(error)).toBeNull();
    expect(isConstraintViolation(error, 'users_email_key')).toBe(false);
  }
});
