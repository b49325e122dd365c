import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { createPendingUsage, type PendingUsage } from './pending-usage.ts';
import { writeKeyUsage, writeProjectUsage } from './write-usage.ts';

/** A completed request, and the key and project whose usage it counts towards. */
export interface RequestUsage {
  readonly keyId: string | null;
  /** The project whose API was called. */
  readonly projectId: string | null;
  /** True if the request was refused or failed. */
  readonly failed: boolean;
}

export interface UsageRecorder {
  /** Counts a request that has just been completed. Runs no query. The usage is written within seconds. */
  record(usage: RequestUsage): void;
  /** Writes pending usage. Never throws: usage that could not be written stays pending. */
  flush(): Promise<void>;
  /** Writes pending usage and stops. Requests that complete later are not counted. */
  close(): Promise<void>;
}

interface UsageRecorderOptions {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The time between writes, in milliseconds. */
  readonly intervalMs?: number;
  /** The maximum number of keys, and of projects, for which requests are counted between two writes. */
  readonly maxPending?: number;
}

/** Counts requests by key, project and day, and writes the counts in batches, outside of any request. */
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
      logger.warn({ err: error }, 'Could not write usage statistics. Retrying');
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
