import { webcrypto } from 'node:crypto';
import { base64url, errors as joseErrors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import type { Clock } from '../../platform/clock.ts';

const algorithm = 'HS256';
const type = 'at+jwt';
const protectedHeader = { alg: algorithm, typ: type };
/** The start of every access token that this module issues. */
const encodedHeader = `${base64url.encode(JSON.stringify(protectedHeader))}.`;
const minKeyBytes = 32;
const maxTokenLength = 4_096;
/**
 * Verified tokens are cached, because signatures are checked in the thread pool, which is often busy with password
 * hashing.
 */
const rememberedTokens = 10_000;

export interface AccessTokenOptions {
  /** Must have at least 32 bytes and be the same on every instance. */
  readonly key: Uint8Array;
  readonly issuer: string;
  readonly audience: string;
  readonly lifetimeSeconds?: number;
  readonly clock: Clock;
}

export interface AccessTokenSubject {
  readonly userId: string;
  readonly sessionId: string;
}

export interface AccessTokens {
  issue(subject: AccessTokenSubject): Promise<{ readonly token: string; readonly expiresAt: Date }>;
  /** Returns null for an invalid or expired token. Does not check whether the session is still active. */
  verify(token: string): Promise<VerifiedAccessToken | null>;
}

export interface VerifiedAccessToken extends AccessTokenSubject {
  readonly expiresAt: Date;
}

/**
 * Issues and verifies access tokens. They are JWTs (RFC 7519, typed `at+jwt` as in RFC 9068), signed with HS256, the
 * only algorithm that is accepted. They contain `iss aud sub sid iat exp` and are valid for ten minutes by default.
 *
 * @throws if the key is shorter than 32 bytes (RFC 7518 section 3.2)
 */
export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { issuer, audience, lifetimeSeconds = 600, clock } = options;
  const key = importKey(options.key);
  const verified = new LRUCache<string, VerifiedAccessToken>(growingUpTo(rememberedTokens));

  return {
    async issue({ userId, sessionId }) {
      const issuedAt = Math.floor(clock().getTime() / 1_000);
      const expiry = issuedAt + lifetimeSeconds;
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader(protectedHeader)
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(userId)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiry)
        .sign(await key);
      return { token, expiresAt: new Date(expiry * 1_000) };
    },

    async verify(token) {
      if (token.length > maxTokenLength) return null;
      const now = clock();
      const known = verified.get(token);
      if (known !== undefined) return known.expiresAt > now ? known : null;
      const checks = { issuer, audience, currentDate: now };
      const fresh = await checkSignatureAndClaims(token, await key, checks);
      if (fresh !== null) verified.set(token, fresh);
      return fresh;
    },
  };
}

/** Whether a text starts like an access token. Nothing is decoded, so that this costs little for each request. */
export function looksLikeAccessToken(text: string): boolean {
  return text.startsWith(encodedHeader);
}

function importKey(key: Uint8Array): Promise<webcrypto.CryptoKey> {
  if (key.byteLength < minKeyBytes) {
    throw new Error(`The access token key must be at least ${minKeyBytes} bytes long.`);
  }
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  return webcrypto.subtle.importKey('raw', Uint8Array.from(key), hmac, false, ['sign', 'verify']);
}

async function checkSignatureAndClaims(
  token: string,
  key: webcrypto.CryptoKey,
  checks: { issuer: string; audience: string; currentDate: Date },
): Promise<VerifiedAccessToken | null> {
  try {
    const { payload } = await jwtVerify(token, key, {
      ...checks,
      algorithms: [algorithm],
      typ: type,
      clockTolerance: 0,
      requiredClaims: ['iss', 'aud', 'sub', 'sid', 'iat', 'exp'],
    });
    const { sub, sid, exp } = payload;
    if (typeof sub !== 'string' || typeof sid !== 'string' || exp === undefined) return null;
    if (sub === '' || sid === '') return null;
    return { userId: sub, sessionId: sid, expiresAt: new Date(exp * 1_000) };
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return null;
    throw error;
  }
}
