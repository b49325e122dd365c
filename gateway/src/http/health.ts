import { setTimeout as wait } from 'node:timers/promises';

import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { sendJson } from './responses.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Checks the services that the gateway depends on.
 * @returns a message for the operator that explains why the gateway is not ready, or null if it is ready
 */
export type ReadinessCheck = () => Promise<string | null>;

export interface Health {
  /** `/healthz`: succeeds while the process can respond. */
  readonly live: (scope: RequestScope) => void;
  /** `/readyz`: succeeds if the gateway can serve requests and is not shutting down. */
  readonly ready: (scope: RequestScope) => Promise<void>;
  readonly setDraining: () => void;
}

const checkTimeoutMs = 2_000;

export function createHealth(check: ReadinessCheck, logger: Logger): Health {
  let draining = false;
  let running: Promise<string | null> | null = null;

  // Concurrent requests share one check.
  const reasonNotToWork = (): Promise<string | null> => {
    running ??= inTime(check, logger).finally(() => (running = null));
    return running;
  };

  return {
    live: (scope) => sendJson(scope, 200, { status: 'ok' }),
    ready: async (scope) => {
      const reason = draining ? 'The server is shutting down.' : await reasonNotToWork();
      if (reason !== null) throw requestErrors.notReady(reason);
      sendJson(scope, 200, { status: 'ready' });
    },
    setDraining: () => void (draining = true),
  };
}

async function inTime(check: ReadinessCheck, logger: Logger): Promise<string | null> {
  const timer = new AbortController();
  const tooLate = wait(checkTimeoutMs, 'The database is responding too slowly.', {
    signal: timer.signal,
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    logger.warn({ err: error }, 'Readiness check failed');
    return 'The database is not responding.';
  } finally {
    timer.abort();
  }
}
