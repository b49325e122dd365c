import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { createPendingUsage, type PendingUsage } from './pending-usage.ts';
import { writeKeyUsage, writeProjectUsage } from './write-usage.ts';

/** One answered request, and the key and project whose usage it adds to. */
export interface RequestUsage {
  readonly keyId: string | null;
  /** The project whose own API was called. */
  readonly projectId: string | null;
  /** Was it refused, or did it fail? */
  readonly failed: boolean;
}

export interface UsageRecorder {
  /** Adds a request that was answered just now. Needs no query; the usage is written within seconds. */
  record(usage: RequestUsage): void;
  /** Writes pending usage. Never fails: what could not be written stays pending. */
  flush(): Promise<void>;
  /** Writes pending usage; later requests are not recorded. */
  close(): Promise<void>;
}

interface UsageRecorderOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long usage stays pending, in milliseconds. */
  readonly intervalMs?: number;
  /** How many keys, and how many projects, are counted between two writes; requests of further ones are not. */
  readonly maxPending?: number;
}

/** Counts requests by key, project and day, and writes the usage in batches, outside of requests. */
export function createUsageRecorder({
  db,
  clock,
  logger,
  intervalMs = 5_000,
  maxPending = 50_000,
}: UsageRecorderOptions): UsageRecorder {
  const ofKeys = createPendingUsage(maxPending);
  const ofProjects = createPendingUsage(maxPending);
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  const schedule = (): void => {
    if (timer !== null || closed) return;
    timer = setTimeout(() => void flush(), intervalMs);
    timer.unref();
  };

  const write = async (pending: PendingUsage, run: typeof writeKeyUsage): Promise<void> => {
    const batch = pending.take();
    if (batch.length === 0) return;
    try {
      await run(db, batch);
    } catch (error) {
      logger.warn({ err: error }, 'What was used how often could not be written; trying again');
      pending.putBack(batch);
      schedule();
    }
  };

  const writePending = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    await write(ofKeys, writeKeyUsage);
    await write(ofProjects, writeProjectUsage);
  };

  const flush = (): Promise<void> => (writing = writing.then(writePending));

  return {
    record({ keyId, projectId, failed }) {
      if (closed) return;
      const now = clock().getTime();
      if (keyId !== null) ofKeys.add(keyId, now, failed);
      if (projectId !== null) ofProjects.add(projectId, now, failed);
      schedule();
    },
    flush,
    close() {
      closed = true;
      return flush();
    },
  };
}
