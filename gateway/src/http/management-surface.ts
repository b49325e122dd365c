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
import { whenReady } from '../platform/when-ready.ts';
import { authenticate, type CredentialVerifier } from './authenticate.ts';
import type { Admission, GraphqlSurface } from './graphql-endpoint.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
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
  bodyLimits = defaultBodyLimits,
  createContext,
}: ManagementSurfaceOptions): GraphqlSurface<void> {
  const execute = createGraphqlExecution(schema, managementDocumentLimits);

  const runFor = (scope: RequestScope, viewer: Viewer, charge: Charge): Admission['run'] => {
    const createContextForViewer = () => createContext(scope, viewer);
    return (request) => execute(request, { createContext: createContextForViewer, charge });
  };

  const admit = (scope: RequestScope, viewer: Viewer): Admission | Promise<Admission> => {
    const { observation, head } = scope;
    observation.principal = viewer.kind;
    // The rate limits of anonymous viewers apply to fields and not to whole requests.
    if (viewer.kind === 'anonymous') {
      return { run: runFor(scope, viewer, () => undefined), bodyHolder: 'anonymous' };
    }
    if (viewer.kind === 'apiKey') observation.keyId = viewer.keyId;
    const quota = quotaOf(viewer, requestLimits);
    return whenReady(takeFromQuota(requestLimits, quota, head), () => ({
      run: runFor(scope, viewer, chargeTo(requestLimits, quota, head)),
      bodyHolder: viewer.kind === 'user' ? viewer.userId : viewer.keyId,
    }));
  };

  return {
    name: 'management',
    bodyLimits,
    admit: (scope) =>
      whenReady(authenticate(scope.request, viewers), (viewer) =>
        admit(scope, viewer ?? anonymous),
      ),
  };
}

function quotaOf(viewer: ApiKeyViewer | UserViewer, limits: RequestLimits): Quota {
  return viewer.kind === 'user'
    ? quotaOfUser(limits, viewer.userId)
    : quotaOfKey(limits, viewer.keyId, viewer.rateLimitPerMinute);
}
