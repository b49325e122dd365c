import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import type { SqlExecutor } from '../../platform/sql-executor.ts';
import type { Logger } from '../../platform/telemetry/logger.ts';
import { CursorExpired, NoChangeLog, type ChangeLog } from './change-log.ts';
import type { Commit } from './changes.ts';
import { SystemVersionError } from './system-versions.ts';
import type { LogPosition } from './cursor.ts';

/** Receives the changes of a project. Its functions must not throw. */
export interface LogListener {
  /**
   * Called once the position is known after which commits are passed on, and again after a gap. If the project is already
   * being watched, it is called before `watch` returns.
   */
  readonly onStart?: (after: LogPosition) => void;
  /** The commits since the last call, in order, and the position after them. */
  readonly onCommits: (commits: readonly Commit[], end: LogPosition) => void;
  /** Changes were lost: the log was replaced, shortened or dropped. Everything can have changed. */
  readonly onGap: () => void;
  /** The log has a version that this gateway cannot read. */
  readonly onUnreadable?: (error: SystemVersionError) => void;
}

export interface Watch {
  /** Resolves when the listener gets all later commits. Rejects with NoChangeLog, or the error of the database. */
  readonly ready: Promise<void>;
  /** Ends it. The listener is not called anymore. */
  readonly stop: () => void;
}

export interface Watcher {
  /**
   * Watches the log of a project. All listeners of a project share one reader. Read other data after `ready`: changes
   * that it does not contain reach the listener.
   */
  watch(ref: string, listener: LogListener): Watch;
  /** Call this after this gateway has committed a write to a live model. It wakes the readers of all gateways. */
  touched(ref: string): void;
  /** How long the reader of a project has not completed a wake-up, in milliseconds. 0 if it is up to date or not watched. */
  lagMs(ref: string): number;
  stats(): WatcherStats;
  close(): Promise<void>;
}

export interface WatcherStats {
  readonly projects: number;
  /** The age in seconds of the oldest wake-up that a reader has not completed yet. */
  readonly lagSeconds: number;
}

export interface WatcherDependencies {
  readonly log: Pick<ChangeLog, 'read' | 'poll'>;
  readonly pubsub: Pick<PubSub, 'subscribe' | 'publish'>;
  /** The connections for messages to other gateways. Never those of a user's transaction: NOTIFY serializes commits. */
  readonly executor: SqlExecutor;
  readonly logger: Logger;
  /** Milliseconds between two polls. @default 250 */
  readonly pollEveryMs?: number;
}

const channel = 'changes';
const refsPerPoll = 200;
/** Messages of a project within this time become one, in milliseconds. */
const announceAfterMs = 20;
/** The least time from one read of a project's log to the next, in milliseconds. The first one starts at once. */
const readEveryMs = 20;
/** PostgreSQL limits the payload of a notification to 8000 bytes. */
const refsPerMessage = 400;
const readLimits = { changes: 2_000, bytes: 8_000_000 };

interface Watched {
  readonly ref: string;
  readonly listeners: Set<LogListener>;
  /** Null until the end of the log was read. */
  position: LogPosition | null;
  /** Those that wait for the position. */
  readonly waiting: { readonly resolve: () => void; readonly reject: (error: unknown) => void }[];
  /** The last number that the log was read for. Undefined if it has to be read again. */
  number: bigint | null | undefined;
  /** When the reader was woken, if it has not read since. */
  wokenAt: number | null;
  /** When the reader that is reading now was woken. */
  handledAt: number | null;
  isReading: boolean;
  /** When the last read began. */
  readAt: number;
}

/** Reads the logs of watched projects when they change. Changes by SQL are found by a poll. */
export function createWatcher(dependencies: WatcherDependencies): Watcher {
  const { log, pubsub, executor, logger, pollEveryMs = 250 } = dependencies;
  const watched = new Map<string, Watched>();
  const touchedRefs = new Set<string>();
  const instance = randomUUID();
  const running = new Set<Promise<void>>();
  let announcing: NodeJS.Timeout | null = null;
  let polling: NodeJS.Timeout | null = null;
  let closed = false;

  function track(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  function wake(project: Watched): void {
    project.wokenAt ??= performance.now();
    if (project.isReading || closed) return;
    project.isReading = true;
    track(
      readAll(project).finally(() => {
        project.isReading = false;
        // It might have been woken after the last look.
        if (project.wokenAt !== null && isWatched(project)) wake(project);
      }),
    );
  }

  async function readAll(project: Watched): Promise<void> {
    let hasMore = false;
    while (project.wokenAt !== null && isWatched(project) && !closed) {
      const wait = project.readAt + readEveryMs - performance.now();
      if (wait > 0 && !hasMore) {
        await sleep(wait);
        continue;
      }
      const wokenAt = project.wokenAt;
      project.wokenAt = null;
      project.readAt = performance.now();
      project.handledAt = wokenAt;
      try {
        hasMore = await readOnce(project);
        if (hasMore) project.wokenAt ??= wokenAt;
      } catch (error) {
        // The next poll tries again.
        project.number = error instanceof NoChangeLog ? null : undefined;
        for (const { reject } of project.waiting.splice(0)) reject(error);
        if (error instanceof SystemVersionError) {
          for (const listener of [...project.listeners]) listener.onUnreadable?.(error);
        }
        if (error instanceof CursorExpired || error instanceof NoChangeLog) lose(project);
        else
          logger.warn({ err: error, ref: project.ref }, 'Could not read the change log. Retrying');
      }
      project.handledAt = null;
    }
  }

  /** @returns whether there is more to read now */
  async function readOnce(project: Watched): Promise<boolean> {
    const after = project.position;
    const { commits, end, more, pending } = await log.read(project.ref, after, readLimits);
    project.position = end;
    for (const { resolve } of project.waiting.splice(0)) resolve();
    if (pending) project.number = undefined;
    for (const listener of project.listeners) {
      if (after === null) listener.onStart?.(end);
      else if (commits.length > 0) listener.onCommits(commits, end);
    }
    return more;
  }

  /** Continues at the present end of the log, if there is one. */
  function lose(project: Watched): void {
    if (project.position === null) return;
    project.position = null;
    for (const listener of project.listeners) listener.onGap();
  }

  function isWatched(project: Watched): boolean {
    return watched.get(project.ref) === project;
  }

  async function poll(): Promise<void> {
    const refs = [...watched.keys()];
    for (let start = 0; start < refs.length && !closed; start += refsPerPoll) {
      const numbers = await log.poll(refs.slice(start, start + refsPerPoll));
      for (const [ref, number] of numbers) {
        const project = watched.get(ref);
        if (project === undefined || project.number === number) continue;
        // It was drawn before the log is read, so the log is read far enough.
        project.number = number;
        wake(project);
      }
    }
  }

  function schedulePoll(): void {
    if (closed || polling !== null || watched.size === 0) return;
    polling = setTimeout(() => {
      track(
        poll()
          .catch((error: unknown) => {
            logger.warn({ err: error }, 'Could not poll the change logs. Retrying');
          })
          .finally(() => {
            polling = null;
            schedulePoll();
          }),
      );
    }, pollEveryMs);
    polling.unref();
  }

  async function announce(): Promise<void> {
    announcing = null;
    const refs = [...touchedRefs];
    touchedRefs.clear();
    for (let start = 0; start < refs.length; start += refsPerMessage) {
      const some = refs.slice(start, start + refsPerMessage);
      await pubsub.publish(executor, channel, `${instance} ${some.join(' ')}`);
    }
  }

  const unsubscribe = pubsub.subscribe(channel, (payload) => {
    const [sender, ...refs] = payload.split(' ');
    if (sender === instance) return;
    for (const ref of refs) {
      const project = watched.get(ref);
      if (project !== undefined) wake(project);
    }
  });

  return {
    watch(ref, listener) {
      const project = watched.get(ref) ?? newlyWatched(ref);
      project.listeners.add(listener);
      watched.set(ref, project);
      if (project.position !== null) listener.onStart?.(project.position);
      const ready =
        project.position !== null
          ? Promise.resolve()
          : new Promise<void>((resolve, reject) => {
              project.waiting.push({ resolve, reject });
              wake(project);
            });
      schedulePoll();
      const stop = () => {
        project.listeners.delete(listener);
        if (project.listeners.size === 0 && isWatched(project)) watched.delete(ref);
      };
      return { ready, stop };
    },
    touched(ref) {
      const project = watched.get(ref);
      if (project !== undefined) wake(project);
      touchedRefs.add(ref);
      if (closed || announcing !== null) return;
      announcing = setTimeout(() => {
        track(
          announce().catch((error: unknown) => {
            // Other gateways find the change with their next poll.
            logger.debug({ err: error }, 'Could not announce changes');
          }),
        );
      }, announceAfterMs);
      announcing.unref();
    },
    lagMs(ref) {
      const project = watched.get(ref);
      const since = project?.handledAt ?? project?.wokenAt ?? null;
      return since === null ? 0 : performance.now() - since;
    },
    stats() {
      const woken = [...watched.values()].flatMap(
        ({ handledAt, wokenAt }) => handledAt ?? wokenAt ?? [],
      );
      const oldest = Math.min(...woken);
      return {
        projects: watched.size,
        lagSeconds: woken.length === 0 ? 0 : (performance.now() - oldest) / 1_000,
      };
    },
    async close() {
      closed = true;
      unsubscribe();
      if (polling !== null) clearTimeout(polling);
      if (announcing !== null) clearTimeout(announcing);
      const waiting = [...watched.values()].flatMap((project) => project.waiting.splice(0));
      for (const { reject } of waiting) reject(new Error('The gateway is stopping.'));
      watched.clear();
      await Promise.all(running);
    },
  };
}

function newlyWatched(ref: string): Watched {
  return {
    ref,
    listeners: new Set(),
    position: null,
    waiting: [],
    number: undefined,
    wokenAt: null,
    handledAt: null,
    isReading: false,
    readAt: -Infinity,
  };
}
