import { LRUCache } from 'lru-cache';

/**
 * Decides when the main thread builds the API of a large schema. Until then, its operations run on the compute thread.
 * A project that is in use pays this detour only for its first requests.
 */
export interface LargeApis {
  /**
   * Counts a request to an API that the main thread has not built.
   * @param key identifies the API
   * @param sdlLength in characters
   * @returns true if the main thread builds the API now
   */
  mayBuild(key: string, sdlLength: number): boolean;
}

/** An API that is used less is not worth a pause of all other requests. */
const requestsBefore = 20;
const maxApis = 1_000;
/** One percent of the main thread for the builds of all projects. The burst is enough for the longest SDL. */
const share = { burstMs: 640, msPerSecond: 10 };
/** Reading an SDL and building its API takes 2 to 3 ms for 1,000 characters. */
const msPerCharacter = 0.002_5;

/** @param now returns a time in milliseconds that never steps back */
export function createLargeApis(now: () => number): LargeApis {
  const requests = new LRUCache<string, number>({ max: maxApis });
  let balanceMs = share.burstMs;
  let at = now();

  return {
    mayBuild(key, sdlLength) {
      const count = (requests.get(key) ?? 0) + 1;
      requests.set(key, count);
      if (count <= requestsBefore) return false;
      const time = now();
      balanceMs = Math.min(share.burstMs, balanceMs + ((time - at) / 1_000) * share.msPerSecond);
      at = time;
      const cost = Math.min(share.burstMs, sdlLength * msPerCharacter);
      if (balanceMs < cost) return false;
      balanceMs -= cost;
      requests.delete(key);
      return true;
    },
  };
}
