import { createHash, randomBytes } from 'node:crypto';

/** A random token of 256 bits as 43 base64url characters. Hand it out once; keep only its hash. */
export function createOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * SHA-256 of a token, as the database keeps it. A plain hash is enough, since what is
 * hashed carries 256 random bits and cannot be guessed.
 */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}
