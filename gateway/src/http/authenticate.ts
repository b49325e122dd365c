import type { IncomingMessage } from 'node:http';

import {
  anonymous,
  type ApiKeyViewer,
  type UserViewer,
  type Viewer,
} from '../platform/access/viewer.ts';
import { Refusal } from '../platform/errors/refusal.ts';

/** Who knows whether a credential is good; null for every one that is not. */
export interface Authenticators {
  readonly accessToken: (token: string) => Promise<UserViewer | null>;
  readonly apiKey: (text: string) => Promise<ApiKeyViewer | null>;
}

/**
 * The credential of a request → its viewer. A request without one is anonymous; a credential that is not
 * good is never taken for none.
 * @throws Refusal `UNAUTHENTICATED` with a challenge (RFC 6750, section 3), or `BAD_REQUEST` for two
 *   credentials that differ
 */
export async function authenticate(
  request: IncomingMessage,
  { accessToken, apiKey }: Authenticators,
): Promise<Viewer> {
  const credential = readCredential(request);
  if (credential === null) return anonymous;
  const viewer = isApiKey(credential) ? await apiKey(credential) : await accessToken(credential);
  if (viewer === null) throw notValid();
  return viewer;
}

const apiKeyPrefix = /^t[sp]k_/;
const isApiKey = (credential: string): boolean => apiKeyPrefix.test(credential);

/** RFC 6750, 2.1; longer than any credential of ours. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]{1,4096}=*)$/i;

function readCredential({ headersDistinct }: IncomingMessage): string | null {
  const authorization = only(headersDistinct.authorization, 'Authorization');
  const keyHeader = only(headersDistinct['x-api-key'], 'X-API-Key');
  const token = authorization === null ? null : (bearer.exec(authorization.trim())?.[1] ?? null);
  if (authorization !== null && token === null) throw notValid();
  const key = keyHeader === null ? null : keyHeader.trim();
  if (key !== null && !isApiKey(key)) throw notValid();
  if (token !== null && key !== null && token !== key) {
    throw new Refusal('BAD_REQUEST', 'Send one credential: Authorization or X-API-Key.');
  }
  return token ?? key;
}

function only(values: string[] | undefined, name: string): string | null {
  if (values !== undefined && values.length > 1) {
    throw new Refusal('BAD_REQUEST', `Send the header ${name} once.`);
  }
  return values?.[0] ?? null;
}

const notValid = (): Refusal =>
  new Refusal('UNAUTHENTICATED', 'This credential is not valid, or not any more.', {
    headers: { 'www-authenticate': 'Bearer realm="tessera", error="invalid_token"' },
  });
