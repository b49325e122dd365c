import { LRUCache } from 'lru-cache';

import { createByteBudget, type ByteBudget, type ByteBudgetLimits } from './byte-budget.ts';

/** Why no memory was reserved. CLOSED: the request has ended. */
export type AnswerRefusal = 'TOO_LARGE' | 'OVER_BUDGET' | 'CLOSED';

/**
 * The memory for the answer to one request. Bytes are reserved before they are received from PostgreSQL, and released
 * when the client has received the answer or has disconnected.
 */
export interface AnswerMemory {
  /** The number of bytes that are reserved. */
  readonly reserved: number;
  /** Returns OVER_BUDGET if no memory is left, so that the statement for the answer should not run. */
  check(): AnswerRefusal | null;
  /**
   * Starts the answer to a statement. If the last answer to this statement was large, as many bytes are reserved until
   * the first row arrives, so that a statement whose answer will probably be refused does not run.
   * @param statement SQL text that contains the name of the project's schema
   * @returns null, or OVER_BUDGET
   */
  begin(statement: string): AnswerRefusal | null;
  /** Reserves more bytes. @returns null, or why nothing was reserved */
  reserve(bytes: number): AnswerRefusal | null;
  /** Reserves more bytes regardless of the limits, for an answer that must be sent because it reports a change. */
  add(bytes: number): void;
  /** Releases what is reserved, because the answer starts again. */
  restart(): void;
  /** Releases what is reserved, and refuses all further reservations. */
  close(): void;
}

export interface AnswerBudgetOptions {
  /** @default `answerLimits` */
  readonly limits?: AnswerLimits;
  readonly onRefusal?: (refusal: Exclude<AnswerRefusal, 'CLOSED'>) => void;
}

export interface AnswerLimits extends ByteBudgetLimits {
  /** Maximum bytes of one answer. */
  readonly perAnswer: number;
}

const mebibyte = 1_048_576;

/** All limits are in bytes. A holder is a project or, in the management API, a user, a key or all anonymous clients. */
export const answerLimits: AnswerLimits = {
  perAnswer: 32 * mebibyte,
  total: 128 * mebibyte,
  perHolder: 32 * mebibyte,
};

/**
 * An answer of up to `smallAnswerBytes` can use this multiple of the limits, so that large answers that wait for their
 * readers do not keep it out.
 */
const shareOfSmallAnswers = 1.25;
export const smallAnswerBytes = 65_536;

/** The sizes of larger answers are remembered, for up to `rememberedStatements`. */
const largeAnswerBytes = mebibyte;
const rememberedStatements = 1_000;

/** The memory for all answers that are being received from PostgreSQL or sent to clients. */
export interface AnswerBudget {
  /** @param holder whose share of the memory the answer counts against */
  open(holder: string): AnswerMemory;
  /** The number of bytes in flight. */
  readonly used: number;
}

export function createAnswerBudget(options: AnswerBudgetOptions = {}): AnswerBudget {
  const { limits = answerLimits, onRefusal = () => undefined } = options;
  const budget = createByteBudget(limits);
  const sizes = new LRUCache<string, number>({ max: rememberedStatements });
  return {
    open: (holder) => new Reservation(holder, { budget, sizes, limits, onRefusal }),
    get used() {
      return budget.used;
    },
  };
}

interface Shared extends Required<AnswerBudgetOptions> {
  readonly budget: ByteBudget;
  /** The size of the last answer to each statement whose answer was large, in bytes. */
  readonly sizes: LRUCache<string, number>;
}

class Reservation implements AnswerMemory {
  reserved = 0;
  #isClosed = false;
  #statement: string | null = null;
  /** The number of bytes that `begin` reserved. */
  #expected = 0;
  readonly #holder: string;
  readonly #shared: Shared;

  constructor(holder: string, shared: Shared) {
    this.#holder = holder;
    this.#shared = shared;
  }

  check(): AnswerRefusal | null {
    const { budget } = this.#shared;
    if (!budget.reserve(this.#holder, 1, shareOfSmallAnswers)) return this.#refuse('OVER_BUDGET');
    budget.release(this.#holder, 1);
    return null;
  }

  begin(statement: string): AnswerRefusal | null {
    this.restart();
    this.#statement = statement;
    const { budget, limits, sizes } = this.#shared;
    const expected = Math.min(sizes.get(statement) ?? 0, limits.perAnswer);
    if (expected === 0) return null;
    if (!budget.reserve(this.#holder, expected)) return this.#refuse('OVER_BUDGET');
    this.#expected = expected;
    return null;
  }

  reserve(bytes: number): AnswerRefusal | null {
    if (this.#isClosed) return 'CLOSED';
    this.#releaseExpected();
    const { budget, limits } = this.#shared;
    const all = this.reserved + bytes;
    this.#remember(all);
    if (all > limits.perAnswer) return this.#refuse('TOO_LARGE');
    const share = all > smallAnswerBytes ? 1 : shareOfSmallAnswers;
    if (!budget.reserve(this.#holder, bytes, share)) return this.#refuse('OVER_BUDGET');
    this.reserved = all;
    return null;
  }

  add(bytes: number): void {
    if (this.#isClosed) return;
    this.#shared.budget.add(this.#holder, bytes);
    this.reserved += bytes;
  }

  restart(): void {
    this.#releaseExpected();
    if (this.reserved === 0) return;
    this.#shared.budget.release(this.#holder, this.reserved);
    this.reserved = 0;
  }

  close(): void {
    this.restart();
    this.#isClosed = true;
  }

  #releaseExpected(): void {
    if (this.#expected > 0) this.#shared.budget.release(this.#holder, this.#expected);
    this.#expected = 0;
  }

  #remember(bytes: number): void {
    if (this.#statement === null) return;
    const { sizes } = this.#shared;
    if (bytes > largeAnswerBytes) sizes.set(this.#statement, bytes);
    else sizes.delete(this.#statement);
  }

  #refuse(refusal: 'TOO_LARGE' | 'OVER_BUDGET'): AnswerRefusal {
    this.#shared.onRefusal(refusal);
    return refusal;
  }
}
