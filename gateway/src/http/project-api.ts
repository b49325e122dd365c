import { errors } from '../control-plane/errors/errors.ts';
import type { Caller, CredentialOwner } from '../data-plane/callers/callers.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { assertNever } from '../platform/assert-never.ts';
import { whenReady } from '../platform/when-ready.ts';
import { authenticate } from './authenticate.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import { recordUsage, type RecordUsage } from './record-usage.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import { takeFromQuota, type Quota, type RequestLimits } from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';
import { requireReading } from './static-assets.ts';

export interface ProjectApiOptions {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'printApi'>;
  readonly requestLimits: RequestLimits;
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
  const { dataPlane, projectBodyLimits = defaultProjectBodyLimits } = options;
  return {
    name: 'project',
    bodyLimits: projectBodyLimits,
    admit: (scope, ref) =>
      whenReady(callerOf(scope, ref, options), (caller) => ({
        run: (request) => dataPlane.execute(caller, request, scope.signal),
        bodyHolder: holderOf(caller),
      })),
  };
}

/**
 * Creates a handler for `/p/<ref>/schema.graphql`. It sends the API's SDL as the caller sees it, for use by code
 * generators.
 */
export function createProjectSdlEndpoint(
  options: ProjectApiOptions & { readonly recordUsage: RecordUsage },
) {
  return async (scope: RequestScope, ref: string): Promise<void> => {
    let failed = true;
    try {
      requireReading(scope.method);
      const sdl = await options.dataPlane.printApi(await callerOf(scope, ref, options));
      failed = false;
      send(scope, 200, 'text/plain; charset=utf-8', sdl);
    } finally {
      recordUsage(scope, failed, options.recordUsage);
    }
  };
}

/**
 * Determines the caller for the project with this ref: verifies the credential, counts the request, and then looks up
 * the caller's access.
 * @returns a promise only if something was not cached
 * @throws RequestError `UNAUTHENTICATED`, `BAD_REQUEST`, `RATE_LIMITED`, `OVERLOADED`, or `NOT_FOUND` if the project
 * does not exist or the caller has no access to it
 */
function callerOf(
  scope: RequestScope,
  ref: string,
  { dataPlane: { callers }, requestLimits }: ProjectApiOptions,
): Caller | Promise<Caller> {
  const { request, observation, head } = scope;

  const admit = (owner: CredentialOwner): Caller | Promise<Caller> =>
    whenReady(callers.admit(owner, ref), (caller) => {
      observation.projectId = caller.projectId;
      return caller;
    });

  return whenReady(authenticate(request, callers), (owner) => {
    observation.principal = owner?.kind ?? 'anonymous';
    if (owner === null) throw errors.unauthenticated();
    if (owner.kind === 'apiKey') observation.keyId = owner.keyId;
    return whenReady(takeFromQuota(requestLimits, quotaOf(owner), head), () => admit(owner));
  });
}

/** All members' requests to one project count against the same share of request-body memory. */
function holderOf(caller: Caller): string {
  return caller.kind === 'apiKey' ? caller.keyId : caller.projectRef;
}

function quotaOf(owner: CredentialOwner): Quota {
  switch (owner.kind) {
    case 'apiKey':
      return { identity: owner.keyId, perMinute: owner.rateLimitPerMinute };
    case 'user':
      return { identity: owner.userId, perMinute: null };
    default:
      return assertNever(owner);
  }
}
