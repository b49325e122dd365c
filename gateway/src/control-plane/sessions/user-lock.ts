import type { Tx } from '../../platform/db/database.ts';

/**
 * Holds a user's row until the end of the transaction. Whatever changes several sessions of a user, or
 * their password, holds it first, so that such changes come one after the other.
 */
export async function lockUser(tx: Tx, userId: string): Promise<{ passwordHash: string } | null> {
  const [user] = await tx.$queryRaw<{ passwordHash: string }[]>`
    SELECT password_hash AS "passwordHash" FROM tessera.users
    WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
  return user ?? null;
}
