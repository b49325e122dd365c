import { projectNames, type ProjectNames } from '../../engine/migrations.ts';
import type { Model } from '../../engine/schema.ts';
import { createRevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { isProjectRef } from './project-ref.ts';
import { createVersionModels } from './version-models.ts';

/** What a request on a project runs against. It is resolved once per request and passed as an argument. */
export interface ProjectSnapshot {
  readonly ref: string;
  /** Its schema and its role in PostgreSQL. */
  readonly names: ProjectNames;
  /** Increases with each change of the schema; 0 before the first. */
  readonly version: number;
  /** Without types before a schema was applied. Projects with the same SDL share one object while it is cached. */
  readonly model: Model;
}

/** Port: the projects and their schema versions, which the control plane stores. */
export interface ProjectDirectory {
  /** Null for a ref that no project has. @throws RequestError `OVERLOADED` */
  readonly findCurrentVersion: (ref: string) => Promise<CurrentVersion | null>;
  /** Null for a version that no longer exists. */
  readonly findSdl: (versionId: string) => Promise<string | null>;
}

export interface CurrentVersion {
  /** Null before a schema was applied. */
  readonly id: string | null;
  readonly number: number;
}

export interface ProjectSnapshots {
  /** At most a second old; at once where it is cached. Null for a ref that no project has. */
  get(ref: string): ProjectSnapshot | null | Promise<ProjectSnapshot | null>;
  /** As it is now: for a request that found tables other than those of its snapshot. */
  refresh(ref: string): Promise<ProjectSnapshot | null>;
  close(): void;
}

export interface ProjectSnapshotsDependencies {
  readonly projects: ProjectDirectory;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

interface CachedVersion extends CurrentVersion {
  readonly names: ProjectNames;
}

function snapshotOf({ names, number }: CachedVersion, model: Model): ProjectSnapshot {
  return { ref: names.ref, names, version: number, model };
}

/** The triggers of migration 0003 publish the ref of a project that has a new version or was deleted. */
const channel = 'project_schemas';
const maxProjects = 10_000;
const ttlMs = 10 * 60_000;

const emptyModel: Model = { types: [], enums: [], relations: [] };

/**
 * Caches which version each project has until a notification says that it changed; while notifications cannot be
 * received, it asks the directory for each request. Models are cached separately, since a version never changes.
 */
export function createProjectSnapshots(
  dependencies: ProjectSnapshotsDependencies,
): ProjectSnapshots {
  const { projects, pubsub, clock } = dependencies;
  const models = createVersionModels(projects.findSdl);
  const versions = createRevocableCache<string, CachedVersion>({
    max: maxProjects,
    ttlMs,
    pubsub,
    channel,
    clock,
    async load(ref) {
      const version = await projects.findCurrentVersion(ref);
      return version && { ...version, names: projectNames(ref) };
    },
  });

  const load = async (ref: string): Promise<ProjectSnapshot | null> => {
    if (!isProjectRef(ref)) return null;
    const version = await versions.get(ref);
    if (version === null) return null;
    const model = version.id === null ? emptyModel : await models.load(version.id);
    // A version is deleted only with its project.
    return model && snapshotOf(version, model);
  };

  return {
    get(ref) {
      const version = versions.peek(ref);
      if (version === null) return load(ref);
      const model = version.id === null ? emptyModel : models.peek(version.id);
      return model === null ? load(ref) : snapshotOf(version, model);
    },
    async refresh(ref) {
      versions.forget(ref);
      return load(ref);
    },
    close: () => versions.close(),
  };
}
