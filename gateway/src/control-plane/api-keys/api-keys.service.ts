import type { Principal, ApiKeyViewer } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { CreateApiKey, RotateApiKey, UpdateApiKey } from './api-key-input.ts';
import { findKey, type ApiKeyRecord } from './api-key-record.ts';
import { createKey, revokeKey, rotateKey, updateKey, type NewApiKey } from './key-changes.ts';
import { createVerifiedKeys } from './verified-keys.ts';

export interface ApiKeysService {
  /**
   * Who calls with this key; null for a text that is no key, and for a key that is unknown, revoked or
   * expired. At once for a key that is known. A revocation holds on every instance within a second.
   * @throws RequestError `OVERLOADED` when too many keys wait to be looked up
   */
  authenticate(text: string): ApiKeyViewer | null | Promise<ApiKeyViewer | null>;
  /** The key that the viewer came with. From memory, for a viewer that `authenticate` made. */
  current(viewer: ApiKeyViewer): Promise<ApiKeyRecord | null>;
  /** @throws NotFoundError, ValidationError, LimitReachedError */
  create(caller: Principal, input: CreateApiKey): Promise<NewApiKey>;
  /**
   * Makes a key that takes over name, scopes, limit and expiry. The old one works until the overlap
   * ends, or until it would have expired anyway. A key is rotated once.
   * @throws NotFoundError, ValidationError, KeyNotActiveError, LimitReachedError
   */
  rotate(caller: Principal, input: RotateApiKey): Promise<NewApiKey>;
  /** @throws NotFoundError, ValidationError, KeyNotActiveError */
  update(caller: Principal, input: UpdateApiKey): Promise<ApiKeyRecord>;
  /** Ends a key at once. One that is revoked already stays as it is. @throws NotFoundError */
  revoke(caller: Principal, id: string): Promise<ApiKeyRecord>;
  /** By which a key's being active is told. */
  now(): Date;
  /** Forgets the verified keys, and stops listening for their changes. */
  close(): void;
}

export interface ApiKeysDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly pubsub: PubSub;
  readonly clock: Clock;
}

export function createApiKeysService(dependencies: ApiKeysDependencies): ApiKeysService {
  const { db, clock } = dependencies;
  const verifiedKeys = createVerifiedKeys(dependencies);

  return {
    authenticate: (text) => verifiedKeys.authenticate(text),
    async current(viewer) {
      return verifiedKeys.recordOf(viewer) ?? (await findKey(db, { id: viewer.keyId }));
    },

    create: (caller, input) => createKey(dependencies, caller, input),
    async rotate(caller, input) {
      const { old, ...successor } = await rotateKey(dependencies, caller, input);
      verifiedKeys.forget(old.id);
      return successor;
    },
    async update(caller, input) {
      const key = await updateKey(dependencies, caller, input);
      verifiedKeys.forget(key.id);
      return key;
    },
    async revoke(caller, id) {
      const key = await revokeKey(dependencies, caller, id);
      verifiedKeys.forget(key.id);
      return key;
    },

    now: clock,
    close: () => verifiedKeys.close(),
  };
}
