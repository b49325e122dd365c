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
import { whenReady } from '../platform/when-ready.ts';
import { authenticate, type CredentialVerifier } from './authenticate.ts';
import type { Admission, GraphqlSurface } from './graphql-endpoint.ts';
import { anonymousBodyBytes, defaultBodyLimits, type BodyLimits } from './read-body.ts';
import {
  chargeTo,
  quotaOfAnonymous,
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
    const quota = quotaOf(scope, viewer, requestLimits);
    const charge = chargeTo(quota, head);
    return whenReady(takeFromQuota(quota, head), () => ({
      run: runFor(scope, viewer, { identity: quota.identity, charge }),
      ...(viewer.kind === 'anonymous' ? { bodyBytes: anonymousBodyBytes } : {}),
      bodyHolder: viewer.kind === 'anonymous' ? 'anonymous' : quota.identity,
    }));
  };

  return {
    name: 'management',
    bodyLimits,
    numbers: 'ROUNDED',
    usesCookies: true,
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

function quotaOf({ ipAddress }: RequestScope, viewer: Viewer, limits: RequestLimits): Quota {
  switch (viewer.kind) {
    case 'anonymous':
      return quotaOfAnonymous(limits, ipAddress);
    case 'user':
      return quotaOfUser(limits, viewer.userId);
    case 'apiKey':
      return quotaOfKey(limits, viewer);
    default:
      return assertNever(viewer);
  }
}
