import pg from 'pg';
import { abortReason, type Cancellation } from '../../platform/cancellation.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { within } from '../../platform/within.ts';
import type { BoundStatement, Rows } from '../../engine/runtime.ts';
import {
  createDatabaseClient,
  requestCancel,
  startSession,
  type DatabaseClientOptions,
} from './database-client.ts';
import { ConnectionLostError, Exchange, type Outcome } from './exchange.ts';
import { createRoleTracker, createStatementNames, type StatementNames } from './session-state.ts';
import { encode, parameterText, type Message } from './wire/encode.ts';
import { errorResponse, FrameReader, readyForQuery } from './wire/frame-reader.ts';
import { serverError } from './wire/server-error.ts';

export interface ProjectConnectionOptions extends DatabaseClientOptions {
  readonly maxStatements: number;
  /** Called once, when the connection has ended, for whatever reason. */
  readonly onEnd: () => void;
}

/** A connection to PostgreSQL that keeps its last role. One project at a time uses it. */
export interface ProjectConnection {
  /** The role it has for certain; null where that is not known. */
  readonly role: string | null;
  /** Nothing runs, no transaction is open, nothing is about to be cancelled. */
  readonly isClean: boolean;
  readonly isOpen: boolean;
  /** Settles when what runs has been answered; null when nothing runs. */
  readonly running: Promise<void> | null;
  /**
   * Call it only when nothing runs.
   * @param signal once it is aborted, a failure is replaced by its reason
   * @throws as `StatementRunner`
   */
  run(statement: BoundStatement, role: string, signal: Cancellation): Promise<Rows>;
  /**
   * May a statement be pipelined behind those that run? Only where it is prepared and the role is set, and nothing that
   * runs could change either: then its result does not depend on the outcome of the others.
   */
  mayFollow(text: string, role: string): boolean;
  /**
   * Sends a statement when nothing runs, or pipelines it where it `mayFollow`. All statements of one turn of the event
   * loop go out in one write.
   * @param tell is called with the outcome; errors are those of `StatementRunner.run`
   */
  send(statement: BoundStatement, role: string, tell: (outcome: Outcome) => void): void;
  /** Asks the server to cancel all that runs; does nothing when nothing does. */
  cancel(): void;
  /** Cancels and rolls back what is left, or ends the connection. Bounded in time. */
  clean(): Promise<void>;
  /** Closes the connection. */
  end(): Promise<void>;
}

/** How much later than the server's statement timeout the watchdog acts: for a server that does not answer at all. */
const watchdogGraceMs = 2_000;
/** Interval of the watchdog: one timer per connection, since one per statement costs more. */
const watchTickMs = 500;
const cancelTimeoutMs = 2_000;
const firstCancelPauseMs = 5;
const lastCancelPauseMs = 1_000;
const endTimeoutMs = 1_000;
/** SQLSTATE of a statement that the timeout, or a cancel request, has ended. */
const queryCanceled = '57014';

/** After these a prepared statement no longer matches the tables. */
const staleStatementCodes: ReadonlySet<string> = new Set([
  '0A000', // feature_not_supported: "cached plan must not change result type"
  '26000', // invalid_sql_statement_name
  '42P01', // undefined_table
  '42703', // undefined_column
  '42883', // undefined_function
  '3F000', // invalid_schema_name
]);

/** @throws ConnectionLostError, or the server's refusal */
export async function openProjectConnection(
  options: ProjectConnectionOptions,
): Promise<ProjectConnection> {
  const client = createDatabaseClient(options);
  const connection = new Connection(client, options);
  try {
    await startSession(client, options);
    connection.takeOver();
  } catch (error) {
    await connection.end();
    throw error;
  }
  return connection;
}

/** The state of a session as ReadyForQuery tells it (manual, 54.7): no transaction is open. */
const idleStatus = 0x49; // I

/**
 * `pg.Client` opens the connection; from then on this class reads and writes the messages, which takes a third of the
 * time that `pg.Client` needs for a statement.
 */
class Connection implements ProjectConnection {
  readonly #client: pg.Client;
  readonly #options: ProjectConnectionOptions;
  readonly #names: StatementNames;
  readonly #role = createRoleTracker();
  readonly #frames = new FrameReader((...frame) => this.#receive(...frame));
  #isOpen = true;
  #status = idleStatus;
  #watch: NodeJS.Timeout | null = null;
  /** In the order in which they were sent; the first is the one that runs. */
  readonly #exchanges: Exchange[] = [];
  /** How many of them may change the role, or what is prepared. */
  #unsettled = 0;
  #isGathering = false;
  #cancelling: Promise<void> | null = null;

  constructor(client: pg.Client, options: ProjectConnectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#names = createStatementNames(options.maxStatements);
    client.on('error', (error) => this.#lose(new ConnectionLostError(error)));
    client.on('end', () => this.#lose(new ConnectionLostError('PostgreSQL closed it.')));
  }

  /** Call it once the client has run its last statement. */
  takeOver(): void {
    const { stream } = this.#client.connection;
    stream.removeAllListeners('data');
    stream.on('data', (chunk: Buffer) => {
      try {
        this.#frames.read(chunk);
      } catch (error) {
        this.#destroy(new ConnectionLostError(error));
      }
    });
    this.#watch = setInterval(() => this.#lookAfter(), watchTickMs);
    this.#watch.unref();
  }

  get role(): string | null {
    return this.#role.current;
  }

  get running(): Promise<void> | null {
    return this.#exchanges[0]?.told ?? null;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isClean(): boolean {
    return this.#exchanges.length === 0 && this.#cancelling === null && !this.#inTransaction;
  }

  run(statement: BoundStatement, role: string, signal: Cancellation): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (this.#exchanges.length > 0) throw new Error('A connection runs one request at a time.');
      this.#send(this.#messageOf(statement, role), (outcome) => {
        if (outcome.kind === 'DONE') resolve(outcome.rows);
        else if (signal.aborted) reject(abortReason(signal));
        else reject(this.#failureOf(outcome.error, statement));
      });
    });
  }

  mayFollow(text: string, role: string): boolean {
    return (
      this.#isOpen &&
      this.#unsettled === 0 &&
      this.#cancelling === null &&
      this.#role.current === role &&
      this.#names.has(text)
    );
  }

  send(statement: BoundStatement, role: string, tell: (outcome: Outcome) => void): void {
    if (this.#exchanges.length > 0 && !this.mayFollow(statement.text, role)) {
      throw new Error('This statement may not follow others.');
    }
    this.#gather();
    this.#send(this.#messageOf(statement, role), (outcome) => {
      if (outcome.kind !== 'FAILED') tell(outcome);
      else tell({ kind: 'FAILED', error: this.#failureOf(outcome.error, statement) });
    });
  }

  cancel(): void {
    if (this.#exchanges.length > 0) this.#cancelling ??= this.#cancelAll();
  }

  async clean(): Promise<void> {
    this.cancel();
    while (this.running !== null) await this.running;
    if (this.#cancelling !== null) {
      // Ends the connection where a signal could still come.
      await this.#cancelling;
      // Otherwise the last one was sent before this is: it meets this barrier or nothing, but no later statement.
      await this.#runAlone('');
      this.#cancelling = null;
    }
    if (this.#inTransaction) await this.#runAlone('ROLLBACK');
    if (this.#inTransaction) await this.end();
  }

  async end(): Promise<void> {
    const { stream } = this.#client.connection;
    const isIdle = this.#isOpen && this.#exchanges.length === 0;
    this.#lose(new ConnectionLostError('It was ended.'));
    if (!isIdle) stream.destroy();
    const timer = setTimeout(() => stream.destroy(), endTimeoutMs);
    await this.#client.end();
    clearTimeout(timer);
  }

  get #inTransaction(): boolean {
    return this.#isOpen && this.#status !== idleStatus;
  }

  async #cancelAll(): Promise<void> {
    for (let [first] = this.#exchanges; first !== undefined; [first] = this.#exchanges) {
      await this.#cancelUntilAnswered(first);
    }
  }

  /** A signal that arrives before the backend has read the statement does nothing, so one may not be enough. */
  async #cancelUntilAnswered(exchange: Exchange): Promise<void> {
    for (let pauseMs = firstCancelPauseMs; this.#exchanges[0] === exchange; pauseMs *= 2) {
      const isSent = await requestCancel(this.#client, cancelTimeoutMs);
      if (!isSent || pauseMs > lastCancelPauseMs) {
        this.#destroy(new ConnectionLostError('Its statement could not be cancelled.'));
        return;
      }
      if (this.#exchanges[0] === exchange) await within(exchange.told, pauseMs);
    }
  }

  #messageOf({ text, values, once = false }: BoundStatement, role: string): Message {
    const { name, isNew } = once ? withoutName : this.#names.of(text);
    return {
      dropped: this.#names.takeDropped(),
      // The transaction's first statement set the role; once the transaction has failed, nothing but ROLLBACK runs.
      role: this.#inTransaction || this.#role.current === role ? null : role,
      name,
      text: isNew ? text : null,
      values: values.map(parameterText),
    };
  }

  #runAlone(text: string): Promise<Outcome> {
    return new Promise((resolve) => this.#send(unprepared(text), resolve));
  }

  #send(message: Message, tell: (outcome: Outcome) => void): void {
    if (!this.#isOpen) {
      tell({ kind: 'LOST', error: new ConnectionLostError('It has ended.') });
      return;
    }
    const isUnsettled = message.role !== null || message.text !== null;
    if (isUnsettled) this.#unsettled += 1;
    this.#exchanges.push(
      new Exchange((outcome) => {
        this.#exchanges.shift();
        if (isUnsettled) this.#unsettled -= 1;
        this.#follow(message, outcome);
        tell(outcome);
      }),
    );
    this.#client.connection.stream.write(encode(message));
  }

  /** Delays writes until all requests of this turn of the event loop are handled. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { stream } = this.#client.connection;
    stream.cork();
    setImmediate(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  #receive(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === readyForQuery) this.#status = bytes[start] ?? idleStatus;
    const [first] = this.#exchanges;
    if (first !== undefined) first.receive(type, bytes, start, end);
    // An error with no pending statement means the server is closing the connection.
    else if (type === errorResponse) {
      this.#destroy(new ConnectionLostError(serverError(bytes, start, end)));
    }
  }

  #follow({ role, text }: Message, outcome: Outcome): void {
    this.#role.follow(role, outcome.kind === 'DONE' ? outcome.tag : null, this.#inTransaction);
    // PostgreSQL may not have prepared it; to deallocate what is not there is no error.
    if (outcome.kind === 'FAILED' && text !== null) this.#names.forget(text);
    // A server that closes the connection still has to close the socket; no request may get the connection meanwhile.
    if (outcome.kind === 'LOST') this.#destroy(outcome.error);
  }

  #failureOf(error: Error, { text }: BoundStatement): Error {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== undefined && staleStatementCodes.has(code)) this.#names.forget(text);
    return code === queryCanceled ? requestErrors.timedOut() : error;
  }

  /** Ends the connection of a server that does not even report its own timeout. */
  #lookAfter(): void {
    const [first] = this.#exchanges;
    if (first === undefined) return;
    first.age += 1;
    // The first tick may have come at once.
    const ageMs = (first.age - 1) * watchTickMs;
    if (ageMs >= this.#options.statementTimeoutMs + watchdogGraceMs) {
      this.#destroy(requestErrors.timedOut());
    }
  }

  #destroy(error: Error): void {
    this.#lose(error);
    this.#client.connection.stream.destroy();
  }

  #lose(error: Error): void {
    const wasOpen = this.#isOpen;
    this.#isOpen = false;
    for (const exchange of [...this.#exchanges]) exchange.lose(error);
    if (!wasOpen) return;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#options.onEnd();
  }
}

const withoutName = { name: '', isNew: true };

function unprepared(text: string): Message {
  return { dropped: [], role: null, name: '', text, values: [] };
}
