import type { AccessSettings } from '../../data-plane/callers/access-settings.ts';
import type { Caller, KeyCaller } from '../../data-plane/callers/callers.ts';
import { tokenExpiry } from '../../data-plane/callers/user-tokens.ts';
import type { AdmissionScope, AdmittedCaller } from '../project-admission.ts';
import type { ProjectCredentials } from '../project-credentials.ts';

/**
 * Why the gateway ends a session.
 * - EXPIRED: the token has expired.
 * - CHANGED: the key has other scopes, or the member another role.
 * - REVOKED: the credentials, the origin or the project are not valid any more.
 */
export type SessionEnd = 'EXPIRED' | 'CHANGED' | 'REVOKED';

/** A caller whose connection stays open. Its credentials are checked as long as it does. */
export interface Session {
  readonly ref: string;
  readonly scope: AdmissionScope;
  readonly end: (reason: SessionEnd) => void;
  admitted: AdmittedCaller;
  credentials: ProjectCredentials;
  /** Unix time in milliseconds. `Infinity` if the credentials contain no token. */
  expiresAt: number;
  /** What the last check has found. */
  checked: SessionCheck;
  /** Continue the running subscriptions with the access of a caller whose token was renewed. */
  readonly renewals: Set<(caller: Caller) => void>;
  /** Releases the connection's slots. */
  readonly release: () => void;
}

export interface SessionCheck {
  /** Null before the first check. */
  readonly settings: AccessSettings | null;
  /** Changes when the settings do. */
  readonly version: number;
  readonly key: KeyCaller | null;
  /** Unix time in milliseconds of the last verification of the user token. */
  readonly tokenAt: number;
}

/**
 * Returns the time at which a session ends if its token is not renewed. A token that is accepted although it has expired,
 * because clocks differ, ends it when the tolerance does.
 */
export function expiryOf(credentials: ProjectCredentials, now: number): number {
  const token = credentials.kind === 'KEY' ? credentials.userToken : credentials.accessToken;
  return token === null ? Infinity : tokenExpiry(token, now);
}
