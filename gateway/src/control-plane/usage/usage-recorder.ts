import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { createTallies, type Tallies } from './tallies.ts';
import { writeKeyUses, writeProjectUses } from './write-uses.ts';

/** One answered request, for those whom it counts for. */
export interface Use {
  readonly keyId: string | null;
  /** The project whose own API was called. */
  readonly projectId: string | null;
  /** Was it refused, or did it fail? */
  readonly failed: boolean;
}

export interface UsageRecorder {
  /** Notes a request that was answered just now. Costs no query; what was noted is written within seconds. */
  record(use: Use): void;
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
  /** For how many keys, and projects, is counted between two writes; what comes on top is not counted. */
  readonly maxPending?: number;
}

/** Counts requests by key, project and day, and writes the counts in batches, outside of requests. */
export function createUsageRecorder({
  db,
  clock,
  logger,
  intervalMs = 5_000,
  maxPending = 50_000,
}: UsageRecorderOptions): UsageRecorder {
  const ofKeys = createTallies(maxPending);
  const ofProjects = createTallies(maxPending);
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  const schedule = (): void => {
    if (timer !== null || closed) return;
    timer = setTimeout(() => void flush(), intervalMs);
    timer.unref();
  };

  const write = async (tallies: Tallies, run: typeof writeKeyUses): Promise<void> => {
    const batch = tallies.take();
    if (batch.length === 0) return;
    try {
      await run(db, batch);
    } catch (error) {
      logger.warn({ err: error }, 'What was used how often could not be written; trying again');
      tallies.putBack(batch);
      schedule();
    }
  };

  const writePending = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    await write(ofKeys, writeKeyUses);
    await write(ofProjects, writeProjectUses);
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
