import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createNotificationProof, NotificationsLostError } from './notification-proof.ts';

/** The connection is closed if a heartbeat gets no response within this number of heartbeat intervals. */
const abandonAfterBeats = 10;
/**
 * The number of heartbeat intervals after which it is proved again that notifications arrive. With an interval of 500
 * ms, this is 10 s.
 */
const proofAfterBeats = 20;
const connectTimeoutMs = 5_000;
const closeTimeoutMs = 1_000;

export interface ListeningConnectionOptions {
  readonly connectionString: string;
  readonly channels: readonly string[];
  /**
   * The interval between heartbeats in milliseconds. Each round trip verifies that the connection still delivers
   * notifications.
   */
  readonly heartbeatMs: number;
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called once if the connection ends for any reason other than `close`. */
  readonly onLost: (reason: Error) => void;
}

export interface ListeningConnection {
  listen(channel: string): Promise<void>;
  /**
   * The time at which the last successful round trip was sent (`performance.now()`). All notifications that were
   * committed before this time have been delivered, because PostgreSQL sends them before the response on the same
   * connection.
   */
  provenAt(): number;
  close(): Promise<void>;
}

/**
 * Connects, listens to the channels and proves that notifications arrive.
 * @throws NotificationsLostError if they do not arrive, or an error if PostgreSQL cannot be reached or rejects a channel
 */
export async function openListeningConnection(
  options: ListeningConnectionOptions,
): Promise<ListeningConnection> {
  const { heartbeatMs, onNotification, onLost } = options;
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: 'tessera-pubsub',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: heartbeatMs * abandonAfterBeats,
    keepAlive: true,
  });
  const proof = createNotificationProof(options.connectionString, heartbeatMs * abandonAfterBeats);
  const stopped = new AbortController();
  let queue: Promise<unknown> = Promise.resolve();
  let provenAt = -Infinity;
  let opened = false;

  /** Runs statements one at a time, as pg requires. Each response also counts as a heartbeat. */
  function run(statement: string): Promise<void> {
    const turn = queue.then(async () => {
      const sentAt = performance.now();
      await client.query(statement);
      provenAt = sentAt;
    });
    queue = turn.catch(() => undefined);
    return turn;
  }

  function fail(reason: Error): void {
    // While the connection is being opened, the failing statement rejects instead.
    if (!opened || stopped.signal.aborted) return;
    stopped.abort();
    void endClient(client);
    onLost(reason);
  }

  const listen = (channel: string) => run(`LISTEN ${client.escapeIdentifier(channel)}`);
  client.on('notification', ({ channel, payload = '' }) => {
    if (channel === proof.channel) proof.receive(payload);
    else onNotification(channel, payload);
  });
  client.on('error', fail);
  client.on('end', () => fail(new Error('PostgreSQL closed the connection.')));

  try {
    await client.connect();
    for (const channel of [...options.channels, proof.channel]) await listen(channel);
    await proof.prove();
    await run('SELECT 1');
  } catch (error) {
    void endClient(client);
    throw error;
  }
  opened = true;
  void beat(run, heartbeatMs, stopped.signal).catch(fail);
  void proveRepeatedly(proof.prove, heartbeatMs * proofAfterBeats, stopped.signal).catch(fail);

  return {
    listen: (channel) => listen(channel).catch(fail),
    provenAt: () => provenAt,
    async close() {
      stopped.abort();
      await endClient(client);
    },
  };
}

async function beat(
  run: (statement: string) => Promise<void>,
  heartbeatMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const start = performance.now();
    await run('SELECT 1');
    const pause = Math.max(0, start + heartbeatMs - performance.now());
    await delay(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** @throws NotificationsLostError if notifications no longer arrive */
async function proveRepeatedly(
  prove: () => Promise<void>,
  intervalMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      await prove();
    } catch (error) {
      if (error instanceof NotificationsLostError) throw error;
      // A notification that could not be sent proves nothing. Heartbeats show whether the server responds.
    }
  }
}

/** Closes the connection. The wait is limited because the server might be unreachable. */
async function endClient(client: pg.Client): Promise<void> {
  await Promise.race([
    client.end().catch(() => undefined),
    delay(closeTimeoutMs, undefined, { ref: false }),
  ]);
}
