import { createHash } from 'node:crypto';
import type { PgValue } from '../../engine/runtime.ts';
import { RequestError } from '../../platform/errors/request-error.ts';
import { bindReads } from './bound-reads.ts';
import type { Cohort, CohortScheduler, RunOutcome } from './cohort-scheduler.ts';
import {
  parameterBytes,
  runCohort,
  type CohortPlan,
  type StatementEnvironment,
} from './cohort-statement.ts';
import type { DependencyIndex } from './dependency-index.ts';
import { liveLimits } from './limits.ts';
import { LiveRow, type RowEnvironment } from './live-row.ts';
import { runTrouble } from './run-trouble.ts';
import type { Timers } from './timers.ts';

export interface CohortEnvironment
  extends StatementEnvironment, Omit<RowEnvironment, 'project' | 'compute' | 'onUnused'> {
  readonly scheduler: CohortScheduler<LiveRow>;
  readonly index: DependencyIndex<LiveRow>;
  readonly timers: Timers;
  /**
   * Called if a statement failed because the tables or the role might have changed. Returns whether the statement can
   * succeed later.
   */
  readonly onSchemaTrouble: (isRole: boolean) => Promise<boolean>;
  /** Called when the cohort has no rows any more. */
  readonly onEmpty: () => void;
}

/** The subscribers of one query plan in one project. */
export class LiveCohort implements Cohort<LiveRow> {
  readonly project: string;
  readonly #plan: CohortPlan;
  readonly #environment: CohortEnvironment;
  readonly #rows = new Map<string, LiveRow>();
  #cancelTimer: (() => void) | null = null;

  constructor(plan: CohortPlan, environment: CohortEnvironment) {
    this.project = environment.names.ref;
    this.#plan = plan;
    this.#environment = environment;
  }

  /** Returns the row with these values of the plan's parameters. */
  row(values: readonly PgValue[]): LiveRow {
    const key = keyOf(values);
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const { scheduler, index } = this.#environment;
    const row = new LiveRow(key, values, {
      ...this.#environment,
      project: this.project,
      compute: (each) => scheduler.add(this, each),
      onUnused: (each) => this.#remove(each),
    });
    this.#rows.set(key, row);
    // Changes from now on make the row due again, also during its first run.
    index.add(row, bindReads(this.#plan.plan.reads, values));
    this.#scheduleNow();
    return row;
  }

  /** Computes all rows again. */
  runAll(): void {
    for (const row of this.#rows.values()) this.#environment.scheduler.add(this, row);
  }

  sizeOf({ values }: LiveRow): number {
    return values.reduce<number>((sum, value) => sum + parameterBytes(value), 0);
  }

  async run(due: readonly LiveRow[]): Promise<RunOutcome> {
    const rows = due.filter((row) => row.isUsed);
    if (rows.length === 0) return 'DONE';
    for (const row of rows) row.begin();
    try {
      const values = rows.map((row) => row.values);
      const results = await runCohort(this.#plan, values, this.#environment);
      for (const [index, result] of results.entries()) rows[index]?.accept(result);
      return 'DONE';
    } catch (error) {
      return this.#failed(rows, error);
    }
  }

  async #failed(rows: readonly LiveRow[], thrown: unknown): Promise<RunOutcome> {
    const trouble = runTrouble(thrown);
    const { error } = trouble;
    if (trouble.kind === 'ROWS') {
      if (rows.length === 1) for (const row of rows) this.#failRow(row, error);
      return 'FAILED';
    }
    for (const row of rows) row.failures += 1;
    const canSucceed =
      trouble.kind === 'LATER' || (await this.#environment.onSchemaTrouble(trouble.isRole));
    for (const row of rows) {
      if (!canSucceed) row.endWhere(() => true, error);
      else if (row.failures >= liveLimits.maxFirstFailures) {
        row.endWhere(({ seen }) => seen === null, error);
      }
    }
    return 'RETRY';
  }

  #failRow(row: LiveRow, error: unknown): void {
    row.fail(error);
    if (!(error instanceof RequestError)) return;
    // A run that took too long can succeed without a change of its rows.
    const { timers, scheduler } = this.#environment;
    timers.after(liveLimits.slowRetryMs, () => {
      if (row.isUsed && row.hasNoResult) scheduler.add(this, row);
    });
  }

  #remove(row: LiveRow): void {
    const { index, scheduler, onEmpty } = this.#environment;
    if (this.#rows.get(row.key) !== row) return;
    this.#rows.delete(row.key);
    index.remove(row);
    scheduler.remove(this, row);
    if (this.#rows.size > 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    onEmpty();
  }

  /** Plans that depend on the time run at an interval. */
  #scheduleNow(): void {
    if (!this.#plan.plan.usesNow || this.#cancelTimer !== null) return;
    this.#cancelTimer = this.#environment.timers.after(liveLimits.nowIntervalMs, () => {
      this.#cancelTimer = null;
      this.runAll();
      this.#scheduleNow();
    });
  }
}

/** Long values are hashed, because each row keeps its key. */
function keyOf(values: readonly PgValue[]): string {
  const text = JSON.stringify(values);
  return text.length <= 100 ? text : createHash('sha256').update(text).digest('base64url');
}
