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
import { whenReady } from '../platform/when-ready.ts';
import { authenticate, type CredentialVerifier } from './authenticate.ts';
import type { Admission, GraphqlSurface } from './graphql-endpoint.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import { takeFromQuota, type RequestLimits } from './request-limits.ts';
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

  const admit = (scope: RequestScope, viewer: Viewer): Admission | Promise<Admission> => {
    const run: Admission['run'] = (request) => execute(request, () => createContext(scope, viewer));
    const { observation, head } = scope;
    observation.principal = viewer.kind;
    // For users and anonymous viewers, rate limits apply to individual expensive fields and not to whole requests.
    if (viewer.kind === 'anonymous') return { run, bodyHolder: 'anonymous' };
    if (viewer.kind === 'user') return { run, bodyHolder: viewer.userId };
    const { keyId: identity, rateLimitPerMinute: perMinute } = viewer;
    observation.keyId = identity;
    return whenReady(takeFromQuota(requestLimits, { identity, perMinute }, head), () => ({
      run,
      bodyHolder: identity,
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
