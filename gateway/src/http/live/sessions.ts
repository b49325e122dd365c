import { isDeepStrictEqual } from 'node:util';

import { UserTokenError } from '../../data-plane/callers/token-problem.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { edgeErrors } from '../edge-errors.ts';
import {
  admitToProject,
  requireCredentials,
  type AdmissionOptions,
  type AdmissionScope,
  type AdmittedCaller,
} from '../project-admission.ts';
import { combineCredentials, type ProjectCredentials } from '../project-credentials.ts';
import type { LiveLimits } from './live-limits.ts';
import { expiryOf, type Session, type SessionEnd } from './session.ts';
import { createSlots, type SlotLimit } from './slots.ts';
import { createStanding, type StandingOptions, type StandingRound } from './standing.ts';

export interface SessionsOptions extends Omit<AdmissionOptions, 'dataPlane'> {
  readonly dataPlane: StandingOptions['dataPlane'];
  /** Returns the Unix time in milliseconds. */
  readonly now: () => number;
  readonly crossOrigin: AdmissionOptions['crossOrigin'] & StandingOptions['crossOrigin'];
  readonly limits: LiveLimits;
  readonly logger: Logger;
}

/** The callers of all connections that stay open. */
export interface Sessions {
  /**
   * Admits a caller whose connection stays open, like the caller of a request.
   * @param end called when the session is no longer valid, unless it was closed before
   * @throws TokenExpiredError, and the errors of `admitToProject`
   * @throws RequestError `RATE_LIMITED` if too many connections are open
   */
  open(
    credentials: ProjectCredentials | null,
    scope: AdmissionScope,
    session: { readonly ref: string; readonly end: (reason: SessionEnd) => void },
  ): Promise<Session>;
  /**
   * Replaces the token of a session by a newer one of the same user. Subscriptions continue with the access of the new
   * token.
   * @throws RequestError `FORBIDDEN` if it is a token of another user, and the errors of `open`
   */
  renew(session: Session, token: string): Promise<void>;
  /** Takes a slot for an operation. @returns a function that releases it, or null */
  takeOperation(session: Session): (() => void) | null;
  close(session: Session): void;
}

/** The credentials contain a token that has expired. */
export class TokenExpiredError extends RequestError<'UNAUTHENTICATED'> {
  /** @param refusal the error with which a request would be refused */
  constructor({ message, headers }: RequestError) {
    super('UNAUTHENTICATED', message, { headers });
  }
}

/** Checks that need the database run in groups of this size. */
const checksAtOnce = 16;

export function createSessions(options: SessionsOptions): Sessions {
  const { limits, logger, now } = options;
  const open = new Set<Session>();
  const connections = createSlots();
  const operations = createSlots();
  const startRound = createStanding({ ...options, tokenCheckMs: limits.tokenCheckMs });
  let timer: NodeJS.Timeout | null = null;
  let isChecking = false;

  const admit = async (
    credentials: ProjectCredentials,
    scope: AdmissionScope,
    ref: string,
  ): Promise<AdmittedCaller> => {
    try {
      return await admitToProject(credentials, { ...options, scope, ref });
    } catch (error) {
      if (!isAboutExpiry(error, credentials, now())) throw error;
      throw new TokenExpiredError(error);
    }
  };

  const close = (session: Session): void => {
    if (!open.delete(session)) return;
    session.release();
    if (open.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };

  const endSession = (session: Session, reason: SessionEnd): void => {
    if (!open.has(session)) return;
    close(session);
    session.end(reason);
  };

  const check = async (session: Session, round: StandingRound): Promise<void> => {
    try {
      const reason = await round.check(session);
      if (reason !== null) endSession(session, reason);
    } catch (error) {
      // The next round checks again. An outage must not close connections.
      logger.debug({ err: error }, 'Could not check the credentials of a connection');
    }
  };

  const checkSome = async (sessions: readonly Session[], round: StandingRound): Promise<void> => {
    for (let start = 0; start < sessions.length; start += checksAtOnce) {
      const group = sessions.slice(start, start + checksAtOnce);
      await Promise.all(group.map((session) => check(session, round)));
    }
  };

  const checkAll = async (): Promise<void> => {
    const time = now();
    const round = startRound();
    for (const session of open) {
      if (session.expiresAt <= time) endSession(session, 'EXPIRED');
    }
    const changed = [...open].filter((session) => !round.isUnchanged(session));
    const preparing = round.prepare(changed);
    const isMember = ({ credentials }: Session) => credentials.kind === 'MEMBER';
    await checkSome(
      changed.filter((session) => !isMember(session)),
      round,
    );
    await preparing;
    await checkSome(changed.filter(isMember), round);
  };

  const runChecks = async (): Promise<void> => {
    if (isChecking) return;
    isChecking = true;
    try {
      await checkAll();
    } finally {
      isChecking = false;
    }
  };

  const remember = (session: Session): void => {
    open.add(session);
    timer ??= setInterval(() => void runChecks(), limits.checkMs).unref();
  };

  return {
    async open(given, scope, { ref, end }) {
      const credentials = requireCredentials(given, scope);
      const admitted = await admit(credentials, scope, ref);
      const release = connections.take(connectionSlots(admitted, limits));
      if (release === null) throw edgeErrors.tooManyConnections();
      const session: Session = {
        ref,
        scope,
        end,
        release,
        admitted,
        credentials,
        expiresAt: expiryOf(credentials, now()),
        renewals: new Set(),
        checked: { settings: null, version: 0, key: null, tokenAt: now() },
      };
      remember(session);
      return session;
    },
    async renew(session, token) {
      const { credentials: earlier, scope, ref } = session;
      const credentials = withToken(earlier, token);
      const admitted = await admit(credentials, scope, ref);
      const { caller } = session.admitted;
      if (!isSameUser(admitted, session.admitted)) throw edgeErrors.anotherUser();
      session.admitted = admitted;
      if (!isDeepStrictEqual(admitted.caller.subject, caller.subject)) {
        for (const renew of session.renewals) renew(admitted.caller);
      }
      session.credentials = credentials;
      session.expiresAt = expiryOf(credentials, now());
      session.checked = { ...session.checked, tokenAt: now() };
    },
    takeOperation: ({ admitted }) => operations.take(operationSlots(admitted, limits)),
    close,
  };
}

/** Whether a caller was refused because the token has expired, so that a newer one could be accepted. */
function isAboutExpiry(
  error: unknown,
  credentials: ProjectCredentials,
  now: number,
): error is RequestError {
  if (error instanceof UserTokenError) return error.problem === 'expired';
  const isRefused = error instanceof RequestError && error.code === 'UNAUTHENTICATED';
  return isRefused && credentials.kind === 'MEMBER' && expiryOf(credentials, now) <= now;
}

/** @throws RequestError `BAD_REQUEST` if the token cannot be combined with the credentials, or does not replace one */
function withToken(credentials: ProjectCredentials, token: string): ProjectCredentials {
  const key = credentials.kind === 'KEY' ? credentials.key : null;
  const combined = combineCredentials({ key, token });
  if (combined === null || !hasToken(credentials) || !hasToken(combined)) {
    throw edgeErrors.nothingToRenew();
  }
  return combined;
}

const hasToken = (credentials: ProjectCredentials): boolean =>
  credentials.kind === 'MEMBER' || credentials.userToken !== null;

function isSameUser(one: AdmittedCaller, other: AdmittedCaller): boolean {
  return (
    one.quota.identity === other.quota.identity &&
    isDeepStrictEqual(one.caller.subject?.user, other.caller.subject?.user)
  );
}

/** A secret key can have all connections of its project. */
function connectionSlots(admitted: AdmittedCaller, limits: LiveLimits): readonly SlotLimit[] {
  const { connections, projectConnections, userConnections, networkConnections } = limits;
  const { caller } = admitted;
  const isUser = caller.kind === 'member' || caller.subject?.user != null;
  return [
    ['', connections],
    [caller.projectId, projectConnections],
    ...ownSlots(admitted, isUser ? userConnections : networkConnections),
  ];
}

function operationSlots(admitted: AdmittedCaller, limits: LiveLimits): readonly SlotLimit[] {
  const { operations, projectOperations, callerOperations } = limits;
  return [
    ['', operations],
    [admitted.caller.projectId, projectOperations],
    ...ownSlots(admitted, callerOperations),
  ];
}

function ownSlots({ caller, quota }: AdmittedCaller, max: number): readonly SlotLimit[] {
  const isServer = caller.kind === 'apiKey' && caller.keyKind === 'SECRET';
  return isServer ? [] : [[`caller ${quota.identity}`, max]];
}
