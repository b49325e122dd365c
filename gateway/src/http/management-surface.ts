import type { GraphQLSchema } from 'graphql';

import {
  anonymous,
  type ApiKeyViewer,
  type UserViewer,
  type Viewer,
} from '../control-plane/access/viewer.ts';
import {
  createGraphqlExecution,
  managementDocumentLimits,
} from '../control-plane/graphql/graphql-execution.ts';
import type { Charge } from '../graphql/request-cost.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { FairTurns } from '../platform/fair-turns.ts';
import { clientNetwork } from '../platform/rate-limit/client-network.ts';
import { whenReady } from '../platform/when-ready.ts';
import { authenticate, type CredentialVerifier } from './authenticate.ts';
import type { Admission, GraphqlSurface } from './graphql-endpoint.ts';
import { anonymousBodyBytes, defaultBodyLimits, type BodyLimits } from './read-body.ts';
import {
  chargeTo,
  quotaOfKey,
  quotaOfUser,
  takeFromQuota,
  type Quota,
  type RequestLimits,
} from './request-limits.ts';
import type { RequestScope } from './request-scope.ts';

export interface ManagementSurfaceOptions {
  readonly schema: GraphQLSchema;
  readonly viewers: CredentialVerifier<ApiKeyViewer, UserViewer>;
  readonly requestLimits: RequestLimits;
  /** Limits how many requests of a caller run at once. */
  readonly turns: FairTurns;
  /** @default 1 MiB within 15 s */
  readonly bodyLimits?: BodyLimits;
  /** Creates the resolvers' context for one request. */
  readonly createContext: (scope: RequestScope, viewer: Viewer) => object;
}

/** Creates the surface for `/graphql`, the management API. Access is checked for each field. */
export function createManagementSurface({
  schema,
  viewers,
  requestLimits,
  turns,
  bodyLimits = defaultBodyLimits,
  createContext,
}: ManagementSurfaceOptions): GraphqlSurface<void> {
  const execute = createGraphqlExecution(schema, managementDocumentLimits);

  const runFor =
    (scope: RequestScope, viewer: Viewer, { identity, charge }: Payer): Admission['run'] =>
    (request) =>
      turns.run(identity, scope.signal, () =>
        execute(request, { createContext: () => createContext(scope, viewer), charge }),
      );

  const admit = (scope: RequestScope, viewer: Viewer): Admission | Promise<Admission> => {
    const { observation, head } = scope;
    observation.principal = viewer.kind;
    if (viewer.kind === 'apiKey') observation.keyId = viewer.keyId;
    const { limits, quota } = quotaOf(scope, viewer, requestLimits);
    const charge = chargeTo(limits, quota, head);
    return whenReady(takeFromQuota(limits, quota, head), () => ({
      run: runFor(scope, viewer, { identity: quota.identity, charge }),
      ...(viewer.kind === 'anonymous' ? { bodyBytes: anonymousBodyBytes } : {}),
      bodyHolder: viewer.kind === 'anonymous' ? 'anonymous' : quota.identity,
    }));
  };

  return {
    name: 'management',
    bodyLimits,
    numbers: 'ROUNDED',
    admit: (scope) =>
      whenReady(authenticate(scope.request, viewers), (viewer) =>
        admit(scope, viewer ?? anonymous),
      ),
  };
}

interface Payer {
  readonly identity: string;
  readonly charge: Charge;
}

/** Returns the quota of a viewer, and the limits that it belongs to. */
function quotaOf(
  { ipAddress }: RequestScope,
  viewer: Viewer,
  limits: RequestLimits,
): { readonly limits: Pick<RequestLimits, 'quota'>; readonly quota: Quota } {
  switch (viewer.kind) {
    case 'anonymous': {
      const { quota, perMinute } = limits.anonymous;
      return { limits: { quota }, quota: { identity: clientNetwork(ipAddress), perMinute } };
    }
    case 'user':
      return { limits, quota: quotaOfUser(limits, viewer.userId) };
    case 'apiKey':
      return { limits, quota: quotaOfKey(limits, viewer.keyId, viewer.rateLimitPerMinute) };
    default:
      return assertNever(viewer);
  }
}
