import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { redisKey, type RedisLink } from './redis-link.ts';

export interface QuotaVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** The number of requests that are still allowed in the current minute. */
  readonly remaining: number;
  /**
   * Whole seconds until more requests are allowed. After a rejection, whole seconds until a request is allowed again.
   */
  readonly resetSeconds: number;
}

/**
 * Limits each caller's requests per minute. Unlike `SlidingLog`, which records a few expensive attempts exactly, it
 * counts every request. It needs constant time and memory even for a limit of a million requests, and without Redis it
 * is synchronous.
 */
export interface RequestQuota {
  /**
   * Counts a request if fewer than `max` requests were counted in the last minute. @param identity identifies a
   * verified caller; clients must not be able to choose it
   */
  take(identity: string, max: number): QuotaVerdict | Promise<QuotaVerdict>;
}

export interface RequestQuotaOptions {
  /** If null, requests are counted in this process's memory. */
  readonly redis: RedisLink | null;
  readonly clock: Clock;
  /** Called for every rejection, for metrics. */
  readonly onRefused?: () => void;
}

/**
 * Counts requests in slots of five seconds (docs/decisions/0010). The slot in which the minute began is counted in
 * full, so there are never more than `max` requests in any minute. A rejected caller waits up to five seconds longer
 * than with an exact count.
 */
export function createRequestQuota({ redis, clock, onRefused }: RequestQuotaOptions): RequestQuota {
  const memory = createMemorySlots();
  const store = redis === null ? memory : createRedisSlots(redis, memory);

  const judge = ({ taken, counts }: TakenSlot, max: number, now: number): QuotaVerdict => {
    const allowed = taken < max;
    if (!allowed) onRefused?.();
    return {
      allowed,
      limit: max,
      remaining: Math.max(0, max - taken - 1),
      resetSeconds: Math.max(1, Math.ceil((counts.freeAt(max) - now) / 1_000)),
    };
  };

  return {
    take(identity, max) {
      const now = clock().getTime();
      const taken = store.take(identity, Math.floor(now / slotMs), max);
      if (taken instanceof Promise) return taken.then((known) => judge(known, max, now));
      return judge(taken, max, now);
    },
  };
}

const slotMs = 5_000;
/** The slots of a full minute and the slot in which the minute began. */
const slots = 60_000 / slotMs + 1;

/** One caller's requests in the last minute: thirteen counts, one per slot. */
class SlotCounts {
  readonly #counts = new Uint32Array(slots);
  #latest = 0;
  total = 0;

  /** Makes `slot` the current slot and drops slots that are too old. Has no effect if the clock goes backwards. */
  advanceTo(slot: number): void {
    if (slot - this.#latest >= slots) {
      this.#counts.fill(0);
      this.total = 0;
      this.#latest = slot;
    }
    while (this.#latest < slot) {
      this.#latest += 1;
      const reused = this.#latest % slots;
      this.total -= this.#counts[reused] ?? 0;
      this.#counts[reused] = 0;
    }
  }

  /** Adds requests to the latest slot. */
  add(count: number): void {
    const current = this.#latest % slots;
    this.#counts[current] = (this.#counts[current] ?? 0) + count;
    this.total += count;
  }

  /**
   * Returns the time at which enough of the oldest slots will have been dropped to allow a request, in milliseconds
   * since the epoch.
   */
  freeAt(max: number): number {
    let left = this.total;
    for (let slot = this.#latest - slots + 1; slot < this.#latest; slot += 1) {
      const count = this.#counts[slot % slots] ?? 0;
      left -= count;
      if (count > 0 && left < max) return (slot + slots) * slotMs;
    }
    return (this.#latest + slots) * slotMs;
  }
}

interface TakenSlot {
  /** The number of earlier requests in the last minute. If it is at least `max`, this request was not counted. */
  readonly taken: number;
  /** The counts after this request. */
  readonly counts: SlotCounts;
}

/** Stores the counts. Each call is atomic. The caller interprets the counts. */
interface SlotStore {
  /** Drops slots older than a minute, then adds a request to `slot` if the sum of all counts is less than `max`. */
  take(identity: string, slot: number, max: number): TakenSlot | Promise<TakenSlot>;
}

interface MemorySlots extends SlotStore {
  take(identity: string, slot: number, max: number): TakenSlot;
}

const maxIdentities = 50_000;

function createMemorySlots(): MemorySlots {
  const countsByIdentity = new LRUCache<string, SlotCounts>({ max: maxIdentities });
  return {
    take(identity, slot, max) {
      let counts = countsByIdentity.get(identity);
      if (counts === undefined) {
        counts = new SlotCounts();
        countsByIdentity.set(identity, counts);
      }
      counts.advanceTo(slot);
      const taken = counts.total;
      if (taken < max) counts.add(1);
      return { taken, counts };
    },
  };
}

const ruleName = 'requests';

/**
 * Uses Redis to count the requests to all instances, with one script call per request. Uses `fallback` while Redis is
 * not available.
 */
function createRedisSlots(redis: RedisLink, fallback: SlotStore): SlotStore {
  redis.define('takeSlot', { numberOfKeys: 1, lua: takeSlot });
  return {
    take: (identity, slot, max) =>
      redis.ask(
        async (commands) => {
          const key = redisKey(ruleName, identity);
          const [taken, ...entries] = await commands.takeSlot(key, slot, max);
          return { taken, counts: countsOf(entries) };
        },
        () => fallback.take(identity, slot, max),
      ),
  };
}

/**
 * Converts the entries of a Redis hash to counts.
 * @param entries slot, count, slot, count …, with the slots in any order
 */
function countsOf(entries: readonly (string | number)[]): SlotCounts {
  const bySlot: [slot: number, count: number][] = [];
  for (let index = 0; index < entries.length; index += 2) {
    bySlot.push([Number(entries[index]), Number(entries[index + 1])]);
  }
  const counts = new SlotCounts();
  for (const [slot, count] of bySlot.sort(([a], [b]) => a - b)) {
    counts.advanceTo(slot);
    counts.add(count);
  }
  return counts;
}

/**
 * KEYS[1]: a hash from slots to counts. ARGV: the current slot, max. Returns { taken before this request, slot, count,
 * slot, count … }, with the counts as they are after the request.
 */
const takeSlot = `
local current, max = tonumber(ARGV[1]), tonumber(ARGV[2])
local taken = 0
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  if tonumber(stored[i]) + ${slots} <= current then
    redis.call('HDEL', KEYS[1], stored[i])
  else
    taken = taken + tonumber(stored[i + 1])
  end
end
if taken < max then
  redis.call('HINCRBY', KEYS[1], current, 1)
  redis.call('PEXPIRE', KEYS[1], ${slots * slotMs})
end
local answer = redis.call('HGETALL', KEYS[1])
table.insert(answer, 1, taken)
return answer
`;

declare module 'ioredis' {
  interface RedisCommander<Context> {
    takeSlot(
      key: string,
      slot: number,
      max: number,
    ): Result<[taken: number, ...entries: string[]], Context>;
  }
}
