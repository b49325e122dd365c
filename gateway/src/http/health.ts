import { setTimeout as wait } from 'node:timers/promises';

import { requestErrors } from '../platform/errors/request-errors.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { sendJson } from './responses.ts';
import type { RequestScope } from './request-scope.ts';

/**
 * Asks what the gateway cannot work without.
 * @returns why it cannot work at the moment, in words for an operator, or null if it can
 */
export type ReadinessCheck = () => Promise<string | null>;

export interface Health {
  /** `/healthz`: the process answers. */
  readonly live: (scope: RequestScope) => void;
  /** `/readyz`: it can work, and is not about to stop. */
  readonly ready: (scope: RequestScope) => Promise<void>;
  readonly setDraining: () => void;
}

const checkTimeoutMs = 2_000;

export function createHealth(check: ReadinessCheck, logger: Logger): Health {
  let draining = false;
  let running: Promise<string | null> | null = null;

  // One check at a time, however many ask.
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
  const tooLate = wait(checkTimeoutMs, 'The database takes too long to answer.', {
    signal: timer.signal,
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([check(), tooLate]);
  } catch (error) {
    logger.warn({ err: error }, 'The readiness check failed');
    return 'The database does not answer.';
  } finally {
    timer.abort();
  }
}
