import { systemClock } from '../platform/clock.ts';
import { clientNetwork } from '../platform/rate-limit/client-network.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { createRefusalPace, isRefusal } from './refusal-pace.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Call this before a response is sent. If the response is one of many refusals of the same client network, the returned
 * promise resolves when it is to be sent. Otherwise, returns null.
 */
export type SlowDown = (scope: RequestScope, status: number) => Promise<void> | null;

/** A client that is slowed down writes no log line for each request, but one per minute for all of them. */
const warningEveryMs = 60_000;

export function createSlowDown({
  logger,
  onSlowed,
}: {
  readonly logger: Logger;
  readonly onSlowed: () => void;
}): SlowDown {
  const pace = createRefusalPace({ clock: systemClock, onSlowed });
  let warnedAt = -Infinity;

  return (scope, status) => {
    if (!isRefusal(status)) return null;
    const network = clientNetwork(scope.ipAddress);
    const slowdown = pace.slow(network);
    if (slowdown.kind === 'NONE') return null;
    scope.isSlowed = true;
    const now = performance.now();
    if (now - warnedAt >= warningEveryMs) {
      warnedAt = now;
      logger.warn({ network, status }, 'A client ignores refusals, so responses to it are delayed');
    }
    if (slowdown.kind === 'DELAY') return slowdown.over;
    scope.head.set('connection', 'close');
    return null;
  };
}
