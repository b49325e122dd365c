import { hash } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import type { ApiKeyViewer } from '../access/viewer.ts';
import { createRevocableCache } from '../../platform/cache/revocable-cache.ts';
import type { Clock } from '../../platform/clock.ts';
import { parseApiKey } from './api-key-format.ts';
import { createBoundedWork } from '../../platform/bounded-work.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import { findKey, isActive, type ApiKeyRecord } from './api-key-record.ts';

/** Written by the triggers of migration 0001 too: every change of a key or its project tells its hash. */
const channel = 'api_keys';
const keptKeys = 10_000;
const keptForMs = 30_000;

/** Look-ups at a time: half of the default pool, so that a flood of unknown keys leaves the rest to others. */
const lookUpLimits = { concurrency: 5, maxWaiting: 1_000, maxWaitMs: 2_000 };

export interface VerifiedKeys {
  /**
   * Who calls with this key; null for a text that is no key, and for a key that is unknown, revoked or
   * expired. At once where that is known; a mistyped key is refused by its checksum, without a look-up.
   * @throws RequestError `OVERLOADED` when too many keys wait to be looked up
   */
  authenticate(text: string): ApiKeyViewer | null | Promise<ApiKeyViewer | null>;
  /** The key with which `authenticate` let this viewer in, as it was known then. No query. */
  recordOf(viewer: ApiKeyViewer): ApiKeyRecord | null;
  /** Drops a key here, ahead of the notification: who changed a key sees it at once on this instance. */
  forget(keyId: string): void;
  close(): void;
}

interface VerifiedKey {
  readonly viewer: ApiKeyViewer;
  readonly record: ApiKeyRecord;
}

interface VerifiedKeysDependencies {
  readonly db: Db;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

/**
 * Verifies API keys against their hashes, and keeps what it found for 30 seconds at most: a change of
 * a key or of its project drops it on every instance at once. Whether a kept key is expired is asked
 * anew each time.
 */
export function createVerifiedKeys({ db, pubsub, clock }: VerifiedKeysDependencies): VerifiedKeys {
  const lookUp = createBoundedWork(lookUpLimits);
  const records = new WeakMap<ApiKeyViewer, ApiKeyRecord>();
  const hashes = new LRUCache<string, string>({ max: keptKeys });

  // A client that keeps trying a dead key costs no query. That is safe to keep even unrevoked: a key is made
  // of 256 random bits, so nobody can have tried it before it exists.
  const unknown = new LRUCache<string, true>({ max: keptKeys, ttl: keptForMs });

  const load = async (keyHash: string): Promise<VerifiedKey | null> => {
    const record = await lookUp(() => findKey(db, { keyHash: Buffer.from(keyHash, 'hex') }));
    if (record === null) {
      unknown.set(keyHash, true);
      return null;
    }
    const viewer = viewerOf(record);
    records.set(viewer, record);
    hashes.set(record.id, keyHash);
    return { viewer, record };
  };

  const known = createRevocableCache<string, VerifiedKey>({
    max: keptKeys,
    ttlMs: keptForMs,
    pubsub,
    channel,
    clock,
    load,
  });
  const viewerIfActive = (verified: VerifiedKey | null): ApiKeyViewer | null =>
    verified !== null && isActive(verified.record, clock()) ? verified.viewer : null;

  return {
    authenticate(text) {
      // The same as `hashToken`, in half of the time.
      const keyHash = hash('sha256', text, 'hex');
      const verified = known.peek(keyHash);
      if (verified !== null) return viewerIfActive(verified);
      if (parseApiKey(text) === null || unknown.has(keyHash)) return null;
      return known.get(keyHash).then(viewerIfActive);
    },
    recordOf: (viewer) => records.get(viewer) ?? null,
    forget(keyId) {
      const keyHash = hashes.get(keyId);
      if (keyHash !== undefined) known.forget(keyHash);
    },
    close: () => known.close(),
  };
}

function viewerOf(key: ApiKeyRecord): ApiKeyViewer {
  return {
    kind: 'apiKey',
    keyId: key.id,
    keyKind: key.kind,
    prefix: key.prefix,
    scopes: key.scopes,
    rateLimitPerMinute: key.rateLimitPerMinute,
    projectId: key.projectId,
    projectRef: key.project.ref,
    organizationId: key.project.organizationId,
  };
}
