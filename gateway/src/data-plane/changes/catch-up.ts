import type { ChangeLog } from './change-log.ts';

/** Brings the log of a project up to date. It never fails: what reads the log then says what is wrong. */
export type CatchUp = (ref: string) => Promise<void>;

interface Reading {
  readonly running: Promise<void>;
  /** The next reading, which all callers share that came after the running one has begun. */
  next: Promise<void> | null;
}

/**
 * Gives places in the log to the transactions that no one has read yet. Without it, `changesCursor` would be before all of
 * them, and a stream that starts there would repeat changes that the client has already seen. A project has at most one
 * reading at a time.
 */
export function createCatchUp(log: Pick<ChangeLog, 'read'>): CatchUp {
  const readings = new Map<string, Reading>();

  function start(ref: string): Promise<void> {
    const running = log
      .read(ref, null, { changes: 1, bytes: 1 })
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        if (readings.get(ref)?.running === running) readings.delete(ref);
      });
    readings.set(ref, { running, next: null });
    return running;
  }

  return (ref) => {
    const reading = readings.get(ref);
    if (reading === undefined) return start(ref);
    reading.next ??= reading.running.then(() => start(ref));
    return reading.next;
  };
}

const fieldName = 'changesCursor';

/** Whether a document might select the cursor. Larger documents are not searched: they only get an earlier place. */
export const mayReadCursor = (request: object): boolean =>
  'query' in request && typeof request.query === 'string' && request.query.includes(fieldName);
