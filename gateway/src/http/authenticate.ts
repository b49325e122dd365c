import type { IncomingMessage } from 'node:http';

import { requestErrors } from '../platform/errors/request-errors.ts';
import { whenReady } from '../platform/when-ready.ts';

/** Verifies credentials. Each function returns null for an invalid credential. */
export interface CredentialVerifier<Key, User> {
  /** Returns synchronously if the key is cached. */
  readonly verifyKey: (text: string) => Key | null | Promise<Key | null>;
  readonly verifyAccessToken: (token: string) => Promise<User | null>;
}

/**
 * Identifies the caller from a request's credential. Returns null for a request without a credential. An invalid
 * credential is an error and is never treated as a missing one.
 * @throws RequestError `UNAUTHENTICATED` with a challenge (RFC 6750, section 3) if the credential is invalid, or
 * `BAD_REQUEST` if the request has two different credentials
 */
export function authenticate<Key, User>(
  request: IncomingMessage,
  { verifyKey, verifyAccessToken }: CredentialVerifier<Key, User>,
): Key | User | null | Promise<Key | User> {
  const credential = readCredential(request);
  if (credential === null) return null;
  return isApiKey(credential)
    ? whenReady(verifyKey(credential), requireValid)
    : verifyAccessToken(credential).then(requireValid);
}

function requireValid<Owner>(owner: Owner | null): Owner {
  if (owner === null) throw requestErrors.credentialNotValid();
  return owner;
}

const apiKeyPrefix = /^t[sp]k_/;
export const isApiKey = (credential: string): boolean => apiKeyPrefix.test(credential);

/** RFC 6750, 2.1. The limit exceeds the length of any credential that Tessera issues, and of users' tokens. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]{1,8192}=*)$/i;

function readCredential(request: IncomingMessage): string | null {
  const { token, key } = readCredentials(request);
  if (token !== null && key !== null && token !== key) {
    throw requestErrors.oneCredential();
  }
  return token ?? key;
}

/** The credentials of a request, which are not verified yet. */
export interface SentCredentials {
  /** The text in the header `Authorization`. It can be an API key too. */
  readonly token: string | null;
  /** The text in the header `X-API-Key`. */
  readonly key: string | null;
}

/**
 * Reads the headers with credentials.
 * @throws RequestError `UNAUTHENTICATED` if a header contains no credential of its kind, or `BAD_REQUEST` if it is
 * repeated
 */
export function readCredentials({ rawHeaders }: IncomingMessage): SentCredentials {
  const authorization = only(rawHeaders, 'Authorization');
  const keyHeader = only(rawHeaders, 'X-API-Key');
  const token = authorization === null ? null : (bearer.exec(authorization.trim())?.[1] ?? null);
  if (authorization !== null && token === null) throw requestErrors.credentialNotValid();
  const key = keyHeader === null ? null : keyHeader.trim();
  if (key !== null && !isApiKey(key)) throw requestErrors.credentialNotValid();
  return { token, key };
}

/**
 * Returns the value of a header that must not be sent more than once. Node silently drops a second `Authorization`
 * header, so this function reads the raw headers, an array of alternating names and values.
 */
export function only(rawHeaders: readonly string[], name: string): string | null {
  const wanted = name.toLowerCase();
  let found: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index];
    if (header?.length !== wanted.length || header.toLowerCase() !== wanted) continue;
    if (found !== null) throw requestErrors.headerOnce(name);
    found = rawHeaders[index + 1] ?? '';
  }
  return found;
}
