import pg from 'pg';

/** What @types/pg leaves out of `pg.Connection` and `pg.Client`. */
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
 * Asks PostgreSQL to cancel what a connection runs (manual, 54.2.8). It takes a connection of its own, as
 * encrypted as the client's.
 *
 * @returns true once the server has closed it: by then the signal is on its way to the backend. False where
 *   that is not known, so that a signal could still come at any time.
 */
export function requestCancel(client: pg.Client, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = new pg.Connection({ ssl: client.ssl });
    // `pg.Client` itself calls these; see node_modules/pg/lib/client.js.
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
