import type pg from 'pg';

import type { Db } from '../../platform/db/database.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { compactOneProject } from './compact.ts';
import { measureProjects, readTotals } from './measure.ts';

/** The size of a project's tables. */
export interface ProjectStorage {
  /** Rows, indexes and TOAST. 0 before the first measurement. */
  readonly usedBytes: number;
  /** Null if there is no quota. */
  readonly quotaBytes: number | null;
  readonly isFull: boolean;
  /** Null before the first measurement. */
  readonly measuredAt: Date | null;
}

export interface StorageService {
  /** Reports whether a project has reached its quota, as of the last round. Runs no query. */
  isFull(ref: string): boolean;
  ofProject(projectId: string): Promise<ProjectStorage>;
  /** The state at the last round, for metrics. */
  stats(): { readonly fullProjects: number; readonly bytes: number };
  /**
   * Measures the projects whose turn it is, compacts a full project that has deleted rows, and reads which projects are
   * full. @throws the database's errors
   */
  runRound(): Promise<void>;
  /** Runs a round every 15 seconds. */
  start(): void;
  /** Stops after the current round. */
  close(): Promise<void>;
}

export interface StorageDependencies {
  readonly db: Db;
  /** The connections for changes to projects' tables, which take longer than others. */
  readonly schemaPool: pg.Pool;
  /** The quota of projects without their own. Null for none. */
  readonly maxBytes: number | null;
  readonly logger: Logger;
}

/** The time between the end of a round and the start of the next. */
const roundEveryMs = 15_000;

/** Limits the size of projects. Sizes are measured in the background, so a project can exceed its quota for a while. */
export function createStorageService(dependencies: StorageDependencies): StorageService {
  const { db, schemaPool, maxBytes, logger } = dependencies;
  let full: ReadonlySet<string> = new Set();
  let bytes = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();
  let closed = false;

  const readState = async (): Promise<void> => {
    const totals = await readTotals(db, maxBytes);
    full = new Set(totals.full);
    ({ bytes } = totals);
  };

  const runRound = async (): Promise<void> => {
    await measureProjects(db);
    await readState();
    if (full.size === 0) return;
    const compacted = await compactOneProject(schemaPool, maxBytes, logger);
    if (compacted === null) return;
    await measureProjects(db, { only: compacted });
    await readState();
  };

  const schedule = (): void => {
    if (closed) return;
    timer = setTimeout(() => {
      running = runRound()
        .catch((error: unknown) => {
          logger.warn({ err: error }, 'Could not measure the size of projects. Retrying');
        })
        .finally(schedule);
    }, roundEveryMs);
    timer.unref();
  };

  return {
    isFull: (ref) => full.has(ref),
    async ofProject(projectId) {
      const found = await db.projectStorage.findUnique({ where: { projectId } });
      const usedBytes = Number(found?.usedBytes ?? 0);
      const quotaBytes = found?.quotaBytes == null ? maxBytes : Number(found.quotaBytes);
      return {
        usedBytes,
        quotaBytes,
        isFull: quotaBytes !== null && usedBytes >= quotaBytes,
        measuredAt: found?.measuredAt ?? null,
      };
    },
    stats: () => ({ fullProjects: full.size, bytes }),
    runRound,
    start: schedule,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await running;
    },
  };
}
