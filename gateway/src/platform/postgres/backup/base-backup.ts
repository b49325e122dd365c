import { PassThrough, type Readable } from 'node:stream';
import pg from 'pg';
import { BackupError } from './backup-error.ts';

/**
 * Copies a running cluster with the replication protocol (PostgreSQL manual, 54.4, BASE_BACKUP). The copy contains the
 * WAL that it needs to become consistent, so it includes everything that was committed before the call.
 * @returns the data folder as a tar archive. An error of the server destroys the stream.
 */
export function streamBaseBackup(connectionString: string): Readable {
  const output = new PassThrough();
  void copyTo(output, connectionString).catch((error: unknown) =>
    output.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return output;
}

/** Needs no manifest, because the archive that contains the copy has checksums. */
const command = `BASE_BACKUP (LABEL 'tessera', CHECKPOINT 'fast', WAL true, MANIFEST 'no')`;

async function copyTo(output: PassThrough, connectionString: string): Promise<void> {
  const options = { connectionString, application_name: 'tessera-backup', replication: 'true' };
  const client = new pg.Client(options);
  // If the connection is lost, the running command also fails.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await new Promise<void>((resolve, reject) => {
      const failed = (error: Error) => reject(error);
      client.once('end', () => failed(new Error('PostgreSQL closed the connection.')));
      client.query(new BaseBackup(output, resolve, failed));
    });
    output.end();
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The first byte of a CopyData message. */
const newArchive = 'n';
const content = 'd';

/** Receives the response to BASE_BACKUP. Of the methods that `pg.Client` calls, only those that do something matter. */
class BaseBackup implements pg.Submittable {
  readonly #output: PassThrough;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;
  #stream: pg.Connection['stream'] | null = null;
  #archives = 0;
  #isPaused = false;

  constructor(output: PassThrough, resolve: () => void, reject: (error: Error) => void) {
    this.#output = output;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    this.#stream = connection.stream;
    // `pg.Client` itself calls this method. See node_modules/pg/lib/client.js.
    (connection as unknown as { query(text: string): void }).query(command);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    const kind = String.fromCharCode(chunk[0] ?? 0);
    if (kind === newArchive && ++this.#archives > 1) {
      this.#reject(new BackupError('A cluster with tablespaces cannot be backed up.'));
    }
    if (kind !== content || this.#archives !== 1) return;
    // The driver reuses the buffer of the message.
    if (this.#output.write(Buffer.from(chunk.subarray(1))) || this.#isPaused) return;
    // The messages that have already arrived are still passed on.
    this.#isPaused = true;
    this.#stream?.pause();
    this.#output.once('drain', () => {
      this.#isPaused = false;
      this.#stream?.resume();
    });
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
