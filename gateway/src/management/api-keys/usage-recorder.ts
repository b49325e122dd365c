import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';

export interface UsageRecorder {
  /** Notes that a key was used just now. Costs no query; `lastUsedAt` follows within seconds. */
  record(keyId: string): void;
  /** Writes what was noted. Never fails: what could not be written is kept for the next time. */
  flush(): Promise<void>;
  /** Writes what was noted last, and takes nothing more. */
  close(): Promise<void>;
}

interface UsageRecorderOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a note waits for others, in milliseconds. */
  readonly intervalMs?: number;
  /** How many keys are noted at most between two writes; a further key is noted with its next use. */
  readonly maxPending?: number;
}

/** Collects which keys were used when, and writes it in batches, outside of requests. */
export function createUsageRecorder({
  db,
  clock,
  logger,
  intervalMs = 5_000,
  maxPending = 10_000,
}: UsageRecorderOptions): UsageRecorder {
  let pending = new Map<string, Date>();
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  const note = (keyId: string, at: Date): void => {
    if (pending.size < maxPending || pending.has(keyId)) pending.set(keyId, at);
  };

  const schedule = (): void => {
    if (timer !== null || closed) return;
    timer = setTimeout(() => void flush(), intervalMs);
    timer.unref();
  };

  const writePending = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (pending.size === 0) return;
    const batch = pending;
    pending = new Map();
    try {
      await writeUses(db, batch);
    } catch (error) {
      logger.warn(
        { err: error },
        'When API keys were last used could not be written; trying again',
      );
      for (const [keyId, at] of batch) if (!pending.has(keyId)) note(keyId, at);
      schedule();
    }
  };

  const flush = (): Promise<void> => (writing = writing.then(writePending));

  return {
    record(keyId) {
      if (closed) return;
      note(keyId, clock());
      schedule();
    },
    flush,
    close() {
      closed = true;
      return flush();
    },
  };
}

/**
 * Skips keys that somebody changes at this very moment rather than waiting for them: a batch that
 * waited for one key while it holds others could wait in a circle with the deletion of a project.
 */
async function writeUses(db: Db, uses: ReadonlyMap<string, Date>): Promise<void> {
  const ids = [...uses.keys()];
  const moments = [...uses.values()].map((at) => at.toISOString());
  await db.$executeRaw`
    WITH free AS (
      SELECT k.id, used.at
      FROM unnest(${ids}::uuid[], ${moments}::timestamptz[]) AS used (id, at)
      JOIN tessera.api_keys AS k ON k.id = used.id
      WHERE k.last_used_at IS NULL OR k.last_used_at < used.at
      FOR NO KEY UPDATE OF k SKIP LOCKED
    )
    UPDATE tessera.api_keys AS k SET last_used_at = free.at FROM free WHERE k.id = free.id`;
}
