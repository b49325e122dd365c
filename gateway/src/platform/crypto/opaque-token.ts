import { createHash, createHmac, randomBytes } from 'node:crypto';

const childTokenDomain = 'tessera/refresh-token/child/v1\0';

/** A random token of 256 bits as 43 base64url characters. Hand it out once; keep only its hash. */
export function createOpaqueToken(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * SHA-256 of a token or API key, as it stands in the database. A plain hash is enough, since what is
 * hashed carries 256 random bits and cannot be guessed.
 */
export function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(token).digest());
}

/**
 * The refresh token that follows `parent` in its session's chain: HMAC-SHA-256 under `key`, 43 base64url
 * characters. The same parent always leads to the same child, so that a client whose answer was lost
 * gets it again and nothing reversible needs to be stored. The domain prefix keeps these values
 * apart from any other use of the key.
 */
export function deriveChildToken(key: Uint8Array, parent: string): string {
  return createHmac('sha256', key).update(childTokenDomain).update(parent).digest('base64url');
}
