import type { GraphQLSchema } from 'graphql';

import type { Viewer } from '../control-plane/access/viewer.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import {
  createGraphqlExecution,
  managementDocumentLimits,
} from '../control-plane/graphql/graphql-execution.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import type { RequestScope } from './request-scope.ts';

export interface ManagementSurfaceOptions {
  readonly schema: GraphQLSchema;
  /** 1 MiB within 15 s when left out. */
  readonly bodyLimits?: BodyLimits;
  /** What resolvers get, for a request of this viewer. */
  readonly createContext: (scope: RequestScope, viewer: Viewer) => object;
}

/** `/graphql`, the management API. Each of its fields decides who may reach it. */
export function createManagementSurface({
  schema,
  bodyLimits = defaultBodyLimits,
  createContext,
}: ManagementSurfaceOptions): GraphqlSurface<null> {
  const run = createGraphqlExecution(schema, managementDocumentLimits);
  return {
    name: 'management',
    bodyLimits,
    admit: () => null,
    async run({ scope, viewer, params, mayChange }) {
      const context = () => createContext(scope, viewer);
      const { operationType, data, errors } = await run({ params, mayChange, context });
      return {
        operationType,
        errors,
        data: data == null ? null : JSON.stringify(data),
        hasData: data != null && Object.values(data).some((value) => value !== null),
      };
    },
  };
}
