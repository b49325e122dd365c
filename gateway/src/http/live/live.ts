import type { DataPlane } from '../../data-plane/data-plane.ts';
import type { CrossOriginPolicy } from '../cross-origin.ts';
import type { BodyLimits } from '../read-body.ts';
import type { RequestLimits } from '../request-limits.ts';
import {
  createEventStreams,
  type EventStreams,
  type EventStreamsOptions,
} from './event-streams.ts';
import type { LiveCounts } from './live-counts.ts';
import { liveLimits as defaultLimits, type LiveLimits } from './live-limits.ts';
import { createLiveOperations, type LiveOperationsOptions } from './operations.ts';
import { createSessions } from './sessions.ts';
import { createWebSockets, type WebSockets } from './web-sockets.ts';

export interface LiveOptions
  extends
    LiveOperationsOptions,
    Pick<EventStreamsOptions, 'openBody' | 'slowDown' | 'logger' | 'bodyLimits'> {
  readonly dataPlane: Pick<DataPlane, 'callers' | 'execute' | 'settings' | 'subscribe'>;
  readonly crossOrigin: CrossOriginPolicy;
  readonly requestLimits: RequestLimits;
  readonly bodyLimits: BodyLimits;
  readonly counts: LiveCounts;
  /**
   * Not `limits`: the options of the HTTP layer contain the whole configuration, which has other limits of this name.
   * @default `liveLimits`
   */
  readonly liveLimits?: LiveLimits;
}

/** The connections to projects' APIs that stay open. */
export interface Live {
  readonly webSockets: Pick<WebSockets, 'open'>;
  readonly eventStreams: Pick<EventStreams, 'respond'>;
  /** Refuses new connections, ends subscriptions, and closes connections when their other operations are complete. */
  stop(timeoutMs: number): Promise<void>;
}

export function createLive(options: LiveOptions): Live {
  const { liveLimits: limits = defaultLimits } = options;
  const sessions = createSessions({ ...options, limits, now: Date.now });
  const run = createLiveOperations(options);
  const shared = { ...options, limits, sessions, run };
  const webSockets = createWebSockets(shared);
  const eventStreams = createEventStreams(shared);
  return {
    webSockets,
    eventStreams,
    async stop(timeoutMs) {
      eventStreams.stop();
      await webSockets.stop(timeoutMs);
    },
  };
}
