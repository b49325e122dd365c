import { isDeepStrictEqual } from 'node:util';

import type { AccessSettings } from '../../data-plane/callers/access-settings.ts';
import type { Caller, KeyCaller } from '../../data-plane/callers/callers.ts';
import type { DataPlane } from '../../data-plane/data-plane.ts';
import { accessKey } from '../../engine/runtime.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import type { CrossOriginPolicy } from '../cross-origin.ts';
import type { KeyCredentials, MemberCredentials } from '../project-credentials.ts';
import { createMemberLookup } from './member-lookup.ts';
import type { Session, SessionEnd } from './session.ts';

export interface StandingOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'settings'>;
  readonly crossOrigin: Pick<CrossOriginPolicy, 'isAllowed'>;
  readonly tokenCheckMs: number;
  /** Returns the Unix time in milliseconds. */
  readonly now: () => number;
}

/** Looks up each project and key once, and all members together, however many sessions they have. */
export interface StandingRound {
  /** Looks up the members of sessions in few queries. Call this before `check`. */
  prepare(sessions: Iterable<Session>): Promise<void>;
  /** Whether all that decides about a session is cached and has not changed since its last check. */
  isUnchanged(session: Session): boolean;
  /**
   * Checks whether the credentials of a session are still valid and have the same access.
   * @returns null if they are
   * @throws RequestError `OVERLOADED` or the error of the database if this cannot be checked now
   */
  check(session: Session): Promise<SessionEnd | null>;
}

interface VersionedSettings {
  readonly settings: AccessSettings;
  readonly version: number;
}

export function createStanding(options: StandingOptions): () => StandingRound {
  const { dataPlane, crossOrigin, tokenCheckMs, now } = options;
  const { callers, settings } = dataPlane;
  /** The settings of the last round. Settings that are loaded again but have not changed keep their version. */
  let lastSettings = new Map<string, VersionedSettings>();
  let versions = 0;

  return () => {
    const earlier = lastSettings;
    lastSettings = new Map();
    const settingsOf = once(async (ref: string): Promise<VersionedSettings | null> => {
      const found = await settings.get(ref);
      if (found === null) return null;
      const known = earlier.get(ref);
      const isKnown = known !== undefined && isDeepStrictEqual(known.settings, found);
      const current = { settings: found, version: isKnown ? known.version : (versions += 1) };
      lastSettings.set(ref, current);
      return current;
    });
    const cachedSettings = once((ref: string) => settings.peek(ref));
    const cachedKey = once((text: string) => callers.verifyKey(text));
    const memberOf = createMemberLookup(callers);

    const checkKey = async (
      session: Session,
      { key: text, userToken }: KeyCredentials,
      current: VersionedSettings,
    ): Promise<SessionEnd | null> => {
      const { caller } = session.admitted;
      const { checked } = session;
      const key = await cachedKey(text);
      if (key === null) return 'REVOKED';
      if (!hasSameAccess(key, caller)) return 'CHANGED';
      let { tokenAt } = checked;
      const isDue = current.version !== checked.version || now() - tokenAt >= tokenCheckMs;
      if (userToken !== null && isDue) {
        tokenAt = now();
        const { subject } = await callers.withUser(key, userToken);
        if (!isDeepStrictEqual(subject, caller.subject)) return 'CHANGED';
      }
      session.checked = { ...current, key, tokenAt };
      return null;
    };

    const checkMember = async (
      session: Session,
      { accessToken }: MemberCredentials,
    ): Promise<SessionEnd | null> => {
      const found = await memberOf.get({ ref: session.ref, token: accessToken });
      if (found === null) return 'REVOKED';
      return hasSameAccess(found, session.admitted.caller) ? null : 'CHANGED';
    };

    const check = async (session: Session): Promise<SessionEnd | null> => {
      const { credentials, scope, ref } = session;
      try {
        const current = await settingsOf(ref);
        if (current === null) return 'REVOKED';
        if (!crossOrigin.isAllowed(scope.request, current.settings)) return 'REVOKED';
        return credentials.kind === 'KEY'
          ? await checkKey(session, credentials, current)
          : await checkMember(session, credentials);
      } catch (error) {
        if (error instanceof RequestError && refusals.has(error.status)) return 'REVOKED';
        throw error;
      }
    };

    return {
      check,
      async prepare(sessions) {
        const wanted = [...sessions].flatMap(({ ref, credentials }) =>
          credentials.kind === 'MEMBER' ? [{ ref, token: credentials.accessToken }] : [],
        );
        await memberOf.load(wanted);
      },
      isUnchanged({ checked, credentials, ref }) {
        if (checked.settings === null || credentials.kind !== 'KEY') return false;
        const isUnchanged =
          cachedSettings(ref) === checked.settings &&
          cachedKey(credentials.key) === checked.key &&
          now() - checked.tokenAt < tokenCheckMs;
        if (isUnchanged)
          lastSettings.set(ref, { settings: checked.settings, version: checked.version });
        return isUnchanged;
      },
    };
  };
}

/** The statuses of errors that refuse a caller. Others are about the server's own state. */
const refusals: ReadonlySet<number> = new Set([400, 401, 403, 404]);

function once<T>(load: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    // A value can be undefined.
    if (found !== undefined || known.has(text)) return found as T;
    const loaded = load(text);
    known.set(text, loaded);
    return loaded;
  };
}

function hasSameAccess(one: Caller | KeyCaller, other: Caller): boolean {
  return one.access === other.access || accessKey(one.access) === accessKey(other.access);
}
