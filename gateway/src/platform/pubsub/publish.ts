import { execute, type SqlExecutor } from '../sql-executor.ts';

const channelPrefix = 'tessera_';
const maxPayloadBytes = 7_000; // PostgreSQL takes 7,999
const channelName = /^[a-z][a-z0-9_]{0,40}$/;

/** `session_revoked` → `tessera_session_revoked`. @throws for what is no plain identifier. */
export function qualifyChannel(channel: string): string {
  if (!channelName.test(channel)) throw new Error(`"${channel}" is no channel name.`);
  return channelPrefix + channel;
}

/**
 * Sends `payload` to every instance that listens to the channel. In a transaction it goes out exactly
 * when that commits, and not at all otherwise. @throws when the payload exceeds 7,000 bytes of UTF-8.
 */
export async function publish(
  executor: SqlExecutor,
  channel: string,
  payload: string,
): Promise<void> {
  const qualified = qualifyChannel(channel);
  if (Buffer.byteLength(payload) > maxPayloadBytes) {
    throw new Error(`A notification carries at most ${maxPayloadBytes} bytes.`);
  }
  await execute(executor)`SELECT pg_notify(${qualified}::text, ${payload}::text)`;
}
