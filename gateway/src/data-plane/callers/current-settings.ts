import { LRUCache } from 'lru-cache';

import { growingUpTo } from '../../platform/cache/growing-cache.ts';
import { createRevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { isProjectRef } from '../projects/project-ref.ts';
import type { AccessSettings, AccessSettingsDirectory } from './access-settings.ts';

/** The current access settings of projects. */
export interface CurrentSettings {
  /**
   * Returns settings that are at most one second old. Synchronous if they are cached. While they do not change, the
   * result is the same object. Null if no project has this ref.
   * @throws RequestError `OVERLOADED`
   */
  get(ref: string): AccessSettings | null | Promise<AccessSettings | null>;
  /** Like `get`, but without a query. Undefined if a query is needed. */
  peek(ref: string): AccessSettings | null | undefined;
  close(): void;
}

export interface CurrentSettingsDependencies {
  readonly settings: AccessSettingsDirectory;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

/** A trigger publishes a project's ref on this channel when its access settings change or it is deleted. */
export const accessSettingsChannel = 'access_settings';
const maxProjects = 10_000;
const ttlMs = 10 * 60_000;
const unknownForMs = 30_000;

export function createCurrentSettings({
  settings,
  pubsub,
  clock,
}: CurrentSettingsDependencies): CurrentSettings {
  /**
   * Refs without a project, so that requests to them need no query. The entries need no invalidation: a ref is random,
   * so that it cannot be guessed before its project is created.
   */
  const unknown = new LRUCache<string, true>({
    ...growingUpTo(maxProjects),
    ttl: unknownForMs,
    ttlResolution: 0,
    perf: { now: () => clock().getTime() },
  });
  const known = createRevocableCache<string, AccessSettings>({
    max: maxProjects,
    ttlMs,
    pubsub,
    channel: accessSettingsChannel,
    clock,
    async load(ref) {
      const found = await settings.findAccessSettings(ref);
      if (found === null) unknown.set(ref, true);
      return found;
    },
  });
  const peek = (ref: string): AccessSettings | null | undefined => {
    const cached = known.peek(ref);
    if (cached !== null) return cached;
    return !isProjectRef(ref) || unknown.has(ref) ? null : undefined;
  };
  return {
    peek,
    get(ref) {
      const cached = peek(ref);
      return cached === undefined ? known.get(ref) : cached;
    },
    close: () => known.close(),
  };
}
