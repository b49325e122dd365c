import type { IncomingMessage } from 'node:http';

import { looksLikeAccessToken } from '../control-plane/sessions/access-tokens.ts';
import type { ViewedCaller } from '../data-plane/callers/callers.ts';
import { looksLikeUserToken } from '../data-plane/callers/user-tokens.ts';
import { isApiKey, only, readCredentials, type SentCredentials } from './authenticate.ts';
import { edgeErrors } from './edge-errors.ts';

/** The credentials of a request to a project's API. Nothing is verified yet. */
export type ProjectCredentials = KeyCredentials | MemberCredentials;

export interface KeyCredentials {
  readonly kind: 'KEY';
  readonly key: string;
  /** The token of one of the project's users. Null if the request has no user. */
  readonly userToken: string | null;
}

export interface MemberCredentials {
  readonly kind: 'MEMBER';
  readonly accessToken: string;
  /** The caller as whom the member wants to view the project. */
  readonly viewAs: ViewedCaller | null;
}

export const isSecretKey = (text: string): boolean => text.startsWith('tsk_');

/**
 * Reads the credentials of a request to a project's API. Only the combinations in the table "Credentials" of
 * docs/reference/http.md are allowed, so that no credential is silently ignored. Cookies are not credentials.
 * @returns null if there are none
 * @throws RequestError `UNAUTHENTICATED` if a header contains no credential, or `BAD_REQUEST` for another combination
 */
export function readProjectCredentials(request: IncomingMessage): ProjectCredentials | null {
  const found = combine(readCredentials(request));
  const viewAs = only(request.rawHeaders, 'X-View-As');
  if (found === null || viewAs === null) return found;
  if (found.kind !== 'MEMBER') throw edgeErrors.viewAsWithoutMember();
  return { ...found, viewAs: readViewAs(viewAs.trim()) };
}

function combine({ token, key }: SentCredentials): ProjectCredentials | null {
  if (token === null) return key === null ? null : { kind: 'KEY', key, userToken: null };
  if (isApiKey(token)) {
    if (key !== null && key !== token) throw edgeErrors.differentKeys();
    return { kind: 'KEY', key: token, userToken: null };
  }
  if (key === null) {
    if (looksLikeUserToken(token)) throw edgeErrors.userTokenWithoutKey();
    return { kind: 'MEMBER', accessToken: token, viewAs: null };
  }
  if (looksLikeAccessToken(token)) throw edgeErrors.keyWithAccessToken();
  return { kind: 'KEY', key, userToken: token };
}

/** Printable ASCII. Other characters are percent-encoded, because headers have no defined encoding for them. */
const userPattern = /^user:([!-~]+)$/;
const maxIdLength = 1_000;

function readViewAs(text: string): ViewedCaller {
  if (text === 'public') return { kind: 'PUBLIC' };
  const id = decoded(userPattern.exec(text)?.[1] ?? '');
  // PostgreSQL cannot store NUL.
  if (id === '' || id.length > maxIdLength || id.includes('\0')) {
    throw edgeErrors.viewAsNotReadable();
  }
  return { kind: 'USER', id };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
