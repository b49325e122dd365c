import { randomUUID } from 'node:crypto';
import pg from 'pg';

const rounds = 3;
const timeoutMs = 10_000;

/**
 * Whether each connection has a server session of its own for as long as it is open. A pooler in transaction or
 * statement mode gives a connection another session for each transaction, so notifications and roles are lost without
 * an error.
 *
 * Two connections are compared several times, because a pooler usually, but not always, assigns the session that was
 * used last.
 * @throws the error of the driver or of PostgreSQL if the database cannot be reached
 */
export async function keepsSessions(connectionString: string): Promise<boolean> {
  const [first, second] = [connectionTo(connectionString), connectionTo(connectionString)];
  try {
    await first.connect();
    await second.connect();
    for (let round = 0; round < rounds; round += 1) {
      if (!(await keepsSession(first, second))) return false;
    }
    return true;
  } finally {
    await Promise.allSettled([first.end(), second.end()]);
  }
}

function connectionTo(connectionString: string): pg.Client {
  const client = new pg.Client({
    connectionString,
    application_name: 'tessera-start',
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  // If the connection is lost, the running query also rejects, and that error is handled.
  client.on('error', () => undefined);
  return client;
}

interface SessionState {
  readonly pid: number;
  readonly mark: string | null;
}

async function keepsSession(first: pg.Client, second: pg.Client): Promise<boolean> {
  const mark = randomUUID();
  await first.query(`SET tessera.session TO '${mark}'`);
  const own = await stateOf(first);
  if (!(await begins(second))) return false;
  // The transaction occupies the session of `second`, so a pooler has to use another one for `first`.
  const other = await stateOf(second);
  if (other.pid === own.pid) return false;
  const later = await stateOf(first);
  await second.query('ROLLBACK');
  return own.mark === mark && later.mark === mark && later.pid === own.pid;
}

/** False for a pooler in statement mode, which refuses transactions (SQLSTATE 08P01, protocol_violation). */
async function begins(client: pg.Client): Promise<boolean> {
  try {
    await client.query('BEGIN');
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '08P01') return false;
    throw error;
  }
}

async function stateOf(client: pg.Client): Promise<SessionState> {
  const { rows } = await client.query<SessionState>(
    `SELECT pg_backend_pid() AS pid, current_setting('tessera.session', true) AS mark`,
  );
  const [state] = rows;
  if (state === undefined) throw new Error('Expected one row.');
  return state;
}
