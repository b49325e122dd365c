import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { readAppliedSdl, type Model } from '../../engine/schema.ts';

/** An applied schema version. It never changes. */
export interface AppliedVersion {
  readonly id: string;
  readonly sdl: string;
}

/** A cache for the models of schema versions. */
export interface VersionModels {
  /** Returns a version's model, or null if it is not cached. */
  peek(versionId: string): Model | null;
  /** Returns a version's model, or null if the version no longer exists because it was deleted with its project. */
  load(versionId: string): Promise<Model | null>;
}

const maxVersions = 10_000;
/**
 * The maximum total length of the cached SDL, in characters. This is enough for several thousand schemas as large as
 * the tracker's. A model takes several times as much memory as its SDL.
 */
const maxSdlLength = 8 * 1024 * 1024;

/**
 * Creates an empty cache. While a model is cached, versions with the same SDL share it, even in different projects.
 * @param findSdl returns a version's SDL, or null if the version does not exist
 */
export function createVersionModels(
  findSdl: (versionId: string) => Promise<string | null>,
): VersionModels {
  const bySdl = new LRUCache<string, { readonly model: Model }>({
    maxSize: maxSdlLength,
    max: maxVersions,
  });
  const hashes = new LRUCache<string, string>({ max: maxVersions });
  const loads = new Map<string, Promise<Model | null>>();

  const peek = (id: string): Model | null => {
    const hash = hashes.get(id);
    return (hash === undefined ? undefined : bySdl.get(hash)?.model) ?? null;
  };

  const read = async (id: string): Promise<Model | null> => {
    const sdl = await findSdl(id);
    if (sdl === null) return null;
    const hash = createHash('sha256').update(sdl).digest('base64url');
    const known = bySdl.get(hash);
    const model = known?.model ?? modelOf({ id, sdl });
    if (known === undefined) bySdl.set(hash, { model }, { size: sdl.length + 1 });
    hashes.set(id, hash);
    return model;
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

/** Parses an applied version's SDL. @throws Error if this gateway cannot read the SDL */
export function modelOf({ id, sdl }: AppliedVersion): Model {
  const reading = readAppliedSdl(sdl);
  // The SDL was valid when it was applied, and every later gateway must be able to read it.
  if (!reading.ok) throw new Error(`The SDL of schema version ${id} cannot be read.`);
  return reading.model;
}
