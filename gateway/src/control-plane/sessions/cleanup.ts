import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import { inBatches } from '../../platform/db/in-batches.ts';

/** Ended sessions and expired links are kept for a day, so that recent events can be investigated. */
const retentionMs = 24 * 60 * 60 * 1_000;
/** Deleting a session also deletes its refresh tokens, of which there can be thousands. */
const sessionsPerBatch = 10;
const tokensPerBatch = 1_000;

export interface CleanupResult {
  readonly sessions: number;
  readonly passwordResets: number;
  readonly emailVerifications: number;
}

/**
 * Deletes sessions, reset links and verification links that expired at least a day ago. Ending a session also sets its
 * expiry time. Works in small transactions that skip locked rows, so that it can run on several instances at once.
 * Stops after 500 batches, and the next run continues.
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
