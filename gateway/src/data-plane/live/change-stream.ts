import type { ChangeOperation, PgValue } from '../../engine/runtime.ts';
import type { ByteList } from '../../platform/bytes.ts';
import type { LogPosition } from '../changes/cursor.ts';
import { failedResult, type LiveResult } from './live-results.ts';
import { Reader } from './reader.ts';

/** What a stream asks for, with the values of its variables. */
export interface StreamRequest {
  /** The values of the plan's parameters. */
  readonly values: readonly PgValue[];
  readonly operations: ReadonlySet<ChangeOperation>;
}

/** Evaluates the changes of several streams: see `ChangeCohort`. */
interface StreamCohort {
  add(stream: ChangeStream): void;
  remove(stream: ChangeStream): void;
  wants(stream: ChangeStream): void;
}

/** An event with its place in the log. */
export interface StreamEvent {
  readonly position: LogPosition;
  /** An execution result. */
  readonly json: ByteList;
}

/**
 * A subscriber of a change stream. It reads changes after its position only while its transport waits for an event, so
 * that a slow client needs no memory.
 */
export class ChangeStream {
  readonly #reader = new Reader(() => this.#take());
  readonly #events: StreamEvent[] = [];
  /** The client has all events up to here. */
  #taken: LogPosition;
  #cohort: StreamCohort | null = null;
  #request: StreamRequest;
  /** All changes up to here were delivered, or are in the buffer. */
  position: LogPosition;
  readonly #onSent: () => void;

  constructor(request: StreamRequest, position: LogPosition, onSent: () => void) {
    this.#request = request;
    this.position = position;
    this.#taken = position;
    this.#onSent = onSent;
  }

  get request(): StreamRequest {
    return this.#request;
  }

  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  /** Whether the transport waits for an event. */
  get isWaiting(): boolean {
    return this.#reader.isWaiting && this.#events.length === 0;
  }

  next(): Promise<LiveResult | null> {
    const result = this.#reader.next();
    if (this.isWaiting) this.#cohort?.wants(this);
    return result;
  }

  /** Delivers nothing until `release`. */
  hold(): void {
    this.#reader.hold();
  }

  release(): void {
    this.#reader.release();
    if (this.isWaiting) this.#cohort?.wants(this);
  }

  /** Continues with another plan or other values, after the last event that the client has. */
  follow(cohort: StreamCohort, request: StreamRequest): void {
    if (this.isEnded) return;
    const before = this.#cohort;
    this.#request = request;
    this.#cohort = cohort;
    if (before !== cohort) before?.remove(this);
    // Events in the buffer are what the plan before permitted.
    if (this.#events.length > 0) this.position = this.#taken;
    this.#events.length = 0;
    cohort.add(this);
    if (this.isWaiting) cohort.wants(this);
  }

  /** Adds the events up to a position. A stream that is held reads them again later. */
  deliver(events: readonly StreamEvent[], position: LogPosition): void {
    if (!this.isWaiting) return;
    this.#events.push(...events);
    this.position = position;
    if (this.#events.length === 0) this.#taken = position;
    this.#reader.wake();
  }

  end(error?: unknown): void {
    const cohort = this.#cohort;
    this.#cohort = null;
    this.#events.length = 0;
    cohort?.remove(this);
    this.#reader.end(error === undefined ? null : failedResult(error));
  }

  #take(): LiveResult | null {
    const event = this.#events.shift();
    if (event === undefined) return null;
    this.#taken = this.#events.length === 0 ? this.position : event.position;
    this.#onSent();
    return { json: event.json, errors: [] };
  }
}
