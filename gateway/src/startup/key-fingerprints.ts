import { createHmac } from 'node:crypto';
import { keyNames, type KeyName } from '../config.ts';
import type { Db } from '../platform/db/database.ts';
import type { Logger } from '../platform/telemetry/logger.ts';
import { StartError } from './start-error.ts';

export interface KeyCheck {
  readonly db: Db;
  readonly keys: Readonly<Record<KeyName, Uint8Array>>;
  /** The keys that may differ from those of earlier starts. */
  readonly accepted: readonly KeyName[];
  readonly logger: Logger;
}

const effects: Readonly<Record<KeyName, string>> = {
  ACCESS_TOKEN_KEY: 'access tokens become invalid',
  REFRESH_TOKEN_KEY: 'all users are signed out',
  PASSWORD_PEPPER: 'all users must reset their passwords',
};

/**
 * Compares the keys with their fingerprints in the database, which the first start stores. Without this check, a
 * gateway with new keys and an old database would start and reject every password.
 * @throws StartError if a key has changed and is not accepted
 */
export async function checkKeys({ db, keys, accepted, logger }: KeyCheck): Promise<void> {
  const current = keyNames.map((name) => ({ name, fingerprint: fingerprintOf(name, keys[name]) }));
  // If several gateways start for the first time, each compares its keys with those that were stored first.
  await db.keyFingerprint.createMany({ data: current, skipDuplicates: true });
  const stored = new Map(
    (await db.keyFingerprint.findMany()).map((row) => [row.name, row.fingerprint]),
  );
  const changed = current.filter(
    ({ name, fingerprint }) => !fingerprint.equals(stored.get(name) ?? new Uint8Array()),
  );
  const refused = changed.filter(({ name }) => !accepted.includes(name));
  if (refused.length > 0) throw new StartError(explanation(refused.map(({ name }) => name)));
  for (const { name, fingerprint } of changed) {
    const data = { fingerprint, storedAt: new Date() };
    await db.keyFingerprint.update({ where: { name }, data });
    logger.warn(`A new ${name} was accepted: ${effects[name]}. Remove it from ACCEPT_NEW_KEYS.`);
  }
}

/** Returns 16 bytes that depend on the key, which has at least 256 random bits, and do not reveal it. */
function fingerprintOf(name: KeyName, key: Uint8Array): Buffer<ArrayBuffer> {
  const digest = createHmac('sha256', key).update(`tessera key fingerprint: ${name}`).digest();
  return Buffer.from(digest.subarray(0, 16));
}

function explanation(names: readonly KeyName[]): string {
  return (
    `The database was used with another ${names.join(', ')}. Restore the keys from a backup: the file .env or, if the ` +
    'keys were generated, the *.secret files in DATA_DIR. To continue with the new keys instead, start once with ' +
    `ACCEPT_NEW_KEYS=${names.join(',')}. Then ${names.map((name) => effects[name]).join(', and ')}.`
  );
}
