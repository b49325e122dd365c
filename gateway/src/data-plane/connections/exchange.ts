import type pg from 'pg';
import { bytesIn, type Bytes } from '../../platform/bytes.ts';
import { commandComplete, dataRow, errorResponse, readyForQuery } from './wire/frame-reader.ts';
import { isFatal, serverError } from './wire/server-error.ts';

/** The connection was lost before the response arrived. It is unknown whether the statement had an effect. */
export class ConnectionLostError extends Error {
  override readonly name: string = 'ConnectionLostError';

  constructor(cause: unknown) {
    super('The connection to PostgreSQL was lost.', { cause });
  }
}

/** The connection was closed before the statement was sent, so the statement had no effect. */
export class NotSentError extends ConnectionLostError {
  override readonly name = 'NotSentError';
}

/** The server did not answer in time, so the connection was closed. */
export class UnansweredError extends ConnectionLostError {
  override readonly name = 'UnansweredError';
}

/**
 * Reserves memory for a row of this many bytes before the row is received.
 * @returns null, or the error with which the statement fails without the row
 */
export type ReserveRow = (bytes: number) => Error | null;

/** The memory for the rows of a statement. */
export interface RowMemory {
  readonly reserve: ReserveRow;
  /**
   * Called when a connection is available, immediately before the statement is sent.
   * @returns null, or the error with which the statement fails without being sent
   */
  readonly begin?: () => Error | null;
}

/** Accepts all rows, for statements whose rows are few and short. */
export const withoutLimit: ReserveRow = () => null;

export type Outcome =
  | { readonly kind: 'DONE'; readonly rows: (Bytes | null)[][]; readonly tag: string }
  | { readonly kind: 'FAILED'; readonly error: Error }
  | { readonly kind: 'LOST'; readonly error: Error };

/**
 * A statement that was sent, and its response. Values are not decoded. The exchange settles when the server is
 * ready for the next statement, because only then is the transaction state known.
 */
export class Exchange {
  /** The number of watchdog ticks since this exchange moved to the front of the queue. */
  age = 0;
  readonly #tell: (outcome: Outcome) => void;
  readonly #rows: (Bytes | null)[][] = [];
  #tag = '';
  #error: pg.DatabaseError | null = null;
  readonly #reserveRow: ReserveRow;
  /** Set after memory for a row was refused. All further rows are discarded. */
  #refusal: { readonly error: Error; bytes: number } | null = null;
  #isTold = false;
  #told: Promise<void> | null = null;
  #onTold: (() => void) | null = null;

  constructor(tell: (outcome: Outcome) => void, reserveRow: ReserveRow) {
    this.#tell = tell;
    this.#reserveRow = reserveRow;
  }

  /** The error with which the rows were refused, and how many bytes of them the server has announced. */
  get refusal(): { readonly error: Error; readonly bytes: number } | null {
    return this.#refusal;
  }

  /** Decides from its length whether a message is received. Rows for which there is no memory are not. */
  admits(type: number, bytes: number): boolean {
    if (type !== dataRow) return true;
    if (this.#refusal === null) {
      const error = this.#reserveRow(bytes);
      if (error === null) return true;
      this.#refusal = { error, bytes: 0 };
      this.#rows.length = 0;
    }
    this.#refusal.bytes += bytes;
    return false;
  }

  /** Handles one message from the server. Message types without a case do not affect the statement. */
  receive(type: number, bytes: Buffer, start: number, end: number): void {
    switch (type) {
      case dataRow:
        this.#rows.push(fieldsOf(bytes, start));
        return;
      case commandComplete:
        this.#tag = bytes.toString('latin1', start, end - 1);
        return;
      case errorResponse:
        this.#error = serverError(bytes, start, end);
        // The server sends nothing after a fatal error.
        if (isFatal(this.#error)) this.lose(new ConnectionLostError(this.#error));
        return;
      case readyForQuery:
        this.#settle(this.#outcome());
    }
  }

  /** Resolves when the exchange has an outcome. The promise is created on first use because few callers need it. */
  get told(): Promise<void> {
    return (this.#told ??= new Promise((resolve) => (this.#onTold = resolve)));
  }

  /** The tag of the last command that has completed, such as `SET`. Empty if none has. */
  get tag(): string {
    return this.#tag;
  }

  /** Ends the exchange without a response. */
  lose(error: Error): void {
    this.#settle({ kind: 'LOST', error });
  }

  #outcome(): Outcome {
    const error = this.#error ?? this.#refusal?.error ?? null;
    return error === null
      ? { kind: 'DONE', rows: this.#rows, tag: this.#tag }
      : { kind: 'FAILED', error };
  }

  #settle(outcome: Outcome): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tell(outcome);
    this.#onTold?.();
  }
}

/**
 * Parses a DataRow message: the number of fields, then for each field its length (-1 for null) and its text. Long texts
 * share the memory of `bytes`, which neither Node.js nor `FrameReader` writes to again.
 */
function fieldsOf(bytes: Buffer, start: number): (Bytes | null)[] {
  const fields: (Bytes | null)[] = [];
  let at = start + 2;
  for (let left = bytes.readInt16BE(start); left > 0; left -= 1) {
    const length = bytes.readInt32BE(at);
    at += 4;
    fields.push(length < 0 ? null : bytesIn(bytes, at, at + length));
    if (length > 0) at += length;
  }
  return fields;
}
