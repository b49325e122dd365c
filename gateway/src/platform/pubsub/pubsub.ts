import { setTimeout as delay } from 'node:timers/promises';

import { type SqlExecutor, execute } from '../sql-executor.ts';
import type { Logger } from '../telemetry/logger.ts';
import { openListeningConnection, type ListeningConnection } from './listening-connection.ts';

/** Maximum age of the last heartbeat, in heartbeat intervals. With an interval of 500 ms, this is 0.9 s. */
const maxSilenceBeats = 1.8;
const firstRetryMs = 100;
const lastRetryMs = 2_000;
const maxChannels = 64;

export interface PubSubOptions {
  readonly connectionString: string;
  readonly logger: Logger;
  readonly heartbeatMs?: number;
}

export interface PubSub {
  /**
   * Connects, and proves that notifications arrive. A connection that is lost later is reestablished, without a limit
   * on attempts.
   * @throws NotificationsLostError if notifications do not arrive, or the error of the first attempt to connect
   */
  start(): Promise<void>;
  /** Calls `handler`, which must not throw, with each payload from any instance. Returns a function to unsubscribe. */
  subscribe(channel: string, handler: (payload: string) => void): () => void;
  publish(executor: SqlExecutor, channel: string, payload: string): Promise<void>;
  /**
   * Whether a notification that was committed a second ago would have arrived. False if the connection is lost, a
   * heartbeat is late, a channel is not being listened to yet, or a notification to this process did not arrive.
   */
  isHearing(): boolean;
  /** Called when the connection is lost. Notifications might be missed from then on. */
  onLost(handler: () => void): () => void;
  /** Called when the connection is reestablished and listens to all channels again. */
  onRegained(handler: () => void): () => void;
  close(): Promise<void>;
}

/** Sends messages between instances with PostgreSQL's LISTEN and NOTIFY, and listens on a separate connection. */
export function createPubSub(options: PubSubOptions): PubSub {
  const { connectionString, logger, heartbeatMs = 500 } = options;
  const subscriptions = new Map<string, Set<(payload: string) => void>>();
  const lostHandlers = new Set<() => void>();
  const regainedHandlers = new Set<() => void>();
  const closed = new AbortController();
  let connection: ListeningConnection | null = null;
  let unheardChannels = 0;

  async function connect(): Promise<void> {
    const channels = [...subscriptions.keys()];
    const opened = await openListeningConnection({
      connectionString,
      channels,
      heartbeatMs,
      onNotification: deliver,
      onLost: lose,
    });
    if (closed.signal.aborted) return opened.close();
    connection = opened;
    await Promise.all(
      [...subscriptions.keys()].filter((name) => !channels.includes(name)).map(listenTo),
    );
  }

  function deliver(channel: string, payload: string): void {
    for (const handler of subscriptions.get(channel) ?? []) callSafely(() => handler(payload));
  }

  function lose(reason: Error): void {
    connection = null;
    logger.warn({ err: reason }, 'lost the notification connection');
    for (const handler of lostHandlers) callSafely(handler);
    void regain();
  }

  async function regain(): Promise<void> {
    for (let wait = firstRetryMs; !closed.signal.aborted; wait = Math.min(wait * 2, lastRetryMs)) {
      try {
        await delay(wait * (0.5 + Math.random() / 2), undefined, { signal: closed.signal });
        await connect();
        break;
      } catch (error) {
        logger.debug({ err: error }, 'could not reestablish the notification connection');
      }
    }
    if (closed.signal.aborted || connection === null) return;
    logger.info('reestablished the notification connection');
    for (const handler of regainedHandlers) callSafely(handler);
  }

  async function listenTo(qualified: string): Promise<void> {
    if (connection === null) return;
    unheardChannels++;
    await connection.listen(qualified).finally(() => unheardChannels--);
  }

  /** An error in one handler must not affect the other handlers. */
  function callSafely(handler: () => void): void {
    try {
      handler();
    } catch (error) {
      logger.error({ err: error }, 'a notification handler failed');
    }
  }

  return {
    start: connect,
    publish,
    subscribe(channel, handler) {
      const qualified = qualifyChannel(channel);
      const known = subscriptions.get(qualified);
      const handlers = known ?? new Set();
      if (known === undefined) {
        if (subscriptions.size >= maxChannels) throw new Error('There are too many channels.');
        subscriptions.set(qualified, handlers);
        void listenTo(qualified);
      }
      return register(handlers, (payload: string) => handler(payload));
    },
    isHearing() {
      if (connection === null || unheardChannels > 0) return false;
      return performance.now() - connection.provenAt() <= heartbeatMs * maxSilenceBeats;
    },
    onLost: (handler) => register(lostHandlers, () => handler()),
    onRegained: (handler) => register(regainedHandlers, () => handler()),
    async close() {
      closed.abort();
      const open = connection;
      connection = null;
      await open?.close();
    },
  };
}

/** Adds a handler and returns a function that removes it. */
function register<Handler>(handlers: Set<Handler>, handler: Handler): () => void {
  handlers.add(handler);
  return () => void handlers.delete(handler);
}

const channelPrefix = 'tessera_';
const maxPayloadBytes = 7_000; // PostgreSQL's limit is 7,999 bytes
const channelName = /^[a-z][a-z0-9_]{0,40}$/;

/** Adds the prefix `tessera_`: `session_revoked` becomes `tessera_session_revoked`. @throws for an invalid name. */
function qualifyChannel(channel: string): string {
  if (!channelName.test(channel)) throw new Error(`"${channel}" is not a valid channel name.`);
  return channelPrefix + channel;
}

/**
 * Sends `payload` to every instance that listens to the channel. In a transaction, it is sent at commit.
 * @throws if the payload exceeds 7,000 bytes in UTF-8
 */
async function publish(executor: SqlExecutor, channel: string, payload: string): Promise<void> {
  const qualified = qualifyChannel(channel);
  if (Buffer.byteLength(payload) > maxPayloadBytes) {
    throw new Error(`The payload must not exceed ${maxPayloadBytes} bytes.`);
  }
  await execute(executor)`SELECT pg_notify(${qualified}::text, ${payload}::text)`;
}
