import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { growingUpTo } from '../cache/growing-cache.ts';
import type { Clock } from '../clock.ts';
import { redisKey, type RedisLink } from './redis-link.ts';

export interface QuotaVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** The number of units that are still available in the current minute. */
  readonly remaining: number;
  /**
   * Whole seconds until more units are available. After a rejection, whole seconds until the rejected units are.
   */
  readonly resetSeconds: number;
}

/**
 * Limits the units that each caller uses per minute. A request uses one unit or more, depending on its cost. Unlike `SlidingLog`, which records a few expensive attempts exactly, it
 * counts every request. It needs constant time and memory even for a limit of a million units, and without Redis it is
 * synchronous.
 */
export interface RequestQuota {
  /**
   * Counts `units` if the total of the last minute then does not exceed `max`. Otherwise counts nothing.
   * @param identity identifies a verified caller or a client network
   * @param units at least 1 and at most `max`
   */
  take(identity: string, max: number, units: number): QuotaVerdict | Promise<QuotaVerdict>;
}

export interface RequestQuotaOptions {
  /** Distinguishes this quota's counts from those of other quotas in Redis. A constant. @default 'requests' */
  readonly name?: string;
  /** If null, requests are counted in this process's memory. */
  readonly redis: RedisLink | null;
  readonly clock: Clock;
  /** Called for every rejection, for metrics. */
  readonly onRefused?: () => void;
}

/**
 * Counts requests in slots of five seconds (docs/decisions/0010). The slot in which the minute began is counted in
 * full, so there are never more than `max` units in any minute. A rejected caller waits up to five seconds longer
 * than with an exact count.
 */
export function createRequestQuota(options: RequestQuotaOptions): RequestQuota {
  const { name = 'requests', redis, clock, onRefused } = options;
  const memory = createMemorySlots();
  const store = redis === null ? memory : createRedisSlots(name, redis, memory);

  const judge = ({ taken, counts }: TakenSlot, { max, units }: Take, now: number): QuotaVerdict => {
    const allowed = taken + units <= max;
    if (!allowed) onRefused?.();
    return {
      allowed,
      limit: max,
      remaining: Math.max(0, max - taken - (allowed ? units : 0)),
      resetSeconds: Math.max(1, Math.ceil((counts.freeAt(max, allowed ? 1 : units) - now) / 1_000)),
    };
  };

  return {
    take(identity, max, units) {
      const now = clock().getTime();
      const take = { slot: Math.floor(now / slotMs), max, units };
      const taken = store.take(identity, take);
      if (taken instanceof Promise) return taken.then((known) => judge(known, take, now));
      return judge(taken, take, now);
    },
  };
}

const slotMs = 5_000;
/** The slots of a full minute and the slot in which the minute began. */
const slots = 60_000 / slotMs + 1;

/** One caller's units in the last minute: thirteen counts, one per slot. */
class SlotCounts {
  readonly #counts = new Uint32Array(slots);
  #latest = 0;
  total = 0;

  /**
   * Makes `slot` the current slot and drops slots that are too old. Has no effect if the clock goes backwards by less
   * than a minute. If it was set back further, all slots are dropped, because they would count until the clock reaches
   * their time again.
   */
  advanceTo(slot: number): void {
    if (Math.abs(slot - this.#latest) >= slots) {
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

  /** Adds units to the latest slot. */
  add(count: number): void {
    const current = this.#latest % slots;
    this.#counts[current] = (this.#counts[current] ?? 0) + count;
    this.total += count;
  }

  /**
   * Returns the time at which enough of the oldest slots will have been dropped to allow `units`, in milliseconds since
   * the epoch.
   */
  freeAt(max: number, units: number): number {
    let left = this.total;
    for (let slot = this.#latest - slots + 1; slot < this.#latest; slot += 1) {
      const count = this.#counts[slot % slots] ?? 0;
      left -= count;
      if (count > 0 && left + units <= max) return (slot + slots) * slotMs;
    }
    return (this.#latest + slots) * slotMs;
  }
}

interface Take {
  /** The current slot. */
  readonly slot: number;
  readonly max: number;
  readonly units: number;
}

interface TakenSlot {
  /** The number of earlier units in the last minute. If too few are left, the new units were not counted. */
  readonly taken: number;
  /** The counts after this request. */
  readonly counts: SlotCounts;
}

/** Stores the counts. Each call is atomic. The caller interprets the counts. */
interface SlotStore {
  /** Drops slots older than a minute, then adds `units` to `slot` if the sum of all counts then is at most `max`. */
  take(identity: string, take: Take): TakenSlot | Promise<TakenSlot>;
}

interface MemorySlots extends SlotStore {
  take(identity: string, take: Take): TakenSlot;
}

const maxIdentities = 50_000;

function createMemorySlots(): MemorySlots {
  const countsByIdentity = new LRUCache<string, SlotCounts>(growingUpTo(maxIdentities));
  return {
    take(identity, { slot, max, units }) {
      let counts = countsByIdentity.get(identity);
      if (counts === undefined) {
        counts = new SlotCounts();
        countsByIdentity.set(identity, counts);
      }
      counts.advanceTo(slot);
      const taken = counts.total;
      if (taken + units <= max) counts.add(units);
      return { taken, counts };
    },
  };
}

/**
 * Uses Redis to count the requests to all instances, with one script call per request. Uses `fallback` while Redis is
 * not available.
 */
function createRedisSlots(name: string, redis: RedisLink, fallback: SlotStore): SlotStore {
  redis.define('takeSlot', { numberOfKeys: 1, lua: takeSlot });
  return {
    take: (identity, take) =>
      redis.ask(
        async (commands) => {
          const key = redisKey(name, identity);
          const [taken, ...entries] = await commands.takeSlot(key, take.slot, take.max, take.units);
          return { taken, counts: countsOf(entries) };
        },
        () => fallback.take(identity, take),
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
 * KEYS[1]: a hash from slots to counts. ARGV: the current slot, max, units. Returns { taken before this request, slot,
 * count, slot, count … }, with the counts as they are after the request.
 */
const takeSlot = `
local current, max, units = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local taken = 0
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  if math.abs(tonumber(stored[i]) - current) >= ${slots} then
    redis.call('HDEL', KEYS[1], stored[i])
  else
    taken = taken + tonumber(stored[i + 1])
  end
end
if taken + units <= max then
  redis.call('HINCRBY', KEYS[1], current, units)
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
      units: number,
    ): Result<[taken: number, ...entries: string[]], Context>;
  }
}
