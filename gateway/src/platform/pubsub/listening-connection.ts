import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/** An unanswered heartbeat ends the connection after so many heartbeat intervals. */
const abandonAfterBeats = 10;
const connectTimeoutMs = 5_000;
const closeTimeoutMs = 1_000;

export interface ListeningConnectionOptions {
  readonly connectionString: string;
  readonly channels: readonly string[];
  /** Milliseconds between two round trips that prove that the connection still carries notifications. */
  readonly heartbeatMs: number;
  readonly onNotification: (channel: string, payload: string) => void;
  /** Called once, when the connection ends in any other way than `close`. */
  readonly onLost: (reason: Error) => void;
}

export interface ListeningConnection {
  listen(channel: string): Promise<void>;
  /**
   * When the last answered round trip was sent (`performance.now()`). Notifications committed before
   * then have been handed over: PostgreSQL sends them ahead of the answer on the same connection.
   */
  provenAt(): number;
  close(): Promise<void>;
}

/** Connects and listens. @throws when PostgreSQL cannot be reached or does not take the channels. */
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
  const stopped = new AbortController();
  let queue: Promise<unknown> = Promise.resolve();
  let provenAt = -Infinity;
  let opened = false;

  /** pg wants one statement at a time; each answer is a proof of life as well. */
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
    // While it opens, the failing statement tells; afterwards nobody waits for an answer.
    if (!opened || stopped.signal.aborted) return;
    stopped.abort();
    void endClient(client);
    onLost(reason);
  }

  const listen = (channel: string) => run(`LISTEN ${client.escapeIdentifier(channel)}`);
  client.on('notification', ({ channel, payload = '' }) => onNotification(channel, payload));
  client.on('error', fail);
  client.on('end', () => fail(new Error('PostgreSQL closed the connection.')));

  try {
    await client.connect();
    for (const channel of options.channels) await listen(channel);
    await run('SELECT 1');
  } catch (error) {
    void endClient(client);
    throw error;
  }
  opened = true;
  void beat(run, heartbeatMs, stopped.signal).catch(fail);

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

/** Says goodbye to PostgreSQL, but does not wait for long: the other end may be gone. */
async function endClient(client: pg.Client): Promise<void> {
  await Promise.race([
    client.end().catch(() => undefined),
    delay(closeTimeoutMs, undefined, { ref: false }),
  ]);
}
