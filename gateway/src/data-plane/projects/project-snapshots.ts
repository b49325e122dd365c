import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { Model } from '../../engine/schema.ts';
import { createRevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { BoundedWork } from '../../platform/bounded-work.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { isProjectRef } from './project-ref.ts';
import { modelOf } from '../../control-plane/schemas/schemas.service.ts';

/** What a project's API is made from. */
export interface ProjectSnapshot {
  readonly ref: string;
  /** 0 before a schema was applied. */
  readonly version: number;
  /** The same object for every project with the same SDL, as long as it is kept. */
  readonly model: Model;
}

type Found = ProjectSnapshot | null;

export interface ProjectSnapshots {
  /** As it was applied a second ago at the earliest; at once where it is known. Null for a ref that is no project. */
  get(ref: string): Found | Promise<Found>;
  /** As it is now: for who has met tables that are not those of the snapshot. */
  refresh(ref: string): Promise<Found>;
  close(): void;
}

interface Dependencies {
  readonly db: Db;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  readonly lookUp: BoundedWork;
}

/** A schema's version as it is kept for each project: the model is shared, and kept apart. */
interface CurrentVersion {
  /** Null before a schema was applied. */
  readonly id: string | null;
  readonly number: number;
}

/** Written by the triggers of migration 0003: a new version, and the end of a project, tell the ref. */
const channel = 'project_schemas';
const keptProjects = 10_000;
const keptForMs = 10 * 60_000;
/** As much as some thousand tracker-sized schemas. A model takes several times the size of its SDL. */
const keptSdlLength = 8 * 1024 * 1024;

const emptyModel: Model = { types: [], enums: [], relations: [] };

/**
 * The schemas that are applied. Which version a project has is forgotten on every instance when that changes, and
 * asked anew each time while notifications cannot be heard; what was read of a version stays, since it never
 * changes.
 */
export function createProjectSnapshots(dependencies: Dependencies): ProjectSnapshots {
  const { db, pubsub, clock, lookUp } = dependencies;
  const models = createModels(db);
  const versions = createRevocableCache<string, CurrentVersion>({
    max: keptProjects,
    ttlMs: keptForMs,
    pubsub,
    channel,
    clock,
    load: (ref) => lookUp(() => findCurrentVersion(db, ref)),
  });

  const load = async (ref: string): Promise<Found> => {
    const version = await versions.get(ref);
    if (version === null) return null;
    const model = version.id === null ? emptyModel : await models.load(version.id);
    // A version goes with its project alone.
    return model && { ref, version: version.number, model };
  };

  return {
    get(ref) {
      if (!isProjectRef(ref)) return null;
      const version = versions.peek(ref);
      if (version === null) return load(ref);
      const model = version.id === null ? emptyModel : models.peek(version.id);
      return model === null ? load(ref) : { ref, version: version.number, model };
    },
    async refresh(ref) {
      versions.forget(ref);
      return load(ref);
    },
    close: () => versions.close(),
  };
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

/** The models of versions, each SDL parsed once however many versions of however many projects have it. */
function createModels(db: Db) {
  const bySdl = new LRUCache<string, { readonly model: Model }>({
    maxSize: keptSdlLength,
    max: keptProjects,
  });
  const hashes = new LRUCache<string, string>({ max: keptProjects });
  const loads = new Map<string, Promise<Model | null>>();

  const peek = (id: string): Model | null => {
    const hash = hashes.get(id);
    return (hash === undefined ? undefined : bySdl.get(hash)?.model) ?? null;
  };

  const read = async (id: string): Promise<Model | null> => {
    const version = await db.schemaVersion.findUnique({
      where: { id },
      select: { id: true, sdl: true },
    });
    if (version === null) return null;
    const hash = createHash('sha256').update(version.sdl).digest('base64url');
    const known = bySdl.get(hash);
    const model = known?.model ?? modelOf(version);
    if (known === undefined) bySdl.set(hash, { model }, { size: version.sdl.length + 1 });
    hashes.set(id, hash);
    return model;
  };

  return {
    peek,
    async load(id: string): Promise<Model | null> {
      const known = peek(id);
      if (known !== null) return known;
      const underWay = loads.get(id);
      if (underWay !== undefined) return underWay;
      const reading = read(id).finally(() => loads.delete(id));
      loads.set(id, reading);
      return reading;
    },
  };
}
