import type { IncomingMessage } from 'node:http';

import { errors } from '../control-plane/errors/errors.ts';
import type {
  Caller,
  CredentialOwner,
  KeyCaller,
  ViewRequest,
} from '../data-plane/callers/callers.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { CrossOriginPolicy } from './cross-origin.ts';
import { edgeErrors } from './edge-errors.ts';
import {
  isSecretKey,
  type KeyCredentials,
  type MemberCredentials,
  type ProjectCredentials,
} from './project-credentials.ts';
import {
  quotaOfClient,
  quotaOfEndUser,
  quotaOfKey,
  quotaOfLookUps,
  quotaOfMember,
  takeFromQuota,
  type HeaderSetter,
  type Quota,
  type RequestLimits,
} from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';

export interface AdmissionOptions {
  readonly dataPlane: Pick<DataPlane, 'callers'>;
  readonly requestLimits: RequestLimits;
  readonly crossOrigin: Pick<CrossOriginPolicy, 'isForeign'>;
}

/** The request or connection whose caller is admitted. */
export interface AdmissionScope extends Pick<
  RequestScope,
  'requestId' | 'ipAddress' | 'userAgent' | 'observation'
> {
  readonly request: Pick<IncomingMessage, 'headers'>;
  readonly head: HeaderSetter;
}

export interface AdmittedCaller {
  readonly caller: Caller;
  /** The quota from which the operations of the caller are taken. */
  readonly quota: Quota;
}

/**
 * Determines the caller for the project with this ref: verifies the credentials, counts the request, and looks up the
 * caller's access.
 * @returns a promise only if something was not cached
 * @throws RequestError `UNAUTHENTICATED`, `BAD_REQUEST`, `FORBIDDEN`, `RATE_LIMITED`, `OVERLOADED`, or `NOT_FOUND` if the
 * project does not exist or the caller has no access to it
 */
export function admitToProject(
  credentials: ProjectCredentials,
  admission: Admission,
): AdmittedCaller | Promise<AdmittedCaller> {
  return credentials.kind === 'KEY'
    ? admitKey(credentials, admission)
    : admitMember(credentials, admission);
}

/** @throws RequestError `UNAUTHENTICATED` if there are no credentials */
export function requireCredentials(
  credentials: ProjectCredentials | null,
  { observation }: Pick<AdmissionScope, 'observation'>,
): ProjectCredentials {
  if (credentials !== null) return credentials;
  observation.principal = 'anonymous';
  throw errors.unauthenticated();
}

export interface Admission extends AdmissionOptions {
  readonly scope: AdmissionScope;
  readonly ref: string;
}

/** Admits the owner of a credential to the project. */
function enter(
  owner: CredentialOwner,
  { scope: { observation }, ref, dataPlane: { callers } }: Admission,
  view: ViewRequest | null = null,
): Caller | Promise<Caller> {
  return whenReady(callers.admit(owner, ref, view), (caller) => {
    observation.projectId = caller.projectId;
    return caller;
  });
}

function admitKey(
  { key: text, userToken }: KeyCredentials,
  admission: Admission,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { scope, dataPlane, crossOrigin } = admission;
  if (isSecretKey(text) && crossOrigin.isForeign(scope.request)) {
    throw edgeErrors.secretKeyInBrowser();
  }
  return whenReady(dataPlane.callers.verifyKey(text), (key) => {
    if (key === null) throw requestErrors.credentialNotValid();
    scope.observation.principal = 'apiKey';
    scope.observation.keyId = key.keyId;
    return key.keyKind === 'SECRET'
      ? admitServer(key, userToken, admission)
      : admitApp(key, userToken, admission);
  });
}

/** All requests of a secret key share its limit. Requests to other projects also count. */
function admitServer(
  key: KeyCaller,
  userToken: string | null,
  admission: Admission,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { scope, dataPlane, requestLimits } = admission;
  const { head, observation } = scope;
  const quota = quotaOfKey(requestLimits, key);
  return whenReady(takeFromQuota(quota, head), () =>
    whenReady(enter(key, admission), (server) => {
      if (userToken === null) return { caller: server, quota };
      return whenReady(dataPlane.callers.withUser(key, userToken), (caller) => {
        observation.principal = 'endUser';
        return { caller, quota };
      });
    }),
  );
}

/**
 * The limit of a publishable key applies to each signed-in user, and to each client network for signed-out callers and
 * for tokens that must be verified.
 */
function admitApp(
  key: KeyCaller,
  userToken: string | null,
  admission: Admission,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { scope, ref, dataPlane, requestLimits } = admission;
  const { head, observation } = scope;
  const clientQuota = quotaOfClient(requestLimits, key, scope.ipAddress);
  const countClient = () => takeFromQuota(clientQuota, head);
  if (userToken === null || key.projectRef !== ref) {
    return whenReady(countClient(), () =>
      whenReady(enter(key, admission), (caller) => ({ caller, quota: clientQuota })),
    );
  }
  observation.projectId = key.projectId;
  return whenReady(dataPlane.callers.withUser(key, userToken, countClient), (caller) => {
    observation.principal = 'endUser';
    const quota = quotaOfEndUser(requestLimits, key, caller.subject?.user ?? null);
    return whenReady(takeFromQuota(quota, head), () => ({ caller, quota }));
  });
}

async function admitMember(
  { accessToken, viewAs }: MemberCredentials,
  admission: Admission,
): Promise<AdmittedCaller> {
  const { scope, dataPlane, requestLimits } = admission;
  const { head, observation, requestId, ipAddress, userAgent } = scope;
  const user = await dataPlane.callers.verifyAccessToken(accessToken);
  if (user === null) throw requestErrors.credentialNotValid();
  observation.principal = 'user';
  await takeFromQuota(quotaOfLookUps(requestLimits, user.userId), head);
  const view = viewAs === null ? null : { as: viewAs, requestId, ipAddress, userAgent };
  const caller = await enter(user, admission, view);
  const quota = quotaOfMember(requestLimits, user.userId, caller.projectId);
  await takeFromQuota(quota, head);
  return { caller, quota };
}
