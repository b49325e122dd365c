import type { ApiAccess } from '../../engine/runtime.ts';
import type { ApiKeyViewer, UserViewer, Viewer } from '../access/viewer.ts';
import type { Role } from '../access/actions.ts';
import type { Clock } from '../../platform/clock.ts';
import { createBoundedWork } from '../../platform/bounded-work.ts';
import type { Db } from '../../platform/db/database.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { errors } from '../errors/errors.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';
import { accessOfRole, createKeyAccess } from '../../data-plane/callers/project-access.ts';
import {
  createProjectSnapshots,
  type ProjectSnapshots,
} from '../../data-plane/projects/project-snapshots.ts';

export interface ProjectApisService {
  readonly snapshots: ProjectSnapshots;
  /**
   * What a viewer may use of a project's own API: a key of what its scopes say, on its own project; a member
   * of what their role allows. At once for a key.
   * @throws RequestError `UNAUTHENTICATED` for nobody, or `OVERLOADED`
   * @throws NotFoundError for a ref that is no project of the viewer's
   */
  grant(viewer: Viewer, ref: string): ProjectGrant | Promise<ProjectGrant>;
  /** Stops listening for schemas that are applied. */
  close(): void;
}

declare module '../graphql/context.ts' {
  interface Services {
    readonly projectApis: ProjectApisService;
  }
}

export interface ProjectGrant {
  readonly projectId: string;
  readonly access: ApiAccess;
}

interface ProjectApisDependencies {
  readonly db: Db;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

/** Look-ups at a time: half of the default pool, so that a flood of them leaves the rest to others. */
const lookUpLimits = { concurrency: 5, maxWaiting: 1_000, maxWaitMs: 2_000 };

export function createProjectApisService(
  dependencies: ProjectApisDependencies,
): ProjectApisService {
  const { db } = dependencies;
  const lookUp = createBoundedWork(lookUpLimits);
  const snapshots = createProjectSnapshots({ ...dependencies, lookUp });
  const accessOfScopes = createKeyAccess();
  // A viewer is made when its key is verified, and lives as long as nobody changes the key.
  const grants = new WeakMap<ApiKeyViewer, ProjectGrant>();

  const grantToKey = (viewer: ApiKeyViewer): ProjectGrant => {
    const known = grants.get(viewer);
    if (known !== undefined) return known;
    const { projectId, scopes } = viewer;
    const grant = { projectId, access: accessOfScopes(scopes) };
    grants.set(viewer, grant);
    return grant;
  };

  const grantToMember = async ({ userId }: UserViewer, ref: string): Promise<ProjectGrant> => {
    const found = isProjectRef(ref) ? await lookUp(() => findMembership(db, userId, ref)) : null;
    if (found === null) throw errors.notFound('project');
    return { projectId: found.projectId, access: accessOfRole(found.role) };
  };

  return {
    snapshots,
    grant(viewer, ref) {
      switch (viewer.kind) {
        case 'apiKey':
          if (viewer.projectRef !== ref) throw errors.notFound('project');
          return grantToKey(viewer);
        case 'user':
          return grantToMember(viewer, ref);
        case 'anonymous':
          throw errors.unauthenticated();
        default:
          return assertNever(viewer);
      }
    },
    close: () => snapshots.close(),
  };
}

async function findMembership(
  db: Db,
  userId: string,
  ref: string,
): Promise<{ readonly projectId: string; readonly role: Role } | null> {
  const [found] = await db.$queryRaw<{ projectId: string; role: Role }[]>`
    SELECT p.id AS "projectId", m.role::text AS role
    FROM tessera.projects AS p
      JOIN tessera.memberships AS m ON m.organization_id = p.organization_id
    WHERE p.ref = ${ref} AND m.user_id = ${userId}::uuid`;
  return found ?? null;
}
