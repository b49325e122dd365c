import pg from 'pg';
import { errors } from '../../../platform/errors/errors.ts';
import { within } from '../../../platform/postgres/within.ts';
import type { BoundStatement, Rows } from '../runner.ts';
import { requestCancel } from './cancel-request.ts';
import { ConnectionLostError } from './connection-lost-error.ts';
import { Exchange, type Message, type Outcome } from './exchange.ts';
import { createHeldRole } from './held-role.ts';
import { parameterText } from './parameter-text.ts';
import { createStatementNames, type StatementNames } from './statement-names.ts';

export interface ProjectConnectionOptions {
  readonly connectionString: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  readonly maxStatements: number;
  /** Called once, when the connection has ended, for whatever reason. */
  readonly onEnd: () => void;
}

/** A connection to PostgreSQL that keeps the role it last had. One request at a time uses it. */
export interface ProjectConnection {
  /** The role it has for certain; null where that is not known. */
  readonly role: string | null;
  /** Nothing runs, no transaction is open, nothing is about to be cancelled. */
  readonly isClean: boolean;
  readonly isOpen: boolean;
  /** Settles when what runs has been answered; null when nothing runs. */
  readonly running: Promise<unknown> | null;
  /** Only when nothing runs. @throws as `StatementRunner` */
  run(statement: BoundStatement, role: string): Promise<Rows>;
  /** Asks the server to cancel what runs; does nothing when nothing does. */
  cancel(): void;
  /** Makes it fit for the next request, or ends it. Bounded in time. */
  clean(): Promise<void>;
  /** Says goodbye to the server. */
  end(): Promise<void>;
}

/** Ours is later than the server's timeout by this: for a server that does not even answer that it gave up. */
const watchdogGraceMs = 2_000;
const cancelTimeoutMs = 2_000;
const firstCancelPauseMs = 5;
const lastCancelPauseMs = 1_000;
const endTimeoutMs = 1_000;
/** SQLSTATE of a statement that the timeout, or a cancel request, has ended. */
const queryCanceled = '57014';

/** After these a prepared statement does not stand on the tables as they are now. */
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
  const client = new pg.Client({
    connectionString: options.connectionString,
    application_name: 'tessera-projects',
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
  });
  const connection = new Connection(client, options);
  try {
    await client.connect();
    await client.query(sessionSettings(options.statementTimeoutMs));
  } catch (error) {
    await connection.end();
    throw error;
  }
  return connection;
}

/**
 * Answers are written by the server, so these decide what they look like. Set here, since what the connection
 * string says would override what `pg.Client` is told.
 */
function sessionSettings(statementTimeoutMs: number): string {
  const settings = {
    // Compiling takes longer than most of these statements; see also the embedded cluster's settings.
    jit: 'off',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs),
  };
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)}`)
    .join('; ');
}

class Connection implements ProjectConnection {
  readonly #client: pg.Client;
  readonly #options: ProjectConnectionOptions;
  readonly #names: StatementNames;
  readonly #role = createHeldRole();
  #isOpen = true;
  #exchange: Exchange | null = null;
  #answered: Promise<unknown> = Promise.resolve();
  #cancelling: Promise<void> | null = null;

  constructor(client: pg.Client, options: ProjectConnectionOptions) {
    this.#client = client;
    this.#options = options;
    this.#names = createStatementNames(options.maxStatements);
    client.on('error', (error) => this.#lose(new ConnectionLostError(error)));
    client.on('end', () => this.#lose(new ConnectionLostError('PostgreSQL closed it.')));
  }

  get role(): string | null {
    return this.#role.current;
  }

  get running(): Promise<unknown> | null {
    return this.#exchange === null ? null : this.#answered;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isClean(): boolean {
    return this.#exchange === null && this.#cancelling === null && !this.#inTransaction;
  }

  async run(statement: BoundStatement, role: string): Promise<Rows> {
    if (this.#exchange !== null) throw new Error('A connection runs one statement at a time.');
    const outcome = await this.#send(this.#messageOf(statement, role));
    if (outcome.kind === 'DONE') return outcome.rows;
    const { error } = outcome;
    const code = error instanceof pg.DatabaseError ? error.code : undefined;
    if (code !== undefined && staleStatementCodes.has(code)) this.#names.forget(statement.text);
    throw code === queryCanceled ? errors.requestTimedOut() : error;
  }

  cancel(): void {
    if (this.#exchange !== null) this.#cancelling ??= this.#cancelUntilAnswered();
  }

  async clean(): Promise<void> {
    this.cancel();
    while (this.running !== null) await this.running;
    if (this.#cancelling !== null) {
      // Ends the connection where a signal could still come.
      await this.#cancelling;
      // Otherwise the last one was sent before this is: it meets this barrier or nothing, but no later statement.
      await this.#send(unprepared(''));
      this.#cancelling = null;
    }
    if (this.#inTransaction) await this.#send(unprepared('ROLLBACK'));
    if (this.#inTransaction) await this.end();
  }

  async end(): Promise<void> {
    const { stream } = this.#client.connection;
    const isIdle = this.#isOpen && this.#exchange === null;
    this.#lose(new ConnectionLostError('It was ended.'));
    if (!isIdle) stream.destroy();
    const timer = setTimeout(() => stream.destroy(), endTimeoutMs);
    await this.#client.end();
    clearTimeout(timer);
  }

  get #inTransaction(): boolean {
    return this.#isOpen && this.#client.getTransactionStatus() !== 'I';
  }

  /** A signal that comes before the backend has read the statement does nothing, so one may not be enough. */
  async #cancelUntilAnswered(): Promise<void> {
    for (let pauseMs = firstCancelPauseMs; this.#exchange !== null; pauseMs *= 2) {
      const isSent = await requestCancel(this.#client, cancelTimeoutMs);
      if (!isSent || pauseMs > lastCancelPauseMs) {
        this.#destroy(new ConnectionLostError('Its statement could not be cancelled.'));
        return;
      }
      await within(this.#answered, pauseMs);
    }
  }

  #messageOf({ text, values, once = false }: BoundStatement, role: string): Message {
    const { name, isNew } = once ? withoutName : this.#names.of(text);
    return {
      dropped: this.#names.takeDropped(),
      // Whoever opened the transaction took the role; once it has failed, nothing but ROLLBACK runs.
      role: this.#inTransaction || this.#role.current === role ? null : role,
      name,
      text: isNew ? text : null,
      values: values.map(parameterText),
    };
  }

  #send(message: Message): Promise<Outcome> {
    if (!this.#isOpen) {
      return Promise.resolve({ kind: 'LOST', error: new ConnectionLostError('It has ended.') });
    }
    const answered = new Promise<Outcome>((resolve) => {
      const watchdog = setTimeout(
        () => this.#destroy(errors.requestTimedOut()),
        this.#options.statementTimeoutMs + watchdogGraceMs,
      );
      this.#exchange = new Exchange(message, (outcome) => {
        clearTimeout(watchdog);
        this.#exchange = null;
        this.#follow(message, outcome);
        resolve(outcome);
      });
      this.#client.query(this.#exchange);
    });
    this.#answered = answered;
    return answered;
  }

  #follow({ role, text }: Message, outcome: Outcome): void {
    this.#role.follow(role, outcome.kind === 'DONE' ? outcome.tag : null, this.#inTransaction);
    // PostgreSQL may not have prepared it; to deallocate what is not there is no error.
    if (outcome.kind === 'FAILED' && text !== null) this.#names.forget(text);
    // A server that says goodbye still has to close the socket; nobody may have the connection meanwhile.
    if (outcome.kind === 'LOST') this.#destroy(outcome.error);
  }

  #destroy(error: Error): void {
    this.#lose(error);
    this.#client.connection.stream.destroy();
  }

  #lose(error: Error): void {
    this.#exchange?.lose(error);
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.onEnd();
  }
}

const withoutName = { name: '', isNew: true };

function unprepared(text: string): Message {
  return { dropped: [], role: null, name: '', text, values: [] };
}
