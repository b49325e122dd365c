import type { ChangeOperation, PgValue } from '../../engine/runtime.ts';
import type { ByteBudget } from '../../platform/byte-budget.ts';
import type { ByteList } from '../../platform/bytes.ts';
import type { LogPosition } from '../changes/cursor.ts';
import { failedResult, type LiveResult } from './live-results.ts';
import { openOutlet, type Outlet } from './outlet.ts';
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

/** The memory for events that clients do not read at once. */
export interface EventMemory {
  readonly budget: Pick<ByteBudget, 'reserve' | 'release'>;
  /** The ref of the project. */
  readonly holder: string;
  /** Called for each event that a client gets. */
  readonly onSent: () => void;
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
  readonly #memory: EventMemory;
  /** Bytes that are reserved for the events in the buffer. */
  #reserved = 0;

  constructor(request: StreamRequest, position: LogPosition, memory: EventMemory) {
    this.#request = request;
    this.position = position;
    this.#taken = position;
    this.#memory = memory;
  }

  get request(): StreamRequest {
    return this.#request;
  }

  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  /** Whether the transport waits for an event and can send it. */
  get isWaiting(): boolean {
    return this.#reader.isWaiting && this.#events.length === 0;
  }

  next(outlet: Outlet = openOutlet): Promise<LiveResult | null> {
    const result = this.#reader.next(outlet);
    if (this.#events.length > 0) this.#reserve();
    return result;
  }

  /** Delivers the next event, or reads further changes, as soon as the transport can send it. */
  wake(): void {
    this.#reader.wake();
  }

  /** Delivers nothing until `release`. */
  hold(): void {
    this.#reader.hold();
  }

  release(): void {
    this.#reader.release();
  }

  /** Continues with another plan or other values, after the last event that the client has. */
  follow(cohort: StreamCohort, request: StreamRequest): void {
    if (this.isEnded) return;
    const before = this.#cohort;
    this.#request = request;
    this.#cohort = cohort;
    if (before !== cohort) before?.remove(this);
    // Events in the buffer are what the plan before permitted.
    this.#dropEvents();
    cohort.add(this);
    if (this.isWaiting) cohort.wants(this);
  }

  /** Adds the events up to a position. A stream that cannot deliver them now reads them again later. */
  deliver(events: readonly StreamEvent[], position: LogPosition): void {
    if (!this.isWaiting) {
      this.wake();
      return;
    }
    this.#events.push(...events);
    this.position = position;
    if (this.#events.length === 0) this.#taken = position;
    this.#reader.wake();
  }

  end(error?: unknown): void {
    const cohort = this.#cohort;
    this.#cohort = null;
    this.#dropEvents();
    cohort?.remove(this);
    this.#reader.end(error === undefined ? null : failedResult(error));
  }

  #take(): LiveResult | null {
    this.#release();
    const event = this.#events.shift();
    if (event === undefined) {
      this.#cohort?.wants(this);
      return null;
    }
    this.#taken = this.#events.length === 0 ? this.position : event.position;
    this.#memory.onSent();
    return { json: event.json, errors: [] };
  }

  /** Keeps the events of a client that does not read only within a limit. Others are read again. */
  #reserve(): void {
    const { budget, holder } = this.#memory;
    const bytes = this.#events.reduce((sum, { json }) => sum + json.length, 0);
    if (budget.reserve(holder, bytes)) this.#reserved = bytes;
    else this.#dropEvents();
  }

  #release(): void {
    this.#memory.budget.release(this.#memory.holder, this.#reserved);
    this.#reserved = 0;
  }

  #dropEvents(): void {
    this.#release();
    if (this.#events.length > 0) this.position = this.#taken;
    this.#events.length = 0;
  }
}
