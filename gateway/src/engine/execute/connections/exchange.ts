import pg from 'pg';
import { ConnectionLostError } from './connection-lost-error.ts';

/** One statement as it goes over the wire, and what goes ahead of it. */
export interface Message {
  /** Prepared statements to deallocate. */
  readonly dropped: readonly string[];
  /** The role to become first; null to stay. */
  readonly role: string | null;
  /** Of the prepared statement; empty for none. */
  readonly name: string;
  /** Null where the statement is prepared already. */
  readonly text: string | null;
  readonly values: readonly (string | null)[];
}

export type Outcome =
  | { readonly kind: 'DONE'; readonly rows: (string | null)[][]; readonly tag: string }
  | { readonly kind: 'FAILED'; readonly error: Error }
  | { readonly kind: 'LOST'; readonly error: Error };

/**
 * Sends a statement and all that goes ahead of it in one write, and takes its rows as texts. Up to the one
 * Sync at the end everything is one unit for PostgreSQL (manual, 54.2.4): where the role cannot be taken, the
 * statement is not run, and where the statement fails, the role is as it was before.
 *
 * Leaner than `pg.Query`: nobody needs columns described or values parsed. It tells its outcome once the
 * server is ready for the next statement, so that the state of the transaction is known by then.
 */
export class Exchange implements pg.Submittable {
  readonly #message: Message;
  readonly #tell: (outcome: Outcome) => void;
  readonly #rows: (string | null)[][] = [];
  #tag = '';
  #told = false;

  constructor(message: Message, tell: (outcome: Outcome) => void) {
    this.#message = message;
    this.#tell = tell;
  }

  submit(connection: pg.Connection): void {
    const { dropped, role, name, text, values } = this.#message;
    connection.stream.cork();
    for (const each of dropped) connection.close({ type: 'S', name: each }, true);
    if (role !== null) {
      connection.parse(
        { name: '', text: `SET ROLE ${pg.escapeIdentifier(role)}`, types: [] },
        true,
      );
      connection.bind({}, true);
      connection.execute(null, true);
    }
    if (text !== null) connection.parse({ name, text, types: [] }, true);
    connection.bind({ statement: name, values: [...values] }, true);
    connection.execute(null, true);
    connection.sync();
    connection.stream.uncork();
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#tag = text;
  }

  handleError(error: Error, connection: pg.Connection): void {
    if (error instanceof pg.DatabaseError && !isFatal(error)) {
      connection.once('readyForQuery', () => this.#settle({ kind: 'FAILED', error }));
    } else {
      this.lose(new ConnectionLostError(error));
    }
  }

  handleReadyForQuery(): void {
    this.#settle({ kind: 'DONE', rows: this.#rows, tag: this.#tag });
  }

  /** No answer will come any more. */
  lose(error: Error): void {
    this.#settle({ kind: 'LOST', error });
  }

  handleRowDescription(): void {
    // Never asked for.
  }

  handleEmptyQuery(): void {
    // An empty statement is done as well.
  }

  handlePortalSuspended(): void {
    // No statement is run in portions.
  }

  handleCopyInResponse(): void {
    // COPY is not run here.
  }

  handleCopyData(): void {
    // COPY is not run here.
  }

  #settle(outcome: Outcome): void {
    if (this.#told) return;
    this.#told = true;
    this.#tell(outcome);
  }
}

/** After such an error PostgreSQL ends the connection. */
function isFatal({ severity }: pg.DatabaseError): boolean {
  return severity === 'FATAL' || severity === 'PANIC';
}
