import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../test/database.ts';
import { keyNames, type KeyName } from '../config.ts';
import { createDatabase, type Database } from '../platform/db/database.ts';
import { checkKeys } from './key-fingerprints.ts';

const place = useTestDatabase();
const logger = pino({ level: 'silent' });
let database: Database;

beforeAll(() => {
  const options = { poolSize: 2, applicationName: 'test', logger };
  database = createDatabase({ connectionString: place.url, ...options });
});

afterAll(() => database.close());

const newKeys = () => ({
  ACCESS_TOKEN_KEY: randomBytes(32),
  REFRESH_TOKEN_KEY: randomBytes(32),
  PASSWORD_PEPPER: randomBytes(32),
});

const start = (keys: Record<KeyName, Uint8Array>, accepted: readonly KeyName[] = []) =>
  checkKeys({ db: database.prisma, keys, accepted, logger });

describe('the keys of a start', () => {
  const first = newKeys();

  beforeEach(async () => {
    await place.pool.query('DELETE FROM tessera.key_fingerprints');
    await start(first);
  });

  it('can be the same every time', async () => {
    await start(first);
    const stored = await place.pool.query<{ name: string; bytes: number }>(
      'SELECT name, length(fingerprint) AS bytes FROM tessera.key_fingerprints',
    );
    expect(stored.rows).toHaveLength(keyNames.length);
    expect(stored.rows.every(({ bytes }) => bytes === 16)).toBe(true);
  });

  it.each(keyNames)('fail the start if %s has changed', async (name) => {
    const changed = { ...first, [name]: randomBytes(32) };
    const others = keyNames.filter((other) => other !== name);
    const message = `The database was used with another ${name}. Restore the keys from a backup`;
    await expect(start(changed)).rejects.toThrow(message);
    await expect(start(changed, others)).rejects.toThrow(message);
    await start(first);
  });

  it.each(keyNames)('are replaced if a new %s is accepted', async (name) => {
    const changed = { ...first, [name]: randomBytes(32) };
    await start(changed, [name]);
    await start(changed);
    await expect(start(first)).rejects.toThrow(`another ${name}. `);
  });

  it('are all listed in the message if all have changed', async () => {
    await expect(start(newKeys(), [])).rejects.toThrow(
      'start once with ACCEPT_NEW_KEYS=ACCESS_TOKEN_KEY,REFRESH_TOKEN_KEY,PASSWORD_PEPPER. ' +
        'Then access tokens become invalid, and all users are signed out, and all users must reset their passwords.',
    );
  });

  it('fail the start if two keys were exchanged', async () => {
    const { ACCESS_TOKEN_KEY: access, REFRESH_TOKEN_KEY: refresh } = first;
    const exchanged = { ...first, ACCESS_TOKEN_KEY: refresh, REFRESH_TOKEN_KEY: access };
    await expect(start(exchanged)).rejects.toThrow('another ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY.');
  });

  it('are compared with those that were stored first if two gateways start at once', async () => {
    await place.pool.query('DELETE FROM tessera.key_fingerprints');
    const results = await Promise.allSettled([start(newKeys()), start(newKeys())]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
