import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { inBatches } from '../../platform/db/in-batches.ts';

/** What has ended stays for a day, for whoever looks into what just happened. */
const retentionMs = 24 * 60 * 60 * 1_000;
/** A session goes with its chain of refresh tokens, which may be thousands. */
const sessionsPerBatch = 10;
const tokensPerBatch = 1_000;

export interface CleanupResult {
  readonly sessions: number;
  readonly passwordResets: number;
  readonly emailVerifications: number;
}

/**
 * Deletes sessions, reset links and verification links that expired a day ago or earlier; ending a session
 * also expires it. Works in small transactions that pass over rows which are in use, so that it may run
 * on several instances at once; what is left after 500 batches is the next run's.
 */
export function createSessionCleanup({ db, clock }: { db: Db; clock: Clock }) {
  return async (): Promise<CleanupResult> => {
    const before = new Date(clock().getTime() - retentionMs);
    return {
      sessions: await inBatches(
        sessionsPerBatch,
        () => db.$executeRaw`
          DELETE FROM tessera.sessions WHERE id = ANY(ARRAY(
            SELECT id FROM tessera.sessions WHERE expires_at < ${before}
            ORDER BY expires_at LIMIT ${sessionsPerBatch} FOR UPDATE SKIP LOCKED))`,
      ),
      passwordResets: await inBatches(
        tokensPerBatch,
        () => db.$executeRaw`
          DELETE FROM tessera.password_resets WHERE id = ANY(ARRAY(
            SELECT id FROM tessera.password_resets WHERE expires_at < ${before}
            ORDER BY expires_at LIMIT ${tokensPerBatch} FOR UPDATE SKIP LOCKED))`,
      ),
      emailVerifications: await inBatches(
        tokensPerBatch,
        () => db.$executeRaw`
          DELETE FROM tessera.email_verifications WHERE id = ANY(ARRAY(
            SELECT id FROM tessera.email_verifications WHERE expires_at < ${before}
            ORDER BY expires_at LIMIT ${tokensPerBatch} FOR UPDATE SKIP LOCKED))`,
      ),
    };
  };
}
