import { projectNames, type ProjectNames } from '../../engine/migrations.ts';
import { createRevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import type { ProjectRoles } from './project-roles.ts';
import { isProjectRef } from './project-ref.ts';
import { noSchema, type ProjectSchema } from './project-schema.ts';
import { createVersionSchemas } from './version-schemas.ts';

/** The state of a project that a request runs against. It is resolved once per request and passed as an argument. */
export interface ProjectSnapshot {
  readonly ref: string;
  /** Names of the project's PostgreSQL schema and role. */
  readonly names: ProjectNames;
  /** Increases with each change to the schema. 0 before the first schema is applied. */
  readonly version: number;
  /** Is empty before a schema is applied. Projects with the same SDL share one object while it is cached. */
  readonly schema: ProjectSchema;
}

/** Gives the data plane access to projects and their schema versions, which the control plane stores. */
export interface ProjectDirectory {
  /** Returns the project's current version, or null if no project has this ref. @throws RequestError `OVERLOADED` */
  readonly findCurrentVersion: (ref: string) => Promise<CurrentVersion | null>;
  /** Returns a version's SDL, or null if the version no longer exists. */
  readonly findSdl: (versionId: string) => Promise<string | null>;
}

export interface CurrentVersion {
  /** Null before a schema is applied. */
  readonly id: string | null;
  readonly number: number;
}

export interface ProjectSnapshots {
  /**
   * Returns a snapshot that is at most one second old. Synchronous if it is cached. Null if no project has this ref.
   * @throws ProjectRoleError if the project's role cannot be used
   */
  get(ref: string): ProjectSnapshot | null | Promise<ProjectSnapshot | null>;
  /** Reloads the snapshot, for a request whose tables do not match its snapshot. */
  refresh(ref: string): Promise<ProjectSnapshot | null>;
  close(): void;
}

export interface ProjectSnapshotsDependencies {
  readonly projects: ProjectDirectory;
  readonly roles: Pick<ProjectRoles, 'ensure'>;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

interface CachedVersion extends CurrentVersion {
  readonly names: ProjectNames;
}

function snapshotOf({ names, number }: CachedVersion, schema: ProjectSchema): ProjectSnapshot {
  return { ref: names.ref, names, version: number, schema };
}

/** The triggers from migration 0003 publish a project's ref when the project gets a new version or is deleted. */
const channel = 'project_schemas';
const maxProjects = 10_000;
const ttlMs = 10 * 60_000;

/**
 * Creates snapshots. A project's role is checked before its snapshot is used. The current version of each project is
 * cached until a notification reports a change. While notifications cannot be received, every request queries the
 * directory. Schemas are cached separately, because a
 * version never changes.
 */
export function createProjectSnapshots(
  dependencies: ProjectSnapshotsDependencies,
): ProjectSnapshots {
  const { projects, roles, pubsub, clock } = dependencies;
  const schemas = createVersionSchemas(projects.findSdl);
  const versions = createRevocableCache<string, CachedVersion>({
    max: maxProjects,
    ttlMs,
    pubsub,
    channel,
    clock,
    async load(ref) {
      const version = await projects.findCurrentVersion(ref);
      if (version === null) return null;
      const names = projectNames(ref);
      await roles.ensure(names);
      return { ...version, names };
    },
  });

  const load = async (ref: string): Promise<ProjectSnapshot | null> => {
    if (!isProjectRef(ref)) return null;
    const version = await versions.get(ref);
    if (version === null) return null;
    const schema = version.id === null ? noSchema : await schemas.load(version.id);
    // The schema is null only if the project was deleted, because versions are deleted only together with their project.
    return schema && snapshotOf(version, schema);
  };

  return {
    get(ref) {
      const version = versions.peek(ref);
      if (version === null) return load(ref);
      const schema = version.id === null ? noSchema : schemas.peek(version.id);
      return schema === null ? load(ref) : snapshotOf(version, schema);
    },
    async refresh(ref) {
      versions.forget(ref);
      return load(ref);
    },
    close: () => versions.close(),
  };
}
