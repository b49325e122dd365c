import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { createDatabaseClient, startSession } from './database-client.ts';

const database = useTestDatabase();

/** Starts a session and returns its settings. */
async function settingsOf(url: string): Promise<Record<string, unknown> | undefined> {
  const options = { connectionString: url, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 };
  const client = createDatabaseClient(options);
  try {
    await startSession(client, options);
    const { rows } = await client.query<Record<string, unknown>>(
      `SELECT current_setting('deadlock_timeout') AS deadlock, current_setting('jit') AS jit`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

/** Runs `work` with the URL of a role that is not a superuser. */
async function withUser(grant: string | null, work: (url: string) => Promise<void>) {
  const role = `user_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(database.url);
  url.username = role;
  url.password = 'secret';
  await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
  try {
    if (grant !== null) await database.pool.query(`${grant} TO ${role}`);
    await work(url.href);
  } finally {
    await database.pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
}

describe('a session', () => {
  it('detects deadlocks after 100 ms', async () => {
    expect(await settingsOf(database.url)).toEqual({ deadlock: '100ms', jit: 'off' });
  });

  it('keeps the setting of the server if its user cannot change it', async () => {
    await withUser(null, async (url) => {
      expect(await settingsOf(url)).toEqual({ deadlock: '1s', jit: 'off' });
    });
  });

  it('detects deadlocks after 100 ms if its user was granted the setting', async () => {
    await withUser('GRANT SET ON PARAMETER deadlock_timeout', async (url) => {
      expect(await settingsOf(url)).toEqual({ deadlock: '100ms', jit: 'off' });
    });
  });
});
