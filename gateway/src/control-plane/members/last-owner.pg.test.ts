import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { isConstraintViolation } from '../../platform/db/violations.ts';

const database = useTestDatabase();

let made = 0;

/** Creates an organization with the given number of owners. Returns the ids of their memberships. */
async function organizationWith(owners: number) {
  const number = ++made;
  const organization = await database.prisma.organization.create({
    data: { slug: `org-${number}`, name: `Organization ${number}` },
  });
  const memberships: string[] = [];
  for (let owner = 0; owner < owners; owner++) {
    const user = await database.prisma.user.create({
      data: { email: `owner-${number}-${owner}@x.org`, name: 'Owner', passwordHash: 'x' },
    });
    const membership = await database.prisma.membership.create({
      data: { organizationId: organization.id, userId: user.id, role: 'OWNER' },
    });
    memberships.push(membership.id);
  }
  return { organization, memberships };
}

const ownersOf = (organizationId: string) =>
  database.prisma.membership.count({ where: { organizationId, role: 'OWNER' } });

const isLastOwner = (error: unknown) => isConstraintViolation(error, 'memberships_last_owner');

const lastOwnerError = expect.toSatisfy(isLastOwner) as unknown;

describe('the last owner of an organization', () => {
  it('cannot be demoted, removed or moved, and their account cannot be deleted', async () => {
    const { organization, memberships } = await organizationWith(1);
    const [id] = memberships;
    const { prisma } = database;
    const { userId } = await prisma.membership.findFirstOrThrow({ where: { id: id ?? '' } });
    const other = await organizationWith(1);
    const where = { organizationId_userId: { organizationId: organization.id, userId } };

    const attempts = [
      () => prisma.membership.update({ where, data: { role: 'ADMIN' } }),
      () => prisma.membership.update({ where, data: { organizationId: other.organization.id } }),
      () => prisma.membership.delete({ where }),
      () => prisma.membership.deleteMany({ where: { organizationId: organization.id } }),
      () => prisma.user.delete({ where: { id: userId } }),
    ];
    for (const attempt of attempts) {
      await expect(Promise.resolve(attempt())).rejects.toEqual(lastOwnerError);
    }
    expect(await ownersOf(organization.id)).toBe(1);
  });

  it('is deleted with the organization', async () => {
    const { organization } = await organizationWith(2);
    await database.prisma.organization.delete({ where: { id: organization.id } });
    expect(await ownersOf(organization.id)).toBe(0);
  });
});

describe('an organization with two owners', () => {
  it('can lose one of its owners', async () => {
    const { organization, memberships } = await organizationWith(2);
    await database.prisma.membership.delete({ where: { id: memberships[0] ?? '' } });
    expect(await ownersOf(organization.id)).toBe(1);
  });

  it('cannot lose both owners in one statement', async () => {
    const { organization } = await organizationWith(2);
    const both = database.prisma.membership.updateMany({
      where: { organizationId: organization.id },
      data: { role: 'VIEWER' },
    });
    await expect(Promise.resolve(both)).rejects.toEqual(lastOwnerError);
    expect(await ownersOf(organization.id)).toBe(2);
  });

  it.each(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
    'cannot lose both owners concurrently, under %s',
    async (isolation) => {
      const { organization, memberships } = await organizationWith(2);
      const [first, second] = await Promise.all([database.pool.connect(), database.pool.connect()]);
      try {
        const demote = 'UPDATE tessera.memberships SET role = $2 WHERE id = $1';
        for (const client of [first, second]) {
          await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
          await client.query('SELECT count(*) FROM tessera.memberships');
        }
        await first.query(demote, [memberships[0], 'ADMIN']);
        // This statement waits for the first transaction, which commits below.
        const later = second.query(demote, [memberships[1], 'ADMIN']).then(
          () => null,
          (error: unknown) => error,
        );
        await first.query('COMMIT');
        const error = await later;
        await second.query('ROLLBACK');
        const serialization = error instanceof Error && 'code' in error && error.code === '40001';
        expect(isolation === 'READ COMMITTED' ? isLastOwner(error) : serialization).toBe(true);
        expect(await ownersOf(organization.id)).toBe(1);
      } finally {
        first.release(true);
        second.release(true);
      }
    },
  );
});
