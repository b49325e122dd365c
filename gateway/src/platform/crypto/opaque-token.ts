import { createHash, randomBytes } from 'node:crypto';

/** Creates a random token of 256 bits as 43 base64url characters. Show the token once, and store only its hash. */
export function createOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * Returns the SHA-256 hash of a token, as stored in the database. A fast hash without a salt is sufficient because a
 * token with 256 random bits cannot be guessed.
 */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}
