import pg from 'pg';
import {
  lastNumbers,
  logStatements,
  projectNames,
  type LogStatements,
} from '../../engine/migrations.ts';
import type { Commit } from './changes.ts';
import { endOfCommit, type LogPosition } from './cursor.ts';
import { formerNames } from './present-names.ts';
import {
  createSystemVersions,
  OutdatedSystemTables,
  type SystemVersionsOptions,
} from './system-versions.ts';
import { readMarkers, readPage, type LogClient, type PageLimits } from './read-page.ts';

/** The changes after a position are not in the log anymore, or the position is of another log. */
export class CursorExpired extends Error {
  override readonly name = 'CursorExpired';

  constructor() {
    super('The position is not in the change log anymore.');
  }
}

/** The project has no change log: none of its models is live. */
export class NoChangeLog extends Error {
  override readonly name = 'NoChangeLog';

  constructor(cause: unknown) {
    super('The project has no change log.', { cause });
  }
}

export interface LogReading {
  readonly commits: readonly Commit[];
  /** The position after the last commit. */
  readonly end: LogPosition;
  /** Whether there are more changes than the limits allow. */
  readonly more: boolean;
  /** Whether transactions were running that have written to the log. Their changes can come at any time. */
  readonly pending: boolean;
}

export interface RetentionLimits {
  readonly ageSeconds: number;
  readonly bytes: number;
}

/** The content of a change log, without the changes that no one has read yet. */
export interface LogFigures {
  readonly bytes: number;
  /** The time of the first commit. Null if the log is empty. */
  readonly oldestAt: Date | null;
}

export interface ChangeLog {
  /**
   * Gives positions to the transactions that have become visible, and reads the commits after a position. With `null`,
   * it only returns the end of the log.
   * @throws CursorExpired, NoChangeLog, SystemVersionError, or the error of the database
   */
  read(ref: string, after: LogPosition | null, limits: PageLimits): Promise<LogReading>;
  /**
   * The last numbers that were drawn for changes, in one statement for up to 200 projects. The log of a project can only
   * have new changes if its number has moved. 0 before the first number, null if there is no log.
   */
  poll(refs: readonly string[]): Promise<ReadonlyMap<string, bigint | null>>;
  /**
   * Blanks what the log has about a row. Its key stays.
   * @param table the present name of the table
   * @param key by present column, in any format that PostgreSQL reads
   * @returns the number of changes, or null if a value is not one of its column
   */
  erase(ref: string, table: string, key: Readonly<Record<string, unknown>>): Promise<number | null>;
  /** @throws NoChangeLog, or the error of the database */
  figures(ref: string): Promise<LogFigures>;
  /** Deletes the oldest changes. @returns the number of deleted changes */
  trim(ref: string, limits: RetentionLimits): Promise<number>;
}

const maxPolled = 200;
/** The number of changes that one transaction deletes. */
const deletedAtOnce = 5_000;
/** Timeouts in milliseconds. A new epoch, erasing and very large transactions take the longer one. */
const timeouts = { read: 10_000, whole: 300_000 };

/** @param pool connections with the gateway's own role, because project roles have no access to the log */
export function createChangeLog(pool: pg.Pool, options: SystemVersionsOptions = {}): ChangeLog {
  const versions = createSystemVersions(pool, options);

  /** Runs `work` in a transaction that has the lock of the log, with positions that are up to date. */
  async function withLog<Result>(
    ref: string,
    timeoutMs: number,
    work: (client: LogClient, log: Log) => Promise<Result>,
  ): Promise<Result> {
    const statements = logStatements(projectNames(ref).schema);
    const run = (ms: number) =>
      inTransaction(pool, ms, async (client) => {
        const assigned = await assignPositions(client, statements, (version) =>
          versions.admit(ref, version),
        );
        return work(client, { statements, ...assigned });
      });
    try {
      return await run(timeoutMs);
    } catch (error) {
      if (error instanceof OutdatedSystemTables) await versions.upgrade(ref);
      // The first reader after a transaction with very many changes goes through all of them.
      else if (!isTimeout(error) || timeoutMs === timeouts.whole) throw error;
      return run(timeouts.whole);
    }
  }

  async function read(
    ref: string,
    after: LogPosition | null,
    limits: PageLimits,
  ): Promise<LogReading> {
    return withLog(ref, timeouts.read, async (client, { statements, state, pending }) => {
      const position = (pos: bigint, seq: bigint) => ({ epoch: state.epoch, pos, seq });
      if (after === null) {
        return { commits: [], end: position(state.lastPos, endOfCommit), more: false, pending };
      }
      if (isExpired(after, state)) throw new CursorExpired();
      const { commits, end } = await readPage(client, statements, after, limits);
      if (end === null) {
        return { commits, end: position(state.lastPos, endOfCommit), more: false, pending };
      }
      const more = end.pos < state.lastPos || end.seq < endOfCommit;
      return { commits, end: position(end.pos, end.seq), more, pending };
    });
  }

  async function poll(refs: readonly string[]): Promise<ReadonlyMap<string, bigint | null>> {
    if (refs.length > maxPolled)
      throw new Error(`At most ${maxPolled} projects can be polled at once.`);
    const { rows } = await inTransaction(pool, timeouts.read, (client) =>
      client.query<{ ref: string; last: string | null }>(lastNumbers, [refs]),
    );
    return new Map(rows.map(({ ref, last }) => [ref, last === null ? null : BigInt(last)]));
  }

  async function erase(
    ref: string,
    table: string,
    key: Readonly<Record<string, unknown>>,
  ): Promise<number | null> {
    return withLog(ref, timeouts.whole, async (client, { statements }) => {
      const logged = await loggedKey(client, statements.keyOf(table), key);
      if (logged === null) return null;
      const markers = await readMarkers(client, statements, 0n);
      const { tables, keys } = formerNames(
        { table, key: logged },
        markers.map(({ marker }) => marker),
      );
      const { rows } = await client.query(statements.erase, [
        tables,
        keys.map((each) => JSON.stringify(each)),
      ]);
      return rows.length;
    });
  }

  async function trim(ref: string, { ageSeconds, bytes }: RetentionLimits): Promise<number> {
    const statements = logStatements(projectNames(ref).schema);
    await withLog(ref, timeouts.whole, (client) =>
      client.query(statements.shorten, [ageSeconds, bytes]),
    );
    let deleted = 0;
    for (;;) {
      const { rows } = await inTransaction(pool, timeouts.read, (client) =>
        client.query(statements.deleteChanges, [deletedAtOnce]),
      );
      deleted += rows.length;
      if (rows.length < deletedAtOnce) break;
    }
    await inTransaction(pool, timeouts.whole, (client) => client.query(statements.deleteCommits));
    return deleted;
  }

  async function figures(ref: string): Promise<LogFigures> {
    const statements = logStatements(projectNames(ref).schema);
    return inTransaction(pool, timeouts.read, async (client) => {
      const { rows } = await client.query<LogFigures>(statements.figures);
      const [row] = rows;
      if (row === undefined) throw new Error('The change log has no state.');
      return row;
    });
  }

  return { read, poll, erase, figures, trim };
}

/** Returns a key as the log has it, or null if a value is not one of its column: SQLSTATE class 22. */
async function loggedKey(
  client: LogClient,
  statement: string,
  key: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, string>> | null> {
  await client.query(
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'; SAVEPOINT logged_key",
  );
  try {
    const { rows } = await client.query<{ key: string | null }>(statement, [JSON.stringify(key)]);
    // The statement returns an object of texts.
    return JSON.parse(rows[0]?.key ?? '{}') as Readonly<Record<string, string>>;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code?.startsWith('22') !== true) throw error;
    await client.query('ROLLBACK TO SAVEPOINT logged_key');
    return null;
  }
}

interface LogState {
  readonly epoch: string;
  readonly lastPos: bigint;
  /** The last position whose changes were deleted. */
  readonly trimmedPos: bigint;
}

interface Assigned {
  readonly state: LogState;
  readonly pending: boolean;
}

interface Log extends Assigned {
  readonly statements: LogStatements;
}

/**
 * Takes the lock of the log until the end of the transaction, and brings the positions up to date.
 * @throws the errors of `admit`
 */
async function assignPositions(
  client: LogClient,
  statements: LogStatements,
  admit: (version: number | null) => void,
): Promise<Assigned> {
  const locked = await client.query<{ pending: boolean; version: number | null }>(statements.lock);
  admit(locked.rows[0]?.version ?? null);
  let row = await assign(client, statements);
  if (row.isForeign) {
    await client.query(`SET LOCAL statement_timeout = ${timeouts.whole}`);
    await client.query(statements.renew);
    row = await assign(client, statements);
  }
  const state: LogState = {
    epoch: row.epoch,
    lastPos: BigInt(row.last_pos),
    trimmedPos: BigInt(row.trimmed_pos),
  };
  return { state, pending: locked.rows[0]?.pending === true };
}

interface StateRow {
  readonly epoch: string;
  readonly isForeign: boolean;
  readonly last_pos: string;
  readonly trimmed_pos: string;
}

async function assign(client: LogClient, statements: LogStatements): Promise<StateRow> {
  const [row] = (await client.query<StateRow>(statements.assign)).rows;
  if (row === undefined) throw new Error('The change log has no state.');
  return row;
}

function isExpired({ epoch, pos, seq }: LogPosition, state: LogState): boolean {
  const isTrimmed = pos < state.trimmedPos || (pos === state.trimmedPos && seq < endOfCommit);
  return epoch !== state.epoch || pos > state.lastPos || (isTrimmed && state.trimmedPos > 0n);
}

/** The pool cancels statements after its own timeout, unless they have another one. */
const graceMs = 5_000;

/**
 * PostgreSQL does not know how few changes are new, and would read the whole log for them. In versions before 18, the
 * price of a sequential scan would start the JIT compiler.
 */
const begin =
  'BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL enable_seqscan = off; SET LOCAL jit = off';

/** Runs `work` in a transaction on a connection of the pool. @throws NoChangeLog */
async function inTransaction<Result>(
  pool: pg.Pool,
  timeoutMs: number,
  work: (client: LogClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken = false;
  // Without a listener, a connection that is lost between two statements would end the process. The next one fails.
  const ignore = () => undefined;
  client.on('error', ignore);
  try {
    await client.query(
      `${begin}; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL lock_timeout = ${timeoutMs}`,
    );
    const result = await work({
      query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
        // The types of `pg` lack this member.
        const timeout = { query_timeout: timeoutMs + graceMs };
        return client.query<Row>({ text, values: [...values], ...timeout });
      },
    });
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => (broken = true));
    throw isMissing(error) ? new NoChangeLog(error) : error;
  } finally {
    client.off('error', ignore);
    client.release(broken);
  }
}

/** The statement timeout was exceeded: SQLSTATE 57014. */
function isTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '57014';
}

/** Undefined table, function or schema: SQLSTATE 42P01, 42883, 3F000. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof pg.DatabaseError && ['42P01', '42883', '3F000'].includes(error.code ?? '')
  );
}
