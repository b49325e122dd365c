import { errors } from '../control-plane/errors/errors.ts';
import type {
  Caller,
  CredentialOwner,
  KeyCaller,
  ViewRequest,
} from '../data-plane/callers/callers.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { refusedAnswer } from '../data-plane/operations/answer-rows.ts';
import type { DescribedCaller } from '../data-plane/operations/operations.ts';
import type { Charge } from '../graphql/request-cost.ts';
import type { FairTurns } from '../platform/fair-turns.ts';
import type { AnswerBudget, AnswerMemory } from '../platform/answer-budget.ts';
import { requestErrors } from '../platform/errors/request-errors.ts';
import { whenReady } from '../platform/when-ready.ts';
import type { CrossOriginPolicy } from './cross-origin.ts';
import { edgeErrors } from './edge-errors.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import {
  isSecretKey,
  readProjectCredentials,
  type KeyCredentials,
  type MemberCredentials,
} from './project-credentials.ts';
import { recordUsage, type RecordUsage } from './record-usage.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import {
  chargeTo,
  quotaOfClient,
  quotaOfEndUser,
  quotaOfKey,
  quotaOfLookUps,
  quotaOfMember,
  takeFromQuota,
  type RequestLimits,
} from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';
import { requireReading } from './static-assets.ts';

export interface ProjectApiOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'printApi'>;
  readonly requestLimits: RequestLimits;
  readonly crossOrigin: Pick<CrossOriginPolicy, 'isForeign'>;
  /** Limits how many requests of a project run at once. */
  readonly turns: FairTurns;
  /** @default 8 MiB within 15 s */
  readonly projectBodyLimits?: BodyLimits;
}

/** A mutation with ten thousand rows is several megabytes long. */
export const defaultProjectBodyLimits: BodyLimits = {
  ...defaultBodyLimits,
  bytes: 8 * 1024 * 1024,
};

/** Creates the surface for `/p/<ref>/graphql`, a project's own API. */
export function createProjectSurface(options: ProjectApiOptions): GraphqlSurface<string> {
  const { dataPlane, turns, projectBodyLimits = defaultProjectBodyLimits } = options;
  return {
    name: 'project',
    bodyLimits: projectBodyLimits,
    numbers: 'EXACT',
    usesCookies: false,
    admit: (scope, ref) =>
      whenReady(admit(scope, ref, options), ({ caller, charge }) => {
        const { signal } = scope;
        const execute = (request: Parameters<DataPlane['execute']>[1], memory: AnswerMemory) =>
          turns.run(caller.projectRef, signal, () =>
            dataPlane.execute(caller, request, { charge, signal, memory }),
          );
        return {
          run: execute,
          runBody: (body, memory) => execute({ body }, memory),
          ...(needsLargeBodies(caller) ? {} : { bodyBytes: defaultBodyLimits.bytes }),
          bodyHolder: holderOf(caller),
          answerHolder: caller.projectRef,
        };
      }),
  };
}

/**
 * Creates a handler for `/p/<ref>/schema.graphql`. It sends the API's SDL as the caller sees it, for use by code
 * generators. `?caller=app` describes the API of all callers with access rules.
 */
export function createProjectSdlEndpoint(
  options: Omit<ProjectApiOptions, 'turns'> & {
    readonly recordUsage: RecordUsage;
    readonly answerBudget: AnswerBudget;
  },
) {
  return async (scope: RequestScope, ref: string): Promise<void> => {
    let failed = true;
    try {
      requireReading(scope.method);
      const { caller } = await admit(scope, ref, options);
      const sdl = await options.dataPlane.printApi(caller, describedCaller(scope.query));
      const memory = options.answerBudget.open(caller.projectRef);
      scope.whenClosed(() => memory.close());
      const refusal = memory.reserve(Buffer.byteLength(sdl));
      if (refusal !== null) throw refusedAnswer(refusal);
      failed = false;
      send(scope, 200, 'text/plain; charset=utf-8', sdl);
    } finally {
      recordUsage(scope, failed, options.recordUsage);
    }
  };
}

/** Reads `?caller=app`. @throws RequestError `BAD_REQUEST` for another value */
function describedCaller(query: string): DescribedCaller {
  const [caller, ...more] = new URLSearchParams(query).getAll('caller');
  if (caller === undefined) return 'CALLER';
  if (caller !== 'app' || more.length > 0) throw edgeErrors.unknownDescribedCaller();
  return 'APP';
}

/** For answers that are different for each user, also if a cache ignores `no-store`. */
const privateAnswer = 'private, no-store';

interface AdmittedCaller {
  readonly caller: Caller;
  readonly charge: Charge;
}

/**
 * Determines the caller for the project with this ref: verifies the credentials, counts the request, and looks up the
 * caller's access.
 * @returns a promise only if something was not cached
 * @throws RequestError `UNAUTHENTICATED`, `BAD_REQUEST`, `FORBIDDEN`, `RATE_LIMITED`, `OVERLOADED`, or `NOT_FOUND` if the
 * project does not exist or the caller has no access to it
 */
function admit(
  scope: RequestScope,
  ref: string,
  options: AdmissionOptions,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { observation } = scope;
  const credentials = readProjectCredentials(scope.request);
  if (credentials === null) {
    observation.principal = 'anonymous';
    throw errors.unauthenticated();
  }
  const admission = { ...options, scope, ref };
  const admitted =
    credentials.kind === 'KEY'
      ? admitKey(credentials, admission)
      : admitMember(credentials, admission);
  return whenReady(admitted, (found) => {
    if (found.caller.subject !== null) scope.head.set('cache-control', privateAnswer);
    return found;
  });
}

type AdmissionOptions = Pick<ProjectApiOptions, 'dataPlane' | 'requestLimits' | 'crossOrigin'>;

interface AdmissionOf extends AdmissionOptions {
  readonly scope: RequestScope;
  readonly ref: string;
}

/** Admits the owner of a credential to the project. */
function enter(
  owner: CredentialOwner,
  { scope: { observation }, ref, dataPlane: { callers } }: AdmissionOf,
  view: ViewRequest | null = null,
): Caller | Promise<Caller> {
  return whenReady(callers.admit(owner, ref, view), (caller) => {
    observation.projectId = caller.projectId;
    return caller;
  });
}

function admitKey(
  { key: text, userToken }: KeyCredentials,
  admission: AdmissionOf,
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
  admission: AdmissionOf,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { scope, dataPlane, requestLimits } = admission;
  const { head, observation } = scope;
  const quota = quotaOfKey(requestLimits, key);
  const charge = chargeTo(quota, head);
  return whenReady(takeFromQuota(quota, head), () =>
    whenReady(enter(key, admission), (server) => {
      if (userToken === null) return { caller: server, charge };
      return whenReady(dataPlane.callers.withUser(key, userToken), (caller) => {
        observation.principal = 'endUser';
        return { caller, charge };
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
  admission: AdmissionOf,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { scope, ref, dataPlane, requestLimits } = admission;
  const { head, observation } = scope;
  const clientQuota = quotaOfClient(requestLimits, key, scope.ipAddress);
  const countClient = () => takeFromQuota(clientQuota, head);
  if (userToken === null || key.projectRef !== ref) {
    return whenReady(countClient(), () =>
      whenReady(enter(key, admission), (caller) => ({
        caller,
        charge: chargeTo(clientQuota, head),
      })),
    );
  }
  observation.projectId = key.projectId;
  return whenReady(dataPlane.callers.withUser(key, userToken, countClient), (caller) => {
    observation.principal = 'endUser';
    const quota = quotaOfEndUser(requestLimits, key, caller.subject?.user ?? null);
    return whenReady(takeFromQuota(quota, head), () => ({ caller, charge: chargeTo(quota, head) }));
  });
}

async function admitMember(
  { accessToken, viewAs }: MemberCredentials,
  admission: AdmissionOf,
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
  return { caller, charge: chargeTo(quota, head) };
}

/** Only mutations of servers and members need large bodies. */
function needsLargeBodies(caller: Caller): boolean {
  if (caller.kind === 'apiKey' && caller.keyKind === 'PUBLISHABLE') return false;
  const { write } = caller.access;
  return write === 'ALL' || write.size > 0;
}

/** All members' requests to one project count against the same share of request-body memory. */
function holderOf(caller: Caller): string {
  return caller.kind === 'apiKey' ? caller.keyId : caller.projectRef;
}
