import type pg from 'pg';
import { commandComplete, dataRow, errorResponse, readyForQuery } from './wire/frame-reader.ts';
import { isFatal, serverError } from './wire/server-error.ts';

/** The connection ended before the answer came: what the statement did, if anything, is not known. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';

  constructor(cause: unknown) {
    super('The connection to PostgreSQL was lost.', { cause });
  }
}

export type Outcome =
  | { readonly kind: 'DONE'; readonly rows: (string | null)[][]; readonly tag: string }
  | { readonly kind: 'FAILED'; readonly error: Error }
  | { readonly kind: 'LOST'; readonly error: Error };

/**
 * A statement that was sent, and its answer: rows as texts, which need no parsing. It has an outcome once the server is
 * ready for the next statement, so that the state of the transaction is known by then.
 */
export class Exchange {
  /** Ticks of the connection's watch since it was the first. */
  age = 0;
  readonly #tell: (outcome: Outcome) => void;
  readonly #rows: (string | null)[][] = [];
  #tag = '';
  #error: pg.DatabaseError | null = null;
  #isTold = false;
  #told: Promise<void> | null = null;
  #onTold: (() => void) | null = null;

  constructor(tell: (outcome: Outcome) => void) {
    this.#tell = tell;
  }

  /** Handles one message from the server. Types not listed here do not concern the statement. */
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
        this.#settle(
          this.#error === null
            ? { kind: 'DONE', rows: this.#rows, tag: this.#tag }
            : { kind: 'FAILED', error: this.#error },
        );
    }
  }

  /** Settles when it has an outcome. The promise is made on first use, since few callers need it. */
  get told(): Promise<void> {
    return (this.#told ??= new Promise((resolve) => (this.#onTold = resolve)));
  }

  /** Ends the exchange without an answer. */
  lose(error: Error): void {
    this.#settle({ kind: 'LOST', error });
  }

  #settle(outcome: Outcome): void {
    if (this.#isTold) return;
    this.#isTold = true;
    this.#tell(outcome);
    this.#onTold?.();
  }
}

/** DataRow: the number of fields, then each field's length, or -1 for null, and its text. */
function fieldsOf(bytes: Buffer, start: number): (string | null)[] {
  const fields: (string | null)[] = [];
  let at = start + 2;
  for (let left = bytes.readInt16BE(start); left > 0; left -= 1) {
    const length = bytes.readInt32BE(at);
    at += 4;
    fields.push(length < 0 ? null : bytes.toString('utf8', at, at + length));
    if (length > 0) at += length;
  }
  return fields;
}
