import type { GraphqlHttpOptions } from './graphql-endpoint.ts';
import { identify } from './identify.ts';
import { admitToProject, type ProjectSurfaceOptions } from './project-surface.ts';
import type { RequestScope } from './request-scope.ts';
import { send } from './responses.ts';
import { requireReading } from './static-assets.ts';

type ProjectSdlOptions = Pick<ProjectSurfaceOptions, 'projects' | 'projectEngine'> &
  Pick<GraphqlHttpOptions, 'authenticators' | 'requestLimits' | 'countUse'>;

/** `/p/<ref>/schema.graphql`: the SDL of the API that the caller sees, for code generators. */
export function createProjectSdlEndpoint(options: ProjectSdlOptions) {
  const { projects, projectEngine, countUse } = options;

  const printedFor = async (scope: RequestScope): Promise<string> => {
    requireReading(scope.method);
    const viewer = await identify(scope, options);
    const access = await admitToProject(projects, scope, viewer);
    return projectEngine.printApi(scope.projectRef, access);
  };

  return async (scope: RequestScope): Promise<void> => {
    let failed = true;
    try {
      const sdl = await printedFor(scope);
      failed = false;
      send(scope, 200, 'text/plain; charset=utf-8', sdl);
    } finally {
      countUse(scope, failed);
    }
  };
}
