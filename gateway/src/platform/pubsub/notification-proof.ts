import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { tooLate, within } from '../within.ts';

/** A notification was sent, but the listening connection did not receive it. */
export class NotificationsLostError extends Error {
  override readonly name = 'NotificationsLostError';

  constructor() {
    super('A notification was sent, but the connection that listens to it did not receive it.');
  }
}

export interface NotificationProof {
  /** The channel that the listening connection must listen to. Its name is unique. */
  readonly channel: string;
  /** Call this for each notification on the channel. */
  readonly receive: (payload: string) => void;
  /**
   * Sends a notification over a second connection and waits for it. A notification that the listening connection sends
   * itself would prove nothing, because a pooler passes on everything that arrives while a statement is running.
   * @throws NotificationsLostError if the notification was sent but does not arrive in time
   * @throws the error of the driver or of PostgreSQL if it could not be sent
   */
  readonly prove: () => Promise<void>;
}

/** Proves that notifications arrive. */
export function createNotificationProof(
  connectionString: string,
  timeoutMs: number,
): NotificationProof {
  const channel = `tessera_proof_${randomUUID().replaceAll('-', '')}`;
  let expected: { readonly payload: string; readonly arrived: () => void } | null = null;
  return {
    channel,
    receive(payload) {
      if (payload === expected?.payload) expected.arrived();
    },
    async prove() {
      const payload = randomUUID();
      const arrival = new Promise<void>((resolve) => (expected = { payload, arrived: resolve }));
      await notify(connectionString, timeoutMs, [channel, payload]);
      if ((await within(arrival, timeoutMs)) === tooLate) throw new NotificationsLostError();
    },
  };
}

async function notify(
  connectionString: string,
  timeoutMs: number,
  notification: readonly [channel: string, payload: string],
): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: 'tessera-pubsub-proof',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // If the connection is lost, the running query also rejects, and that error is handled.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_notify($1, $2)', [...notification]);
  } finally {
    // The wait is limited because the server might be unreachable.
    await within(
      client.end().catch(() => undefined),
      timeoutMs,
    );
  }
}
