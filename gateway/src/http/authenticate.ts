import type { IncomingMessage } from 'node:http';

import {
  anonymous,
  type ApiKeyViewer,
  type UserViewer,
  type Viewer,
} from '../control-plane/access/viewer.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';

/** Who knows whether a credential is good; null for every one that is not. */
export interface Authenticators {
  readonly accessToken: (token: string) => Promise<UserViewer | null>;
  /** At once for a key that is known. */
  readonly apiKey: (text: string) => ApiKeyViewer | null | Promise<ApiKeyViewer | null>;
}

/**
 * The credential of a request → its viewer. A request without one is anonymous; a credential that is not
 * good is never taken for none.
 * @throws RequestError `UNAUTHENTICATED` with a challenge (RFC 6750, section 3), or `BAD_REQUEST` for two
 *   credentials that differ
 */
export function authenticate(
  request: IncomingMessage,
  { accessToken, apiKey }: Authenticators,
): Viewer | Promise<Viewer> {
  const credential = readCredential(request);
  if (credential === null) return anonymous;
  const viewer = isApiKey(credential) ? apiKey(credential) : accessToken(credential);
  return viewer instanceof Promise ? viewer.then(orNotValid) : orNotValid(viewer);
}

function orNotValid(viewer: UserViewer | ApiKeyViewer | null): Viewer {
  if (viewer === null) throw requestErrors.credentialNotValid();
  return viewer;
}

const apiKeyPrefix = /^t[sp]k_/;
const isApiKey = (credential: string): boolean => apiKeyPrefix.test(credential);

/** RFC 6750, 2.1; longer than any credential of ours. */
const bearer = /^bearer +([A-Za-z0-9._~+/-]{1,4096}=*)$/i;

function readCredential({ rawHeaders }: IncomingMessage): string | null {
  const authorization = only(rawHeaders, 'Authorization');
  const keyHeader = only(rawHeaders, 'X-API-Key');
  const token = authorization === null ? null : (bearer.exec(authorization.trim())?.[1] ?? null);
  if (authorization !== null && token === null) throw requestErrors.credentialNotValid();
  const key = keyHeader === null ? null : keyHeader.trim();
  if (key !== null && !isApiKey(key)) throw requestErrors.credentialNotValid();
  if (token !== null && key !== null && token !== key) {
    throw requestErrors.oneCredential();
  }
  return token ?? key;
}

/**
 * The value of a header that may stand once. Of several `Authorization` Node keeps the first and says nothing, so it
 * is looked for in what came over the wire: names and values in turns.
 */
function only(rawHeaders: readonly string[], name: string): string | null {
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
