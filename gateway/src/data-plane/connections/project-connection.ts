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
import { ProjectRoleError } from '../projects/project-role-error.ts';
import {
  ConnectionLostError,
  Exchange,
  NotSentError,
  UnansweredError,
  withoutLimit,
  type Outcome,
  type ReserveRow,
} from './exchange.ts';
import { createRoleTracker, createStatementNames, type StatementNames } from './session-state.ts';
import { encode, parameterText, type Message } from './wire/encode.ts';
import { errorResponse, FrameReader, readyForQuery } from './wire/frame-reader.ts';
import { serverError } from './wire/server-error.ts';

export interface ProjectConnectionOptions extends DatabaseClientOptions {
  readonly maxStatements: number;
  /** Called once when the connection has ended for any reason. */
  readonly onEnd: () => void;
}

/** The request for which a statement runs. */
export interface StatementRequest {
  readonly signal: Cancellation;
  /** @default no limit */
  readonly reserveRow?: ReserveRow;
}

/** A connection to PostgreSQL. Its role stays set between statements. One project at a time uses it. */
export interface ProjectConnection {
  /** The role of the session, or null if it is not known for certain. */
  readonly role: string | null;
  /** True if no statement is running, no transaction is open and no cancellation is pending. */
  readonly isClean: boolean;
  readonly isOpen: boolean;
  /** Resolves when the response to the first running statement has arrived. Null if no statement is running. */
  readonly running: Promise<void> | null;
  /**
   * Runs a statement. Call it only if no other statement is running.
   * @param request if its signal is aborted, the signal's reason replaces the statement's error
   * @throws the same errors as `StatementRunner`, and those of `reserveRow`
   */
  run(statement: BoundStatement, role: string, request: StatementRequest): Promise<Rows>;
  /**
   * Reports whether a statement can be pipelined after those that are running. It must be prepared, the role must be
   * set, and no running statement can change either. The result then does not depend on the outcome of the other
   * statements.
   */
  mayFollow(text: string, role: string): boolean;
  /**
   * Sends a statement if no other statement is running, or pipelines it if `mayFollow` allows it. All statements from
   * one turn of the event loop are sent in one write.
   * @param tell called with the outcome; the errors are those of `StatementRunner.run`
   */
  send(
    statement: BoundStatement,
    role: string,
    reserveRow: ReserveRow,
    tell: (outcome: Outcome) => void,
  ): void;
  /** Asks the server to cancel all running statements. Does nothing if there are none. */
  cancel(): void;
  /**
   * Cancels running statements and rolls back an open transaction, or ends the connection. Completes within a bounded
   * time.
   */
  clean(): Promise<void>;
  /** Sets the role again before the next statement of this role. */
  forgetRole(role: string): void;
  /** Closes the connection. */
  end(): Promise<void>;
}

/** How long after the server's statement timeout the watchdog closes a connection whose server is not responding. */
const watchdogGraceMs = 2_000;
/** Interval of the watchdog. There is one timer per connection, because one per statement is more expensive. */
const watchTickMs = 500;
const cancelTimeoutMs = 2_000;
const firstCancelPauseMs = 5;
const lastCancelPauseMs = 1_000;
const endTimeoutMs = 1_000;
/** If the server announces more bytes of refused rows than this, the connection is closed instead of reading them. */
const maxDiscardedBytes = 8 * 1024 * 1024;
/** SQLSTATE of a statement that was cancelled by the timeout or by a cancel request. */
const queryCanceled = '57014';

/** SQLSTATE codes after which a prepared statement may no longer match the tables. */
const staleStatementCodes: ReadonlySet<string> = new Set([
  '0A000', // feature_not_supported: "cached plan must not change result type"
  '26000', // invalid_sql_statement_name
  '42P01', // undefined_table
  '42703', // undefined_column
  '42883', // undefined_function
  '3F000', // invalid_schema_name
]);

/** Opens a connection. @throws ConnectionLostError, or the server's error if it refused the connection */
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

/** Transaction status in ReadyForQuery (manual, 54.7): no transaction is open. */
const idleStatus = 0x49; // I

/**
 * `pg.Client` opens the connection. After that, this class reads and writes the messages itself, which takes a third of
 * the time per statement that `pg.Client` needs.
 */
class Connection implements ProjectConnection {
  readonly #client: pg.Client;
  readonly #options: ProjectConnectionOptions;
  readonly #names: StatementNames;
  readonly #role = createRoleTracker();
  readonly #frames = new FrameReader(
    (...frame) => this.#receive(...frame),
    (type, bytes) => this.#admits(type, bytes),
  );
  #isOpen = true;
  #status = idleStatus;
  #watch: NodeJS.Timeout | null = null;
  /** The running statements, in the order in which they were sent. The server is executing the first one. */
  readonly #exchanges: Exchange[] = [];
  /** Number of exchanges that can change the role or the prepared statements. */
  #unsettled = 0;
  #isGathering = false;
  #cancelling: Promise<void> | null = null;

  constructor(client: pg.Client, options: ProjectConnectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#names = createStatementNames(options.maxStatements);
    client.on('error', (error) => this.#lose(new ConnectionLostError(error)));
    client.on('end', () =>
      this.#lose(new ConnectionLostError('PostgreSQL closed the connection.')),
    );
  }

  /** Reads all further messages in place of the client. Call this after the client has run its last statement. */
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

  run(
    statement: BoundStatement,
    role: string,
    { signal, reserveRow = withoutLimit }: StatementRequest,
  ): Promise<Rows> {
    return new Promise((resolve, reject) => {
      if (this.#exchanges.length > 0)
        throw new Error('A connection can run only one statement at a time.');
      this.#send(this.#messageOf(statement, role), reserveRow, (outcome) => {
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

  send(
    statement: BoundStatement,
    role: string,
    reserveRow: ReserveRow,
    tell: (outcome: Outcome) => void,
  ): void {
    if (this.#exchanges.length > 0 && !this.mayFollow(statement.text, role)) {
      throw new Error('This statement cannot be pipelined.');
    }
    this.#gather();
    this.#send(this.#messageOf(statement, role), reserveRow, (outcome) => {
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
      // Ends the connection if a cancel signal could still arrive.
      await this.#cancelling;
      // Otherwise, the last cancel signal was sent before this empty statement, so it can reach this statement but no
      // later one.
      await this.#runAlone('');
      this.#cancelling = null;
    }
    if (this.#inTransaction) await this.#runAlone('ROLLBACK');
    if (this.#inTransaction) await this.end();
  }

  forgetRole(role: string): void {
    if (this.#role.current === role) this.#role.forget();
  }

  async end(): Promise<void> {
    const { stream } = this.#client.connection;
    const isIdle = this.#isOpen && this.#exchanges.length === 0;
    this.#lose(new ConnectionLostError('The connection was closed.'));
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

  /**
   * A cancel signal has no effect if it arrives before the backend has read the statement, so several signals might be
   * necessary.
   */
  async #cancelUntilAnswered(exchange: Exchange): Promise<void> {
    for (let pauseMs = firstCancelPauseMs; this.#exchanges[0] === exchange; pauseMs *= 2) {
      const isSent = await requestCancel(this.#client, cancelTimeoutMs);
      if (!isSent || pauseMs > lastCancelPauseMs) {
        this.#destroy(new ConnectionLostError('The running statement could not be cancelled.'));
        return;
      }
      if (this.#exchanges[0] === exchange) await within(exchange.told, pauseMs);
    }
  }

  #messageOf({ text, values, once = false }: BoundStatement, role: string): Message {
    const { name, isNew } = once ? withoutName : this.#names.of(text);
    return {
      dropped: this.#names.takeDropped(),
      // The first statement of a transaction set the role. After a failure, only ROLLBACK runs in the transaction.
      role: this.#inTransaction || this.#role.current === role ? null : role,
      name,
      text: isNew ? text : null,
      values: values.map(parameterText),
    };
  }

  #runAlone(text: string): Promise<Outcome> {
    return new Promise((resolve) => this.#send(unprepared(text), withoutLimit, resolve));
  }

  #send(message: Message, reserveRow: ReserveRow, tell: (outcome: Outcome) => void): void {
    if (!this.#isOpen) {
      tell({ kind: 'LOST', error: new NotSentError('The connection is already closed.') });
      return;
    }
    const isUnsettled = message.role !== null || message.text !== null;
    if (isUnsettled) this.#unsettled += 1;
    const settle = (outcome: Outcome): void => {
      this.#exchanges.shift();
      if (isUnsettled) this.#unsettled -= 1;
      this.#follow(message, outcome);
      tell(message.role === null || exchange.tag !== '' ? outcome : roleOutcome(outcome));
    };
    const exchange = new Exchange(settle, reserveRow);
    this.#exchanges.push(exchange);
    this.#client.connection.stream.write(encode(message));
  }

  /** Delays writes until all requests from this turn of the event loop have been handled. */
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

  /** Closes the connection if it would otherwise have to read much that no statement needs. */
  #admits(type: number, bytes: number): boolean {
    const [first] = this.#exchanges;
    if (first === undefined || first.admits(type, bytes)) return true;
    const { refusal } = first;
    const isAlone = this.#exchanges.length === 1;
    if (refusal !== null && refusal.bytes > maxDiscardedBytes && isAlone) {
      this.#destroy(refusal.error);
    }
    return false;
  }

  #receive(type: number, bytes: Buffer, start: number, end: number): void {
    if (type === readyForQuery) this.#status = bytes[start] ?? idleStatus;
    const [first] = this.#exchanges;
    if (first !== undefined) first.receive(type, bytes, start, end);
    // An error while no statement is pending means that the server is closing the connection.
    else if (type === errorResponse) {
      this.#destroy(new ConnectionLostError(serverError(bytes, start, end)));
    }
  }

  #follow({ role, text }: Message, outcome: Outcome): void {
    this.#role.follow(role, outcome.kind === 'DONE' ? outcome.tag : null, this.#inTransaction);
    // PostgreSQL might not have prepared the statement. Deallocating an unknown name is not an error.
    if (outcome.kind === 'FAILED' && text !== null) this.#names.forget(text);
    // The server closes the socket some time after it ends the session. Until then, no request must be given this
    // connection.
    if (outcome.kind === 'LOST') this.#destroy(outcome.error);
  }

  #failureOf(error: Error, { text }: BoundStatement): Error {
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== undefined && staleStatementCodes.has(code)) this.#names.forget(text);
    return code === queryCanceled ? requestErrors.timedOut() : error;
  }

  /** Closes the connection if the server does not respond, even after its own statement timeout. */
  #lookAfter(): void {
    const [first] = this.#exchanges;
    if (first === undefined) return;
    first.age += 1;
    // The first tick might come immediately after the statement was sent.
    const ageMs = (first.age - 1) * watchTickMs;
    if (ageMs >= this.#options.statementTimeoutMs + watchdogGraceMs) {
      this.#destroy(new UnansweredError('The server did not answer in time.'));
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

/** SQLSTATEs of a failed SET ROLE: PostgreSQL reports a role that does not exist as an invalid parameter value. */
const roleFailures: ReadonlySet<string> = new Set([
  '22023', // invalid_parameter_value
  '42501', // insufficient_privilege
  '42704', // undefined_object
]);

/** Translates the outcome of a message whose SET ROLE has not completed. */
function roleOutcome(outcome: Outcome): Outcome {
  if (outcome.kind !== 'FAILED' || !(outcome.error instanceof pg.DatabaseError)) return outcome;
  const { code, message } = outcome.error;
  if (code === undefined || !roleFailures.has(code)) return outcome;
  const error = new ProjectRoleError(`PostgreSQL did not set the project's role: ${message}`, {
    cause: outcome.error,
  });
  return { kind: 'FAILED', error };
}

const withoutName = { name: '', isNew: true };

function unprepared(text: string): Message {
  return { dropped: [], role: null, name: '', text, values: [] };
}
