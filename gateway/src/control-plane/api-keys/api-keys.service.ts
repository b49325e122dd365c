import type { ResourceLimits } from '../limits.ts';
import type { Principal, ApiKeyViewer } from '../access/viewer.ts';
import type { Clock } from '../../platform/clock.ts';
import { whenReady } from '../../platform/when-ready.ts';
import { errors } from '../errors/errors.ts';
import type { Db } from '../../platform/db/database.ts';
import type { PubSub } from '../../platform/pubsub/pubsub.ts';
import type { AuditService } from '../audit/audit.service.ts';
import type { CreateApiKey, RotateApiKey, UpdateApiKey } from './api-key-input.ts';
import { findKey, type ApiKeyRecord } from './api-key-record.ts';
import { createKey, revokeKey, rotateKey, updateKey, type NewApiKey } from './key-changes.ts';
import { createVerifiedKeys } from './verified-keys.ts';

export interface ApiKeysService {
  /**
   * Returns the viewer for a key, or null if the string is not a key, or if the key is unknown, revoked or expired.
   * Returns synchronously if the key is cached. A revocation takes effect on every instance within a second.
   * @throws RequestError `OVERLOADED` if too many keys are waiting to be looked up
   */
  authenticate(text: string): ApiKeyViewer | null | Promise<ApiKeyViewer | null>;
  /**
   * Like `authenticate`, for the control plane's API, which publishable keys cannot use.
   * @throws RequestError `FORBIDDEN` if the string is a valid publishable key
   */
  authenticateServer(text: string): ApiKeyViewer | null | Promise<ApiKeyViewer | null>;
  /** Returns the viewer's key. Needs no query if `authenticate` returned the viewer. */
  current(viewer: ApiKeyViewer): Promise<ApiKeyRecord | null>;
  /**
   * Creates a key.
   * @throws NotFoundError, ValidationError, LimitReachedError
   */
  create(caller: Principal, input: CreateApiKey): Promise<NewApiKey>;
  /**
   * Creates a key with the same name, scopes, limit and expiry. The old key works until the overlap ends or until its
   * own expiry, whichever is earlier. A key can be rotated only once.
   * @throws NotFoundError, ValidationError, KeyNotActiveError, LimitReachedError
   */
  rotate(caller: Principal, input: RotateApiKey): Promise<NewApiKey>;
  /**
   * Changes a key's properties.
   * @throws NotFoundError, ValidationError, KeyNotActiveError
   */
  update(caller: Principal, input: UpdateApiKey): Promise<ApiKeyRecord>;
  /** Revokes a key immediately. Does nothing if it is already revoked. @throws NotFoundError */
  revoke(caller: Principal, id: string): Promise<ApiKeyRecord>;
  /** Returns the current time, against which the expiry of keys is checked. */
  now(): Date;
  /** Clears the cache of verified keys and stops listening for changes. */
  close(): void;
}

export interface ApiKeysDependencies {
  readonly db: Db;
  readonly audit: AuditService;
  readonly pubsub: PubSub;
  readonly clock: Clock;
  /** @default `defaultResourceLimits` */
  readonly limits?: Pick<ResourceLimits, 'activeKeysPerProject'>;
}

export function createApiKeysService(dependencies: ApiKeysDependencies): ApiKeysService {
  const { db, clock } = dependencies;
  const verifiedKeys = createVerifiedKeys(dependencies);

  return {
    authenticate: (text) => verifiedKeys.authenticate(text),
    authenticateServer: (text) => whenReady(verifiedKeys.authenticate(text), requireSecretKey),
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

function requireSecretKey(viewer: ApiKeyViewer | null): ApiKeyViewer | null {
  if (viewer?.keyKind === 'PUBLISHABLE') throw errors.publishableKey();
  return viewer;
}
