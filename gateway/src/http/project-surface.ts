import type { ApiAccess } from '../engine/runtime.ts';
import type { ProjectEngine } from '../data-plane/operations/project-engine.ts';
import type { Viewer } from '../control-plane/access/viewer.ts';
import type { GraphqlSurface } from './graphql-endpoint.ts';
import { defaultBodyLimits, type BodyLimits } from './read-body.ts';
import type { RequestScope } from './request-scope.ts';

export interface ProjectSurfaceOptions {
  readonly projects: Projects;
  readonly projectEngine: Pick<ProjectEngine, 'execute' | 'printApi'>;
  readonly projectBodyLimits?: BodyLimits;
}

/** Whose project is it, and what may they use of its API? */
export interface Projects {
  /** @throws RequestError `UNAUTHENTICATED`, `OVERLOADED`; NotFoundError for a ref that is no project of the viewer's */
  grant(viewer: Viewer, ref: string): ProjectGrant | Promise<ProjectGrant>;
}

export interface ProjectGrant {
  readonly projectId: string;
  readonly access: ApiAccess;
}

/** `/p/<ref>/graphql`, a project's own API. */
export function createProjectSurface({
  projects,
  projectEngine,
  projectBodyLimits = defaultProjectBodyLimits,
}: ProjectSurfaceOptions): GraphqlSurface<ApiAccess> {
  return {
    name: 'project',
    bodyLimits: projectBodyLimits,
    admit: (scope, viewer) => admitToProject(projects, scope, viewer),
    run: ({ scope, admission: access, params, mayChange }) =>
      projectEngine.execute({
        ref: scope.projectRef,
        access,
        query: params.query,
        operationName: params.operationName,
        variables: params.variables,
        mayChange,
        signal: scope.signal,
      }),
  };
}

/** Ten thousand rows in one mutation are some megabytes. */
const defaultProjectBodyLimits: BodyLimits = { ...defaultBodyLimits, bytes: 8 * 1024 * 1024 };

/** What the viewer may use of the project in the request's address; the scope knows whose request it is from then on. */
export function admitToProject(
  projects: Projects,
  scope: RequestScope,
  viewer: Viewer,
): ApiAccess | Promise<ApiAccess> {
  const note = ({ projectId, access }: ProjectGrant): ApiAccess => {
    scope.projectId = projectId;
    return access;
  };
  const grant = projects.grant(viewer, scope.projectRef);
  return grant instanceof Promise ? grant.then(note) : note(grant);
}
