import { LRUCache } from 'lru-cache';
import type { RateLimitBackend } from './slot-reservation.ts';
import { SlidingWindow } from './sliding-window.ts';

const maxRules = 100;
const defaultMaxIdentities = 50_000;
/** Eight bytes each: 16 MB for the largest rule. */
const maxRememberedTries = 2_000_000;

/**
 * Counts in this process. Each rule remembers the identities that tried most recently, up to `maxIdentities`
 * (fewer where a rule allows many tries), so that a flood of one rule makes no other forget.
 */
export function createMemoryBackend(maxIdentities = defaultMaxIdentities): RateLimitBackend {
  const windowsByRule = new LRUCache<string, LRUCache<string, SlidingWindow>>({ max: maxRules });

  return {
    reserve({ name, max, windowMs }, identity, now) {
      let windows = windowsByRule.get(name);
      if (windows === undefined) {
        const fitting = Math.max(100, Math.floor(maxRememberedTries / max));
        windows = new LRUCache({ max: Math.min(maxIdentities, fitting) });
        windowsByRule.set(name, windows);
      }
      let window = windows.get(identity);
      if (window === undefined) {
        window = new SlidingWindow();
        windows.set(identity, window);
      }
      return Promise.resolve(window.reserve(max, windowMs, now));
    },
  };
}
