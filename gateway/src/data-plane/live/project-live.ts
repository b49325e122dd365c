import { createHash } from 'node:crypto';
import type { ProjectNames } from '../../engine/migrations.ts';
import { operationErrors, type ChangesPlan, type LiveQueryPlan } from '../../engine/runtime.ts';
import { Canceller } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { CursorExpired, type ChangeLog } from '../changes/change-log.ts';
import type { Commit } from '../changes/changes.ts';
import type { LogPosition } from '../changes/cursor.ts';
import { SystemVersionError } from '../changes/system-versions.ts';
import type { Watcher } from '../changes/watcher.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { ChangeCohort } from './change-cohort.ts';
import type { ChangeStream, EventMemory } from './change-stream.ts';
import type { CompiledSubscription } from './compile.ts';
import type { CohortScheduler } from './cohort-scheduler.ts';
import { createDependencyIndex } from './dependency-index.ts';
import { liveLimits } from './limits.ts';
import { LiveCohort } from './live-cohort.ts';
import type { LiveRow, RowEnvironment } from './live-row.ts';
import { createRecentCommits, type CommitBatch, type RecentCommits } from './recent-commits.ts';
import type { Timers } from './timers.ts';

export interface ProjectLiveEnvironment extends Pick<
  RowEnvironment,
  'results' | 'onResult' | 'onSent' | 'clock'
> {
  readonly connections: Pick<ProjectConnections, 'runInBackground'>;
  readonly changes: Pick<ChangeLog, 'read'>;
  readonly watcher: Pick<Watcher, 'watch'>;
  readonly scheduler: CohortScheduler<LiveRow | ChangeStream>;
  readonly timers: Timers;
  /** The memory for events that clients have not read. */
  readonly eventBudget: EventMemory['budget'];
  /** See `CohortEnvironment`. */
  readonly onSchemaTrouble: (isRole: boolean) => Promise<boolean>;
  /** Called if the log has a change of the schema. The version is null if changes of the log were lost. */
  readonly onVersion: (version: number | null) => void;
  /** Called if this gateway cannot read the log. */
  readonly onUnreadable: (error: unknown) => void;
}

type Compiled<Plan> = CompiledSubscription & { readonly plan: Plan };

/** The live queries and change streams of one project. It watches the project's log until it is closed. */
export class ProjectLive {
  readonly names: ProjectNames;
  readonly #environment: ProjectLiveEnvironment;
  readonly #canceller = new Canceller();
  readonly #index = createDependencyIndex<LiveRow>();
  readonly #liveCohorts = new Map<string, LiveCohort>();
  readonly #changeCohorts = new Map<string, ChangeCohort>();
  /** The version of the latest change of the schema in the log. Null if there was none since the log is watched. */
  #version: number | null = null;
  readonly #stopWatching: () => void;
  readonly eventMemory: EventMemory;
  /** The commits that were passed on. Null before the first position of the log is known. */
  #recent: RecentCommits | null = null;
  readonly #watching: Promise<void>;
  /** The read of the end of the log that runs, and the one that follows. */
  #lastEnd: Promise<unknown> | null = null;
  #nextEnd: Promise<LogPosition> | null = null;

  constructor(names: ProjectNames, environment: ProjectLiveEnvironment) {
    this.names = names;
    this.#environment = environment;
    const { ready, stop } = environment.watcher.watch(names.ref, {
      onStart: (after) => this.#start(after),
      onCommits: (commits, end) => this.#push(commits, end),
      onGap: () => environment.onVersion(null),
      onUnreadable: environment.onUnreadable,
    });
    const { eventBudget: budget, onSent } = environment;
    this.eventMemory = { budget, holder: names.ref, onSent };
    this.#stopWatching = stop;
    this.#watching = ready;
  }

  /**
   * Resolved when no later commit can be missed.
   * @throws RequestError `OVERLOADED` if the log cannot be read
   */
  async ready(): Promise<void> {
    try {
      await this.#watching;
    } catch (error) {
      // There might be no log, because the last live model was removed since the operation was compiled.
      throw error instanceof SystemVersionError ? error : requestErrors.databaseUnavailable(error);
    }
  }

  /** Returns the row of a cohort for a live query. */
  row({ plan, values, around, project }: Compiled<LiveQueryPlan>): LiveRow {
    const key = `${project.version} ${keyOf(plan)}`;
    const cohort =
      this.#liveCohorts.get(key) ??
      new LiveCohort(
        { plan, around },
        {
          ...this.#environment,
          index: this.#index,
          names: this.names,
          signal: this.#canceller,
          onEmpty: () => void this.#liveCohorts.delete(key),
        },
      );
    this.#liveCohorts.set(key, cohort);
    return cohort.row(values);
  }

  /** Returns the cohort of a change stream. */
  cohort({ plan, project }: Compiled<ChangesPlan>): ChangeCohort {
    const recent = this.#recent;
    if (recent === null) throw new Error('The log is not being watched yet.');
    const key = `${project.version} ${keyOf(plan)}`;
    const known = this.#changeCohorts.get(key);
    if (known !== undefined) return known;
    const { types, relations } = project.schema.model();
    const joined = relations.flatMap((each) => (each.kind === 'JOIN_TABLE' ? [each.table] : []));
    const cohort = new ChangeCohort(plan, recent.end, {
      ...this.#environment,
      names: this.names,
      signal: this.#canceller,
      version: project.version,
      tables: new Set([...types.map(({ table }) => table), ...joined]),
      read: (after) => this.#read(recent, after),
      onEmpty: () => void this.#changeCohorts.delete(key),
    });
    this.#changeCohorts.set(key, cohort);
    return cohort;
  }

  /** Returns the position after all commits that are visible now. Calls that wait for a read share the next one. */
  end(): Promise<LogPosition> {
    this.#nextEnd ??= this.#readEnd();
    return this.#nextEnd;
  }

  close(): void {
    this.#stopWatching();
    this.#canceller.abort(requestErrors.clientGone());
  }

  async #readEnd(): Promise<LogPosition> {
    await this.#lastEnd;
    // A call from now on can be about commits that this read does not see.
    this.#lastEnd = this.#nextEnd?.catch(() => undefined) ?? null;
    this.#nextEnd = null;
    return (await this.#environment.changes.read(this.names.ref, null, readLimits)).end;
  }

  async #read(
    recent: RecentCommits,
    after: LogPosition,
  ): Promise<CommitBatch & { readonly version: number | null }> {
    const known = recent.after(after);
    if (known !== null) return { ...known, version: this.#version };
    try {
      const read = await this.#environment.changes.read(this.names.ref, after, readLimits);
      return { ...read, version: this.#version };
    } catch (error) {
      throw error instanceof CursorExpired ? operationErrors.cursorExpired() : error;
    }
  }

  #push(commits: readonly Commit[], end: LogPosition): void {
    this.#recent?.push(commits, end);
    for (const { at, changes, version } of commits) {
      if (version !== null) {
        this.#version = version;
        this.#environment.onVersion(version);
      }
      for (const row of this.#index.affectedBy(changes)) row.changed(at);
    }
    for (const cohort of this.#changeCohorts.values()) cohort.push(commits, end);
  }

  /** Begins to follow the log, or continues after a gap: everything can have changed. */
  #start(end: LogPosition): void {
    if (this.#recent === null) this.#recent = createRecentCommits(end, recentLimits);
    else this.#recent.restart(end);
    for (const cohort of this.#liveCohorts.values()) cohort.runAll();
    for (const cohort of this.#changeCohorts.values()) cohort.restart(end);
  }
}

const recentLimits = { changes: 2_000, bytes: 4_194_304 };
const readLimits = { changes: liveLimits.changesPerRead, bytes: liveLimits.bytesPerRead };

const keys = new WeakMap<object, string>();
let lastKey = 0;

/** Plans with the same key have the same results. Most are the same object, because plans are cached. */
function keyOf(plan: LiveQueryPlan | ChangesPlan): string {
  const known = keys.get(plan);
  if (known !== undefined) return known;
  const key = plan.kind === 'LIVE_QUERY' ? textKeyOf(plan) : String((lastKey += 1));
  keys.set(plan, key);
  return key;
}

function textKeyOf({ statement, answers }: LiveQueryPlan): string {
  const text = JSON.stringify([statement.template.chunks, answers]);
  return createHash('sha256').update(text).digest('base64url');
}
