import { ByteList, bytesOf } from '../../platform/bytes.ts';
import { failedResult, type LiveResult } from './live-results.ts';
import type { Outlet } from './outlet.ts';
import { Reader } from './reader.ts';

/** A result that a subscriber does not have. */
export interface FreshResult {
  readonly data: ByteList;
  readonly hash: string;
  /** The operations that lead to it from the result with the hash `base`. Null if there are none. */
  readonly patch: { readonly base: string; readonly text: string } | null;
}

/** The results that a subscriber follows: see `LiveRow`. */
interface QueryRow {
  add(query: LiveQuery): void;
  remove(query: LiveQuery): void;
  resultFor(query: LiveQuery): FreshResult | null;
  taken(): void;
}

/** A subscriber of a live query. It gets the latest result of its row if it differs from the one that it has. */
export class LiveQuery {
  readonly isPatching: boolean;
  readonly #reader = new Reader(() => this.#take());
  #row: QueryRow | null = null;
  /** The hash of the result that the subscriber has. Null if it has none. */
  #seen: string | null = null;
  /** Whether the last thing that the subscriber got or will get is an error. */
  #isFailing = false;

  /** @param isPatching whether the subscriber accepts patches after the first result */
  constructor(isPatching: boolean) {
    this.isPatching = isPatching;
  }

  get seen(): string | null {
    return this.#seen;
  }

  get isEnded(): boolean {
    return this.#reader.isEnded;
  }

  next(outlet?: Outlet): Promise<LiveResult | null> {
    return this.#reader.next(outlet);
  }

  /** Continues with the results of another row. */
  follow(row: QueryRow): void {
    if (this.isEnded) return;
    const before = this.#row;
    this.#row = row;
    if (before !== row) {
      // An error of the row before says nothing about this one.
      this.#isFailing = false;
      this.#reader.forgetError();
    }
    row.add(this);
    if (before !== row) before?.remove(this);
  }

  /** Delivers nothing until `release`. */
  hold(): void {
    this.#reader.hold();
  }

  release(): void {
    this.#reader.release();
  }

  /** Called when the row has a result. */
  wake(): void {
    this.#reader.wake();
  }

  /**
   * Delivers the first of several errors. The next result is delivered in full, also if it is the one from before the
   * error.
   */
  fail(error: unknown): void {
    this.#seen = null;
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#reader.fail(failedResult(error));
  }

  /** Ends the subscription, with a last error if there is one. */
  end(error?: unknown): void {
    const row = this.#row;
    this.#row = null;
    row?.remove(this);
    this.#reader.end(error === undefined ? null : failedResult(error));
  }

  #take(): LiveResult | null {
    const result = this.#row?.resultFor(this) ?? null;
    if (result === null) return null;
    const { data, hash, patch } = result;
    const isPatch = patch !== null && this.isPatching && this.#seen === patch.base;
    this.#seen = hash;
    this.#isFailing = false;
    this.#row?.taken();
    return { json: isPatch ? patchFrame(patch.text) : dataFrame(data), errors: [] };
  }
}

const dataStart = bytesOf('{"data":');
const end = bytesOf('}');

function dataFrame(data: ByteList): ByteList {
  return new ByteList().add(dataStart).addAll(data).add(end);
}

/** The operations refer to the `data` of the result that was sent before. */
function patchFrame(operations: string): ByteList {
  return ByteList.of(`{"extensions":{"live":{"patch":${operations}}}}`);
}
