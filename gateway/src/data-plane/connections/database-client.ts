import pg from 'pg';

export interface DatabaseClientOptions {
  readonly connectionString: string;
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
}

/**
 * Creates the client that establishes the connection, including TLS and password authentication. Call `startSession`
 * next.
 */
export function createDatabaseClient(options: DatabaseClientOptions): pg.Client {
  return new pg.Client({
    connectionString: options.connectionString,
    application_name: 'tessera-projects',
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
  });
}

/** Connects and applies the session's settings. */
export async function startSession(
  client: pg.Client,
  { statementTimeoutMs }: DatabaseClientOptions,
): Promise<void> {
  await client.connect();
  await client.query(sessionSettings(statementTimeoutMs));
}

/**
 * Returns the SQL that applies the session's settings. PostgreSQL writes the JSON in responses, so these settings
 * determine its format. SQL is used because options in the connection string would override options of `pg.Client`.
 */
function sessionSettings(statementTimeoutMs: number): string {
  const settings = {
    // JIT compilation would take longer than most of these statements. The embedded cluster has the same setting.
    jit: 'off',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs),
  };
  const statements = Object.entries(settings).map(
    ([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)}`,
  );
  return [...statements, quickDeadlocks].join('; ');
}

/**
 * PostgreSQL looks for a deadlock after a second by default. The transactions here take milliseconds. The setting needs
 * a privilege, which superusers have and others can be granted: see docs/reference/postgresql.md.
 */
const quickDeadlocks = `DO $$ BEGIN
  IF has_parameter_privilege('deadlock_timeout', 'SET') THEN SET deadlock_timeout = '100ms'; END IF;
END $$`;

/** Members of `pg.Connection` and `pg.Client` that @types/pg does not declare. */
interface CancelConnection {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}
interface BackendKey {
  readonly processID: number;
  readonly secretKey: number;
}

/**
 * Asks PostgreSQL to cancel a connection's running statement (manual, 54.2.8). The request needs a second connection,
 * with the same encryption as the client's.
 * @returns true once the server has closed the second connection, which means that the signal has been sent to the
 * backend. False if this is unknown, so that the signal could still arrive at any time.
 */
export function requestCancel(client: pg.Client, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = new pg.Connection({ ssl: client.ssl });
    // `pg.Client` itself calls these methods. See node_modules/pg/lib/client.js.
    const cancelling = connection as unknown as CancelConnection;
    const { processID, secretKey } = client as unknown as BackendKey;
    let sent = false;
    const end = (closedByServer: boolean) => {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve(closedByServer && sent);
    };
    const timer = setTimeout(() => end(false), timeoutMs);
    const send = () => {
      cancelling.cancel(processID, secretKey);
      sent = true;
    };
    connection.on('connect', client.ssl ? () => cancelling.requestSsl() : send);
    connection.on('sslconnect', send);
    connection.on('error', () => end(false));
    connection.on('end', () => end(true));
    const { host, port } = client;
    if (host.startsWith('/')) cancelling.connect(`${host}/.s.PGSQL.${port}`);
    else cancelling.connect(port, host);
  });
}
