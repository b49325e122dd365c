import { LRUCache } from 'lru-cache';

import { growingUpTo } from '../platform/cache/growing-cache.ts';
import type { Clock } from '../platform/clock.ts';

export interface RefusalPaceLimits {
  /** The number of responses per second and network that are sent immediately. */
  readonly perSecond: number;
  /** The time by which further ones are delayed. */
  readonly delayMs: number;
  /** The maximum number of delayed responses. */
  readonly maxDelayed: number;
}

export const refusalPace: RefusalPaceLimits = {
  perSecond: 100,
  delayMs: 2_000,
  maxDelayed: 5_000,
};

export interface RefusalPaceOptions {
  readonly clock: Clock;
  /** @default `refusalPace` */
  readonly limits?: RefusalPaceLimits;
  /** Called for each response that is delayed or closes its connection. */
  readonly onSlowed: () => void;
}

export type Slowdown =
  | { readonly kind: 'NONE' }
  /** Send the response when the promise resolves. */
  | { readonly kind: 'DELAY'; readonly over: Promise<void> }
  /** Too many responses are delayed already. Send this one and close the connection. */
  | { readonly kind: 'CLOSE' };

/**
 * Slows down clients that send request after request although the gateway refuses them. Without a delay, a few thousand
 * such clients would occupy the process with their refusals.
 */
export interface RefusalPace {
  /** Counts a refusal. @param network the client's network: see `clientNetwork` */
  slow(network: string): Slowdown;
}

const maxNetworks = 10_000;
const none: Slowdown = { kind: 'NONE' };
const close: Slowdown = { kind: 'CLOSE' };

/** The statuses of refusals: they depend on the caller and the load, and not on what the request asks for. */
const refusals: ReadonlySet<number> = new Set([401, 404, 408, 413, 429, 503]);

export const isRefusal = (status: number): boolean => refusals.has(status);

export function createRefusalPace(options: RefusalPaceOptions): RefusalPace {
  const { clock, limits = refusalPace, onSlowed } = options;
  const { perSecond, delayMs, maxDelayed } = limits;
  const counts = new LRUCache<string, { second: number; count: number }>(growingUpTo(maxNetworks));
  let delayed = 0;

  const isPatient = (network: string): boolean => {
    const second = Math.floor(clock().getTime() / 1_000);
    const known = counts.get(network);
    if (known?.second !== second) {
      counts.set(network, { second, count: 1 });
      return true;
    }
    known.count += 1;
    return known.count <= perSecond;
  };

  return {
    slow(network) {
      if (isPatient(network)) return none;
      onSlowed();
      if (delayed >= maxDelayed) return close;
      delayed += 1;
      const over = new Promise<void>((resolve) => {
        setTimeout(() => {
          delayed -= 1;
          resolve();
        }, delayMs);
      });
      return { kind: 'DELAY', over };
    },
  };
}
