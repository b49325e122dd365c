import { LRUCache } from 'lru-cache';

import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import { hashOfSdl, projectSchema, type ProjectSchema } from './project-schema.ts';

/** A cache for the schemas of versions. */
export interface VersionSchemas {
  /** Returns a version's schema, or null if it is not cached. */
  peek(versionId: string): ProjectSchema | null;
  /** Returns a version's schema, or null if the version no longer exists because it was deleted with its project. */
  load(versionId: string): Promise<ProjectSchema | null>;
}

const maxVersions = 10_000;
/**
 * The maximum total length of the cached SDL, in characters. This is enough for several thousand schemas as large as
 * the tracker's. A model takes several times as much memory as its SDL.
 */
const maxSdlLength = 8 * 1024 * 1024;

/**
 * Creates an empty cache. While a schema is cached, versions with the same SDL share it, even in different projects.
 * @param findSdl returns a version's SDL, or null if the version does not exist
 */
export function createVersionSchemas(
  findSdl: (versionId: string) => Promise<string | null>,
): VersionSchemas {
  const byHash = new LRUCache<string, ProjectSchema>({ maxSize: maxSdlLength, max: maxVersions });
  const hashes = new LRUCache<string, string>(growingUpTo(maxVersions));
  const loads = new Map<string, Promise<ProjectSchema | null>>();

  const peek = (id: string): ProjectSchema | null => {
    const hash = hashes.get(id);
    return (hash === undefined ? undefined : byHash.get(hash)) ?? null;
  };

  const read = async (id: string): Promise<ProjectSchema | null> => {
    const sdl = await findSdl(id);
    if (sdl === null) return null;
    const hash = hashOfSdl(sdl);
    const known = byHash.get(hash);
    const schema = known ?? projectSchema(sdl, hash);
    if (known === undefined) byHash.set(hash, schema, { size: sdl.length + 1 });
    hashes.set(id, hash);
    return schema;
  };

  return {
    peek,
    async load(id) {
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
