import type { Caller } from '../data-plane/callers/callers.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { refusedAnswer } from '../data-plane/operations/answer-rows.ts';
import type { DescribedCaller } from '../data-plane/operations/operations.ts';
import type { FairTurns } from '../platform/fair-turns.ts';
import type { AnswerBudget, AnswerMemory } from '../platform/answer-budget.ts';
import { whenReady } from '../platform/when-ready.ts';
import { edgeErrors } from './edge-errors.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import {
  admitToProject,
  requireCredentials,
  type AdmissionOptions,
  type AdmittedCaller,
} from './project-admission.ts';
import { readProjectCredentials } from './project-credentials.ts';
import { recordUsage, type RecordUsage } from './record-usage.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import { chargeTo } from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';
import { requireReading } from './static-assets.ts';

export interface ProjectApiOptions extends AdmissionOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'printApi'>;
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
      whenReady(admit(scope, ref, options), ({ caller, quota }) => {
        const { signal } = scope;
        const charge = chargeTo(quota, scope.head);
        const execute = (request: Parameters<DataPlane['execute']>[1], memory: AnswerMemory) =>
          turns.run(caller.projectRef, signal, () =>
            dataPlane.execute(caller, request, { charge, signal, memory }),
          );
        return {
          run: execute,
          runBody: (body, memory) => execute({ body }, memory),
          bodyBytes: bodyBytesOf(caller, projectBodyLimits),
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

/** Admits the caller of a request. @throws the errors of `admitToProject` and `readProjectCredentials` */
function admit(
  scope: RequestScope,
  ref: string,
  options: AdmissionOptions,
): AdmittedCaller | Promise<AdmittedCaller> {
  const credentials = requireCredentials(readProjectCredentials(scope.request), scope);
  return whenReady(admitToProject(credentials, { ...options, scope, ref }), (admitted) => {
    if (admitted.caller.subject !== null) scope.head.set('cache-control', privateAnswer);
    return admitted;
  });
}

/** Returns the maximum length of a caller's body. */
export function bodyBytesOf(caller: Caller, { bytes }: BodyLimits): number {
  return needsLargeBodies(caller) ? bytes : defaultBodyLimits.bytes;
}

/** Only mutations of servers and members need large bodies. */
function needsLargeBodies(caller: Caller): boolean {
  if (caller.kind === 'apiKey' && caller.keyKind === 'PUBLISHABLE') return false;
  const { write } = caller.access;
  return write === 'ALL' || write.size > 0;
}

/** All members' requests to one project count against the same share of request-body memory. */
export function holderOf(caller: Caller): string {
  return caller.kind === 'apiKey' ? caller.keyId : caller.projectRef;
}
