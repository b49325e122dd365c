import { errors } from '../control-plane/errors/errors.ts';
import type {
  Caller,
  ConsoleUser,
  CredentialOwner,
  KeyCaller,
} from '../data-plane/callers/callers.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { refusedAnswer } from '../data-plane/operations/answer-rows.ts';
import type { DescribedCaller } from '../data-plane/operations/operations.ts';
import type { Charge } from '../graphql/request-cost.ts';
import type { FairTurns } from '../platform/fair-turns.ts';
import type { AnswerBudget, AnswerMemory } from '../platform/answer-budget.ts';
import { whenReady } from '../platform/when-ready.ts';
import { authenticate } from './authenticate.ts';
import { edgeErrors } from './edge-errors.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import { recordUsage, type RecordUsage } from './record-usage.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import {
  chargeTo,
  quotaOfKey,
  quotaOfLookUps,
  quotaOfMember,
  takeFromQuota,
  type Quota,
  type RequestLimits,
} from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';
import { requireReading } from './static-assets.ts';

export interface ProjectApiOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'printApi'>;
  readonly requestLimits: RequestLimits;
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
          ...(canWrite(caller) ? {} : { bodyBytes: defaultBodyLimits.bytes }),
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
 * Determines the caller for the project with this ref: verifies the credential, counts the request, and looks up the
 * caller's access.
 * @returns a promise only if something was not cached
 * @throws RequestError `UNAUTHENTICATED`, `BAD_REQUEST`, `RATE_LIMITED`, `OVERLOADED`, or `NOT_FOUND` if the project
 * does not exist or the caller has no access to it
 */
function admit(
  scope: RequestScope,
  ref: string,
  { dataPlane: { callers }, requestLimits }: Pick<ProjectApiOptions, 'dataPlane' | 'requestLimits'>,
): AdmittedCaller | Promise<AdmittedCaller> {
  const { request, observation, head } = scope;

  const count = (quota: Quota) => takeFromQuota(requestLimits, quota, head);
  const admitOwner = (owner: CredentialOwner) =>
    whenReady(callers.admit(owner, ref), (caller) => {
      observation.projectId = caller.projectId;
      if (caller.subject !== null) head.set('cache-control', privateAnswer);
      return caller;
    });
  const withCharge = (caller: Caller, quota: Quota): AdmittedCaller => ({
    caller,
    charge: chargeTo(requestLimits, quota, head),
  });

  /** A request to another project also counts. */
  const admitKey = (key: KeyCaller) => {
    observation.keyId = key.keyId;
    const quota = quotaOfKey(requestLimits, key.keyId, key.rateLimitPerMinute);
    return whenReady(count(quota), () =>
      whenReady(admitOwner(key), (caller) => withCharge(caller, quota)),
    );
  };

  const admitUser = (user: ConsoleUser) =>
    whenReady(count(quotaOfLookUps(requestLimits, user.userId)), () =>
      whenReady(admitOwner(user), (caller) => {
        const quota = quotaOfMember(requestLimits, user.userId, caller.projectId);
        return whenReady(count(quota), () => withCharge(caller, quota));
      }),
    );

  return whenReady(authenticate(request, callers), (owner) => {
    observation.principal = owner?.kind ?? 'anonymous';
    if (owner === null) throw errors.unauthenticated();
    return owner.kind === 'apiKey' ? admitKey(owner) : admitUser(owner);
  });
}

/** Only mutations need large bodies. */
function canWrite({ access: { write } }: Caller): boolean {
  return write === 'ALL' || write.size > 0;
}

/** All members' requests to one project count against the same share of request-body memory. */
function holderOf(caller: Caller): string {
  return caller.kind === 'apiKey' ? caller.keyId : caller.projectRef;
}
