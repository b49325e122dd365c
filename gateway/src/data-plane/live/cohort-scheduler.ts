import { createFairQueue } from '../../platform/fair-queue.ts';
import type { Timers } from './timers.ts';

/** Rows that one statement can compute together: the same query plan with different values. */
export interface Cohort<Row> {
  readonly project: string;
  /**
   * Runs the statement for some of the rows. If there is only one row, it handles its error itself.
   * @returns `FAILED` if the statement failed because of its rows, or `RETRY` if it might succeed later
   */
  run(rows: readonly Row[]): Promise<RunOutcome>;
  /** The size of the row's parameters in bytes. */
  sizeOf(row: Row): number;
  /** Replaces the factor of the limits. 0 for work that does not become less by waiting. */
  readonly restFactor?: number;
}

export type RunOutcome = 'DONE' | 'FAILED' | 'RETRY';

/**
 * Runs cohorts whose rows are due. A cohort rests for `max(minIntervalMs, restFactor * last duration)` after each run.
 * Projects take turns.
 */
export interface CohortScheduler<Row> {
  /** Runs the cohort with this row as soon as its interval and the limits permit. */
  add(cohort: Cohort<Row>, row: Row): void;
  /** Forgets a row. */
  remove(cohort: Cohort<Row>, row: Row): void;
  stats(): SchedulerStats;
  /** Stops starting runs. */
  close(): void;
}

export interface SchedulerStats {
  /** Statements that are running. */
  readonly running: number;
  /** Cohorts that wait for their turn, not counting those that wait for their interval. */
  readonly waiting: number;
  /** Since the start: statements, rows in them, and statements that were divided after a failure. */
  readonly runs: number;
  readonly rows: number;
  readonly divided: number;
}

export interface SchedulerLimits {
  /** Maximum number of statements that run at once. */
  readonly running: number;
  readonly runningPerProject: number;
  readonly rowsPerRun: number;
  readonly bytesPerRun: number;
  readonly minIntervalMs: number;
  readonly restFactor: number;
  /** The first and the longest wait before a run is repeated that failed for another reason than its rows. */
  readonly firstRetryMs: number;
  readonly lastRetryMs: number;
}

/** The state of a cohort with rows that are due. */
interface State<Row> {
  readonly cohort: Cohort<Row>;
  /** The rows of the next round. */
  readonly due: Set<Row>;
  /** The rest of the round that is running, as groups of rows that can share a statement. */
  groups: (readonly Row[])[];
  /** The rows of `groups` that are still needed. */
  readonly rest: Set<Row>;
  /** The rows whose statement failed although they were alone in it. They stay alone until it succeeds. */
  readonly lonely: Set<Row>;
  isQueued: boolean;
  isRunning: boolean;
  cancelTimer: (() => void) | null;
  /** The time that the statements of this round have taken. */
  busyMs: number;
  /** When the next round can start. */
  readyAt: number;
  /** Statements with more rows have failed. */
  maxRows: number;
  retries: number;
}

export function createCohortScheduler<Row>(
  limits: SchedulerLimits,
  timers: Timers,
): CohortScheduler<Row> {
  return new Scheduler(limits, timers);
}

class Scheduler<Row> implements CohortScheduler<Row> {
  readonly #limits: SchedulerLimits;
  readonly #timers: Timers;
  /** Cohorts without due rows keep their state while their interval lasts. */
  readonly #states = new Map<Cohort<Row>, State<Row>>();
  readonly #queue = createFairQueue<State<Row>>({ total: Infinity, perProject: Infinity });
  readonly #runningOf = new Map<string, number>();
  #running = 0;
  #isClosed = false;
  #isServing = false;
  readonly #counts = { runs: 0, rows: 0, divided: 0 };

  constructor(limits: SchedulerLimits, timers: Timers) {
    this.#limits = limits;
    this.#timers = timers;
  }

  add(cohort: Cohort<Row>, row: Row): void {
    if (this.#isClosed) return;
    const state = this.#stateOf(cohort);
    if (state.rest.has(row)) return;
    state.due.add(row);
    this.#consider(state);
  }

  remove(cohort: Cohort<Row>, row: Row): void {
    const state = this.#states.get(cohort);
    if (state === undefined) return;
    state.due.delete(row);
    state.rest.delete(row);
    state.lonely.delete(row);
  }

  stats(): SchedulerStats {
    return { running: this.#running, waiting: this.#queue.size, ...this.#counts };
  }

  close(): void {
    this.#isClosed = true;
    this.#queue.takeAll();
    for (const { cancelTimer } of this.#states.values()) cancelTimer?.();
    this.#states.clear();
  }

  #stateOf(cohort: Cohort<Row>): State<Row> {
    const known = this.#states.get(cohort);
    if (known !== undefined) return known;
    const state: State<Row> = {
      cohort,
      due: new Set(),
      groups: [],
      rest: new Set(),
      lonely: new Set(),
      isQueued: false,
      isRunning: false,
      cancelTimer: null,
      busyMs: 0,
      readyAt: 0,
      maxRows: this.#limits.rowsPerRun,
      retries: 0,
    };
    this.#states.set(cohort, state);
    return state;
  }

  /** Queues a cohort, or waits for its interval. */
  #consider(state: State<Row>): void {
    if (this.#isClosed || state.isQueued || state.isRunning || state.cancelTimer !== null) return;
    const wait = state.groups.length > 0 ? 0 : state.readyAt - this.#timers.now();
    if (wait > 0) {
      state.cancelTimer = this.#timers.after(wait, () => {
        state.cancelTimer = null;
        this.#consider(state);
      });
      return;
    }
    if (state.groups.length === 0 && state.due.size === 0) {
      // The interval is over.
      if (state.lonely.size === 0) this.#states.delete(state.cohort);
      return;
    }
    state.isQueued = true;
    this.#queue.add(state.cohort.project, state);
    this.#serveSoon();
  }

  /** Waits for the rows that are added in the same turn, such as all rows that a commit affects. */
  #serveSoon(): void {
    if (this.#isServing) return;
    this.#isServing = true;
    queueMicrotask(() => {
      this.#isServing = false;
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#running < this.#limits.running && !this.#isClosed) {
      const state = this.#queue.next(
        (project) => (this.#runningOf.get(project) ?? 0) < this.#limits.runningPerProject,
      );
      if (state === null) return;
      state.isQueued = false;
      void this.#run(state);
    }
  }

  async #run(state: State<Row>): Promise<void> {
    const { cohort } = state;
    if (state.groups.length === 0) this.#beginRound(state);
    const rows = (state.groups.shift() ?? []).filter((row) => state.rest.delete(row));
    if (rows.length === 0) {
      this.#consider(state);
      return;
    }
    this.#begin(cohort.project);
    state.isRunning = true;
    const startedAt = this.#timers.now();
    const outcome = await cohort.run(rows).catch((): RunOutcome => 'RETRY');
    state.busyMs += this.#timers.now() - startedAt;
    state.isRunning = false;
    this.#counts.runs += 1;
    this.#counts.rows += rows.length;
    this.#settle(state, rows, outcome);
    this.#end(cohort.project);
    this.#consider(state);
    this.#serve();
  }

  /** Divides the rows that are due into groups. */
  #beginRound(state: State<Row>): void {
    const { bytesPerRun } = this.#limits;
    state.busyMs = 0;
    let group: Row[] = [];
    let bytes = 0;
    for (const row of state.due) {
      state.rest.add(row);
      if (state.lonely.has(row)) {
        state.groups.push([row]);
        continue;
      }
      const size = state.cohort.sizeOf(row);
      const isFull = group.length >= state.maxRows || bytes + size > bytesPerRun;
      if (isFull && group.length > 0) {
        state.groups.push(group);
        group = [];
        bytes = 0;
      }
      group.push(row);
      bytes += size;
    }
    if (group.length > 0) state.groups.push(group);
    state.due.clear();
  }

  #settle(state: State<Row>, rows: readonly Row[], outcome: RunOutcome): void {
    const { rowsPerRun, minIntervalMs, restFactor, firstRetryMs, lastRetryMs } = this.#limits;
    if (outcome === 'RETRY') {
      // The round ends, and all of its rows are due again.
      for (const row of [...rows, ...state.rest]) state.due.add(row);
      state.groups = [];
      state.rest.clear();
      const wait = Math.min(lastRetryMs, firstRetryMs * 2 ** state.retries);
      state.retries += 1;
      state.readyAt = this.#timers.now() + wait;
      return;
    }
    state.retries = 0;
    if (outcome === 'DONE') {
      if (rows.length >= state.maxRows) state.maxRows = Math.min(rowsPerRun, state.maxRows * 2);
      for (const row of rows) state.lonely.delete(row);
    } else if (rows.length > 1) this.#divide(state, rows);
    else for (const row of rows) state.lonely.add(row);
    if (state.groups.length > 0) return;
    const factor = state.cohort.restFactor ?? restFactor;
    state.readyAt = this.#timers.now() + Math.max(minIntervalMs, factor * state.busyMs);
  }

  #divide(state: State<Row>, rows: readonly Row[]): void {
    const half = Math.ceil(rows.length / 2);
    state.maxRows = half;
    state.groups.unshift(rows.slice(0, half), rows.slice(half));
    for (const row of rows) {
      // A row that is due again is part of this round.
      state.due.delete(row);
      state.rest.add(row);
    }
    this.#counts.divided += 1;
  }

  #begin(project: string): void {
    this.#running += 1;
    this.#runningOf.set(project, (this.#runningOf.get(project) ?? 0) + 1);
  }

  #end(project: string): void {
    this.#running -= 1;
    const left = (this.#runningOf.get(project) ?? 1) - 1;
    if (left === 0) this.#runningOf.delete(project);
    else this.#runningOf.set(project, left);
  }
}
