import { createScopeAccess } from '../data-plane/callers/key-scopes.ts';
import type { AccessSettingsDirectory } from '../data-plane/callers/access-settings.ts';
import {
  signedOut,
  viewedSubject,
  type CallerDirectory,
  type KeyCaller,
} from '../data-plane/callers/callers.ts';
import type { CurrentVersion, ProjectDirectory } from '../data-plane/projects/project-snapshots.ts';
import type { ApiAccess } from '../engine/runtime.ts';
import { createBoundedWork } from '../platform/bounded-work.ts';
import type { Clock } from '../platform/clock.ts';
import type { Db } from '../platform/db/database.ts';
import { whenReady } from '../platform/when-ready.ts';
import { roleMay, type Role } from './access/actions.ts';
import type { ApiKeyViewer } from './access/viewer.ts';
import type { AuditService } from './audit/audit.service.ts';
import { createProjectViews } from './audit/project-views.ts';
import { errors } from './errors/errors.ts';
import type { ApiKeysService } from './api-keys/api-keys.service.ts';
import { findAccessSettings } from './project-settings/project-settings.service.ts';
import type { SessionsService } from './sessions/sessions.service.ts';

export interface DataPlanePortsDependencies {
  readonly db: Db;
  readonly apiKeys: Pick<ApiKeysService, 'authenticate'>;
  readonly sessions: Pick<SessionsService, 'authenticate'>;
  readonly audit: Pick<AuditService, 'record'>;
  readonly clock: Clock;
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
  const views = createProjectViews(dependencies);
  const lookUp = createBoundedWork(lookUpLimits);
  const accessOfScopes = createScopeAccess();
  // A viewer object is kept only while its key is cached, so a change to the key also discards the caller.
  const callers = new WeakMap<ApiKeyViewer, KeyCaller>();

  const callerOf = (viewer: ApiKeyViewer): KeyCaller => {
    const known = callers.get(viewer);
    if (known !== undefined) return known;
    const { kind, keyId, keyKind, rateLimitPerMinute, projectId, projectRef, scopes } = viewer;
    const caller: KeyCaller = {
      kind,
      keyId,
      keyKind,
      rateLimitPerMinute,
      projectId,
      projectRef,
      access: accessOfScopes(scopes),
      subject: keyKind === 'PUBLISHABLE' ? signedOut() : null,
    };
    callers.set(viewer, caller);
    return caller;
  };

  return {
    callers: {
      verifyKey(text) {
        return whenReady(apiKeys.authenticate(text), (viewer) =>
          viewer === null ? null : callerOf(viewer),
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
      async viewAs(user, projectRef, { as, ...request }) {
        const found = await lookUp(() => findMembership(db, user.userId, projectRef));
        if (found === null) return null;
        const { role, ...project } = found;
        if (!roleMay(role, 'access:viewAs')) throw errors.forbidden();
        const userId = as.kind === 'USER' ? as.id : null;
        await views.record({ viewer: user, ...request }, { ...project, userId });
        const access = { ...memberAccess[role], write: noModels };
        const subject = viewedSubject(as);
        return { kind: 'member', projectId: project.projectId, projectRef, access, subject };
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

const noModels: ReadonlySet<string> = new Set();

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

interface Membership {
  readonly projectId: string;
  readonly projectName: string;
  readonly organizationId: string;
  readonly role: Role;
}

async function findMembership(db: Db, userId: string, ref: string): Promise<Membership | null> {
  const [found] = await db.$queryRaw<Membership[]>`
    SELECT p.id AS "projectId", p.name AS "projectName",
      p.organization_id AS "organizationId", m.role::text AS role
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
