import type { Result } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../clock.ts';
import { redisKey, type RedisLink } from './redis-link.ts';

export interface QuotaVerdict {
  readonly allowed: boolean;
  readonly limit: number;
  /** How many more requests the minute has room for. */
  readonly remaining: number;
  /** Whole seconds until there is more room: after a refusal, until a request is let through. */
  readonly resetSeconds: number;
}

/**
 * How many requests a minute each caller may make. Unlike `SlidingLog`, which records a few costly tries exactly, it
 * counts every request: in constant time and memory for limits of a million, and synchronously where it counts in memory.
 */
export interface RequestQuota {
  /** Takes one of `max` requests a minute. @param identity of a verified caller: clients cannot invent new ones */
  take(identity: string, max: number): QuotaVerdict | Promise<QuotaVerdict>;
}

export interface RequestQuotaOptions {
  /** Null to count in this process. */
  readonly redis: RedisLink | null;
  readonly clock: Clock;
  /** Called for every refusal, to count them. */
  readonly onRefused?: () => void;
}

/**
 * Counts in slots of five seconds (docs/decisions/0010). The slot in which the minute began counts in full: there are
 * never more than `max` requests in any minute, and a refused caller waits up to five seconds longer than by an exact count.
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
/** The slots of a whole minute, and the one in which it began. */
const slots = 60_000 / slotMs + 1;

/** One caller's requests of the last minute by slot, in thirteen numbers however many there were. */
class SlotCounts {
  readonly #counts = new Uint32Array(slots);
  #latest = 0;
  total = 0;

  /** Drops the slots that are too old when `slot` is the current one. A clock that goes backwards changes nothing. */
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

  /** When enough of the oldest slots have left for one more request, in milliseconds since the epoch. */
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
  /** How many requests the minute had before this one. With `max` or more, this one was not counted. */
  readonly taken: number;
  /** Afterwards. */
  readonly counts: SlotCounts;
}

/** Keeps the counts. All that a store does is one atomic step; what the counts mean is decided above. */
interface SlotStore {
  /** Drops what is older than a minute, and adds one to `slot` if fewer than `max` are left. */
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

/** Counts in Redis, for all instances together, with one script call per request; in `fallback` while it is unreachable. */
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

/** @param entries of a Redis hash: slot, count, slot, count … in any order */
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
 * KEYS[1] a hash from slots to counts. ARGV: the current slot, max.
 * Answers { taken before, slot, count, slot, count … } with the counts afterwards.
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
