import { createScopeAccess } from '../data-plane/callers/key-scopes.ts';
import type { AccessSettingsDirectory } from '../data-plane/callers/access-settings.ts';
import type { CallerDirectory, KeyCaller } from '../data-plane/callers/callers.ts';
import type { CurrentVersion, ProjectDirectory } from '../data-plane/projects/project-snapshots.ts';
import type { ApiAccess } from '../engine/runtime.ts';
import { createBoundedWork } from '../platform/bounded-work.ts';
import type { Db } from '../platform/db/database.ts';
import { whenReady } from '../platform/when-ready.ts';
import { roleMay, type Role } from './access/actions.ts';
import type { ApiKeyViewer } from './access/viewer.ts';
import type { ApiKeysService } from './api-keys/api-keys.service.ts';
import { findAccessSettings } from './project-settings/project-settings.service.ts';
import type { SessionsService } from './sessions/sessions.service.ts';

export interface DataPlanePortsDependencies {
  readonly db: Db;
  readonly apiKeys: Pick<ApiKeysService, 'authenticate'>;
  readonly sessions: Pick<SessionsService, 'authenticate'>;
}

/** Gives the data plane access to keys, members, projects and schema versions. */
export interface DataPlanePorts {
  readonly callers: CallerDirectory;
  readonly projects: ProjectDirectory;
  readonly settings: AccessSettingsDirectory;
}

/** Concurrent lookups are limited to half of the default pool size, so that a flood of them leaves connections free. */
const lookUpLimits = { concurrency: 5, maxWaiting: 1_000, maxWaitMs: 2_000 };

export function createDataPlanePorts(dependencies: DataPlanePortsDependencies): DataPlanePorts {
  const { db, apiKeys, sessions } = dependencies;
  const lookUp = createBoundedWork(lookUpLimits);
  const accessOfScopes = createScopeAccess();
  // A viewer object is kept only while its key is cached, so a change to the key also discards the caller.
  const callers = new WeakMap<ApiKeyViewer, KeyCaller>();

  const callerOf = (viewer: ApiKeyViewer): KeyCaller => {
    const known = callers.get(viewer);
    if (known !== undefined) return known;
    const { kind, keyId, rateLimitPerMinute, projectId, projectRef, scopes } = viewer;
    const access = accessOfScopes(scopes);
    const subject = null;
    const caller = { kind, keyId, rateLimitPerMinute, projectId, projectRef, access, subject };
    callers.set(viewer, caller);
    return caller;
  };

  return {
    callers: {
      verifyKey(text) {
        return whenReady(apiKeys.authenticate(text), (viewer) =>
          // No rules apply to publishable keys yet, so they are treated as unknown keys.
          viewer === null || viewer.keyKind === 'PUBLISHABLE' ? null : callerOf(viewer),
        );
      },
      verifyAccessToken: (token) => sessions.authenticate(token),
      async findMember(userId, projectRef) {
        const found = await lookUp(() => findMembership(db, userId, projectRef));
        if (found === null) return null;
        const { projectId, role } = found;
        const access = memberAccess[role];
        return { kind: 'member', projectId, projectRef, access, subject: null };
      },
    },
    projects: {
      findCurrentVersion: (ref) => lookUp(() => findCurrentVersion(db, ref)),
      async findSdl(id) {
        const select = { sdl: true };
        return (await db.schemaVersion.findUnique({ where: { id }, select }))?.sdl ?? null;
      },
    },
    settings: {
      findAccessSettings: (ref) => lookUp(() => findAccessSettings(db, ref)),
    },
  };
}

const accessOf = (role: Role): ApiAccess => ({
  read: roleMay(role, 'data:read') ? 'ALL' : new Set(),
  write: roleMay(role, 'data:write') ? 'ALL' : new Set(),
  introspect: roleMay(role, 'schema:read'),
  rules: null,
});

const memberAccess: Readonly<Record<Role, ApiAccess>> = {
  OWNER: accessOf('OWNER'),
  ADMIN: accessOf('ADMIN'),
  DEVELOPER: accessOf('DEVELOPER'),
  VIEWER: accessOf('VIEWER'),
};

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

async function findCurrentVersion(db: Db, ref: string): Promise<CurrentVersion | null> {
  const [found] = await db.$queryRaw<{ id: string | null; number: number | null }[]>`
    SELECT v.id, v.number
    FROM tessera.projects AS p
    LEFT JOIN LATERAL (
      SELECT id, number FROM tessera.schema_versions
      WHERE project_id = p.id ORDER BY number DESC LIMIT 1
    ) AS v ON true
    WHERE p.ref = ${ref}`;
  return found === undefined ? null : { id: found.id, number: found.number ?? 0 };
}
