import { createHash } from 'node:crypto';
import type { PgValue } from '../../engine/runtime.ts';
import type { ByteList } from '../../platform/bytes.ts';
import { patchBetween } from './json-patch.ts';
import type { LastResults } from './last-results.ts';
import type { FreshResult, LiveQuery } from './live-query.ts';

/** What a row needs of its surroundings. */
export interface RowEnvironment {
  readonly project: string;
  readonly results: LastResults<LiveRow>;
  /** Computes the row again. */
  readonly compute: (row: LiveRow) => void;
  /** Called when the row has no subscriber any more. */
  readonly onUnused: (row: LiveRow) => void;
  /** Called for each result that differs from the one before. */
  readonly onResult: (lagMs: number | null) => void;
  /** Called for each result that a subscriber takes. */
  readonly onSent: () => void;
  /** The time in milliseconds, on the clock of the database's commits. */
  readonly clock: () => number;
}

/** A query plan with values: one row of a cohort. Subscribers with equal values share it. */
export class LiveRow {
  /** Identifies the values within the cohort. */
  readonly key: string;
  readonly values: readonly PgValue[];
  /** The number of runs that failed since the last result. */
  failures = 0;
  readonly #environment: RowEnvironment;
  readonly #queries = new Set<LiveQuery>();
  #patching = 0;
  /** The number of subscribers that do not have the latest result. */
  #behind = 0;
  #hash: string | null = null;
  /** The hash of the result to which the stored patch applies. */
  #base: string | null = null;
  /** When the oldest change was committed that the next result contains, and the one that is being computed. */
  #changedAt: number | null = null;
  #runsFor: number | null = null;

  constructor(key: string, values: readonly PgValue[], environment: RowEnvironment) {
    this.key = key;
    this.values = values;
    this.#environment = environment;
  }

  /** Whether there is no result, because none was computed yet or the last run failed. */
  get hasNoResult(): boolean {
    return this.#hash === null;
  }

  get isUsed(): boolean {
    return this.#queries.size > 0;
  }

  add(query: LiveQuery): void {
    if (this.#queries.has(query)) return;
    this.#queries.add(query);
    if (query.isPatching) this.#patching += 1;
    if (query.seen !== this.#hash || this.#hash === null) this.#behind += 1;
    if (this.#hash === null) this.#environment.compute(this);
    else query.wake();
  }

  remove(query: LiveQuery): void {
    if (!this.#queries.delete(query)) return;
    if (query.isPatching) this.#patching -= 1;
    if (query.seen !== this.#hash) this.#behind -= 1;
    if (this.isUsed) this.#dropResult();
    else {
      this.#environment.results.delete(this);
      this.#environment.onUnused(this);
    }
  }

  /** Computes the row again because of a change that was committed at this time. */
  changed(at: Date): void {
    this.#changedAt ??= at.getTime();
    this.#environment.compute(this);
  }

  begin(): void {
    this.#runsFor ??= this.#changedAt;
    this.#changedAt = null;
  }

  /** Takes a result that was computed after `begin`. */
  accept(data: ByteList): void {
    const { results, project, clock, onResult } = this.#environment;
    const hash = hashOf(data);
    const isNew = hash !== this.#hash;
    const before = results.get(this)?.data ?? null;
    const base = this.#hash;
    this.#hash = hash;
    this.failures = 0;
    this.#countBehind();
    if (isNew || (before === null && (this.#behind > 0 || this.#patching > 0))) {
      const patch =
        isNew && before !== null && this.#patching > 0
          ? patchBetween(String(before), String(data))
          : null;
      this.#base = patch === null ? null : base;
      results.set(project, this, { data, patch });
    }
    const lag = this.#runsFor === null ? null : Math.max(0, clock() - this.#runsFor);
    this.#runsFor = null;
    if (isNew) onResult(lag);
    for (const query of this.#queries) query.wake();
    this.#dropResult();
  }

  /** Delivers an error to all subscribers. */
  fail(error: unknown): void {
    this.#hash = null;
    this.#runsFor = null;
    this.#environment.results.delete(this);
    for (const query of this.#queries) query.fail(error);
    this.#countBehind();
  }

  /** Ends the subscribers that match, with an error. */
  endWhere(matches: (query: LiveQuery) => boolean, error: unknown): void {
    for (const query of [...this.#queries]) if (matches(query)) query.end(error);
  }

  /** Returns the latest result if the subscriber does not have it. If it was dropped, it is computed again. */
  resultFor({ seen }: LiveQuery): FreshResult | null {
    const hash = this.#hash;
    if (hash === null || seen === hash) return null;
    const stored = this.#environment.results.get(this);
    if (stored === null) {
      this.#environment.compute(this);
      return null;
    }
    const { data, patch } = stored;
    const base = this.#base;
    return { data, hash, patch: patch === null || base === null ? null : { base, text: patch } };
  }

  /** Called when a subscriber that was behind has taken the latest result. */
  taken(): void {
    this.#behind -= 1;
    this.#environment.onSent();
    this.#dropResult();
  }

  #countBehind(): void {
    this.#behind = 0;
    for (const { seen } of this.#queries) if (seen !== this.#hash) this.#behind += 1;
  }

  /** The result is not needed if all subscribers have it and none accepts patches. */
  #dropResult(): void {
    if (this.#behind === 0 && this.#patching === 0) this.#environment.results.delete(this);
  }
}

function hashOf(data: ByteList): string {
  const hash = createHash('sha256');
  for (const part of data.parts) {
    if (typeof part === 'string') hash.update(part, 'latin1');
    else hash.update(part);
  }
  return hash.digest('base64url');
}
