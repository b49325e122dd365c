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
import type { LiveLimits } from './live-limits.ts';
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
  readonly limits: LiveLimits;
}

/** The connections to projects' APIs that stay open. */
export interface Live {
  readonly webSockets: Pick<WebSockets, 'open'>;
  readonly eventStreams: Pick<EventStreams, 'respond'>;
  /** Refuses new connections, ends subscriptions, and closes connections when their other operations are complete. */
  stop(timeoutMs: number): Promise<void>;
}

export function createLive(options: LiveOptions): Live {
  const sessions = createSessions({ ...options, now: Date.now });
  const run = createLiveOperations(options);
  const shared = { ...options, sessions, run };
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
