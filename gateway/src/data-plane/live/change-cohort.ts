import type { ChangesPlan } from '../../engine/runtime.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { Change, Commit } from '../changes/changes.ts';
import type { LogPosition } from '../changes/cursor.ts';
import { evaluateChanges, type PlacedChange } from './change-events.ts';
import { bindReads } from './bound-reads.ts';
import { createDependencyIndex, imagesOf } from './dependency-index.ts';
import type { ChangeStream, StreamEvent } from './change-stream.ts';
import type { Cohort, CohortScheduler, RunOutcome } from './cohort-scheduler.ts';
import { parameterBytes, type StatementEnvironment } from './cohort-statement.ts';
import { comparePositions, type CommitBatch } from './recent-commits.ts';
import { runTrouble } from './run-trouble.ts';

/** The version of the schema and the log are changed in one transaction, so that few runs find different ones. */
const maxStaleRuns = 10;

export interface ChangeCohortEnvironment extends StatementEnvironment {
  readonly scheduler: CohortScheduler<ChangeStream>;
  /** The version of the schema for which the plan was compiled, and the names of its tables. */
  readonly version: number;
  readonly tables: ReadonlySet<string>;
  /**
   * Reads the commits after a position, together with the version of the schema whose names they use, or null if it is
   * not known to have changed.
   * @throws the errors of `ChangeLog.read`
   */
  readonly read: (after: LogPosition) => Promise<CommitBatch & { readonly version: number | null }>;
  /** See `CohortEnvironment`. */
  readonly onSchemaTrouble: (isRole: boolean) => Promise<boolean>;
  readonly onEmpty: () => void;
}

/** The streams of one plan in one project. They are evaluated together if they are at the same position. */
export class ChangeCohort implements Cohort<ChangeStream> {
  readonly project: string;
  /** Each change is evaluated once, however long the streams wait. */
  readonly restFactor = 0;
  readonly #plan: ChangesPlan;
  readonly #environment: ChangeCohortEnvironment;
  readonly #streams = new Set<ChangeStream>();
  /** The streams that wait, and that no change up to `#head` concerns. Their positions are not updated. */
  readonly #idle = new Set<ChangeStream>();
  #head: LogPosition;
  /** Finds the streams that a change can concern. */
  readonly #index = createDependencyIndex<ChangeStream>();
  #failures = 0;

  /** @param head the position from which on `push` is called with all commits */
  constructor(plan: ChangesPlan, head: LogPosition, environment: ChangeCohortEnvironment) {
    this.project = environment.names.ref;
    this.#plan = plan;
    this.#head = head;
    this.#environment = environment;
  }

  add(stream: ChangeStream): void {
    this.#streams.add(stream);
    const { type, equalities } = this.#plan;
    const reads = bindReads([{ table: type.table, equalities }], stream.request.values);
    this.#index.remove(stream);
    this.#index.add(stream, reads);
  }

  remove(stream: ChangeStream): void {
    if (!this.#streams.delete(stream)) return;
    this.#index.remove(stream);
    this.#leaveIdle(stream);
    this.#environment.scheduler.remove(this, stream);
    if (this.#streams.size === 0) this.#environment.onEmpty();
  }

  /** Called when a stream waits for its next event. */
  wants(stream: ChangeStream): void {
    const isCurrent =
      stream.position.epoch === this.#head.epoch &&
      comparePositions(stream.position, this.#head) >= 0;
    if (isCurrent) this.#idle.add(stream);
    else this.#environment.scheduler.add(this, stream);
  }

  /** Passes on all commits up to a position. */
  push(commits: readonly Commit[], end: LogPosition): void {
    const due = this.#affectedBy(commits);
    for (const stream of due) this.#leaveIdle(stream);
    this.#head = end;
    for (const stream of due) this.wants(stream);
  }

  /** The idle streams that cannot skip the commits. */
  #affectedBy(commits: readonly Commit[]): readonly ChangeStream[] {
    const isOfOtherSchema = commits.some(
      ({ version, changes }) =>
        version !== null || changes.some((change) => this.#isUnknown(change)),
    );
    if (isOfOtherSchema) return [...this.#idle];
    const affected = this.#index.affectedBy(commits.flatMap(({ changes }) => changes));
    return [...affected].filter((stream) => this.#idle.has(stream));
  }

  /** Called when commits are missing between `push` and the position. */
  restart(end: LogPosition): void {
    const due = [...this.#idle];
    for (const stream of due) this.#leaveIdle(stream);
    this.#head = end;
    // A stream of an earlier epoch gets its error from the log.
    for (const stream of due) this.#environment.scheduler.add(this, stream);
  }

  sizeOf({ request: { values } }: ChangeStream): number {
    return values.reduce<number>((sum, value) => sum + parameterBytes(value), 0);
  }

  async run(due: readonly ChangeStream[]): Promise<RunOutcome> {
    const groups = new Map<string, ChangeStream[]>();
    for (const stream of due) {
      if (!this.#streams.has(stream)) continue;
      if (!stream.isWaiting) {
        stream.wake();
        continue;
      }
      const { epoch, pos, seq } = stream.position;
      const key = `${epoch} ${pos} ${seq}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [stream]);
      else group.push(stream);
    }
    for (const streams of groups.values()) {
      const outcome = await this.#runGroup(streams);
      if (outcome !== 'DONE') return outcome;
    }
    return 'DONE';
  }

  async #runGroup(streams: readonly ChangeStream[]): Promise<RunOutcome> {
    const [first] = streams;
    if (first === undefined) return 'DONE';
    let batch: Awaited<ReturnType<ChangeCohortEnvironment['read']>>;
    try {
      batch = await this.#environment.read(first.position);
    } catch (error) {
      const { kind } = runTrouble(error);
      if (kind === 'LATER') return 'RETRY';
      // The position is not in the log any more.
      this.#end(streams, error);
      return 'DONE';
    }
    if (this.#isStale(batch)) return this.#waitForPlan(streams);
    this.#failures = 0;
    try {
      const requests = streams.map(({ request }) => request);
      const changes = this.#changesIn(batch);
      const events = await evaluateChanges(this.#plan, changes, requests, this.#environment);
      for (const [index, stream] of streams.entries()) {
        // It uses other values since the statement began, and is due again.
        if (stream.request !== requests[index]) continue;
        this.#deliver(stream, events[index] ?? [], batch.end);
      }
      return 'DONE';
    } catch (error) {
      return this.#failed(streams, error);
    }
  }

  /** Whether the commits have names of another version of the schema than the plan. */
  #isStale({ version, commits }: CommitBatch & { readonly version: number | null }): boolean {
    return (
      (version !== null && version !== this.#environment.version) ||
      commits.some(({ changes }) => changes.some((change) => this.#isUnknown(change)))
    );
  }

  #deliver(stream: ChangeStream, events: readonly StreamEvent[], end: LogPosition): void {
    // The stream has ended or uses another plan since the statement began.
    if (!this.#streams.has(stream)) return;
    stream.deliver(events, end);
    if (stream.isWaiting) this.wants(stream);
  }

  /** Lets the project compile its subscriptions again. The streams then belong to another cohort. */
  async #waitForPlan(streams: readonly ChangeStream[]): Promise<RunOutcome> {
    await this.#environment.onSchemaTrouble(false);
    this.#failures += 1;
    if (this.#failures < maxStaleRuns) return 'RETRY';
    this.#end(streams, requestErrors.overloaded());
    return 'DONE';
  }

  async #failed(streams: readonly ChangeStream[], thrown: unknown): Promise<RunOutcome> {
    const trouble = runTrouble(thrown);
    const { error } = trouble;
    if (trouble.kind === 'LATER') return 'RETRY';
    if (trouble.kind === 'SCHEMA' && (await this.#environment.onSchemaTrouble(trouble.isRole))) {
      return 'RETRY';
    }
    if (streams.length > 1) return 'FAILED';
    this.#end(streams, error);
    return 'DONE';
  }

  /** Ends the streams that still use this plan. */
  #end(streams: readonly ChangeStream[], error: unknown): void {
    for (const stream of streams) if (this.#streams.has(stream)) stream.end(error);
  }

  #changesIn({ commits, end: { epoch } }: CommitBatch): readonly PlacedChange[] {
    return commits.flatMap(({ pos, at, changes }) =>
      changes
        .filter(({ table }) => table === this.#plan.type.table)
        .map((change) => ({
          change,
          at,
          position: { epoch, pos, seq: change.seq },
          images: this.#plan.equalities.length === 0 ? [] : imagesOf(change),
        })),
    );
  }

  /** Whether the change has a name of a newer version of the schema. */
  #isUnknown({ table }: Change): boolean {
    return !this.#environment.tables.has(table);
  }

  #leaveIdle(stream: ChangeStream): void {
    if (!this.#idle.delete(stream)) return;
    if (comparePositions(stream.position, this.#head) < 0) stream.position = this.#head;
  }
}
