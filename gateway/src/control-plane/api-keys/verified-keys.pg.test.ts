import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { noRemoval } from '../../../test/schema-removal.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Principal } from '../access/viewer.ts';
import { createApiKeyText } from './api-key-format.ts';
import { createDatabase, type Database } from '../../platform/db/database.ts';
import { createPubSub } from '../../platform/pubsub/pubsub.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createOrganizationsService } from '../organizations/organizations.service.ts';
import { createProjectsService } from '../projects/projects.service.ts';
import { createApiKeysService, type ApiKeysService } from './api-keys.service.ts';

const database = useTestDatabase();
const logger = pino({ level: 'silent' });
const cleanUps: (() => Promise<void>)[] = [];
let now: Date;
let tenant: SeededTenant;
let owner: Principal;

beforeEach(async () => {
  now = new Date();
  tenant = await seedTenant(database.prisma, now);
  owner = callerOf(tenant.users.OWNER);
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

interface Instance {
  readonly apiKeys: ApiKeysService;
  /** This instance's connections. When they are closed, only cached keys can be verified. */
  readonly connections: Database;
}

/** Starts one gateway instance's key verification, which has its own pool and listening connection. */
async function startInstance(connectionString = database.url): Promise<Instance> {
  const connections = createDatabase({
    connectionString,
    poolSize: 10,
    applicationName: 'tessera test instance',
    logger,
  });
  const db = connections.prisma;
  const pubsub = createPubSub({ connectionString: database.url, logger, heartbeatMs: 100 });
  const audit = createAuditService({ db });
  const apiKeys = createApiKeysService({ db, audit, pubsub, clock: () => now });
  await pubsub.start();
  await vi.waitFor(() => expect(pubsub.isHearing()).toBe(true), { timeout: 5_000, interval: 10 });
  cleanUps.push(
    () => connections.close(),
    () => pubsub.close(),
    () => {
      apiKeys.close();
      return Promise.resolve();
    },
  );
  return { apiKeys, connections };
}

const authenticates = async ({ apiKeys }: Instance, text: string) =>
  (await apiKeys.authenticate(text)) !== null;
const scopesOf = async ({ apiKeys }: Instance, text: string) =>
  (await apiKeys.authenticate(text))?.scopes ?? null;
const projectNameOf = async ({ apiKeys }: Instance, text: string) => {
  const viewer = await apiKeys.authenticate(text);
  return viewer === null ? null : ((await apiKeys.current(viewer))?.project.name ?? null);
};

/** Checks that a change reaches every instance within a second. */
const withinASecond = (check: () => Promise<void>) =>
  vi.waitFor(check, { timeout: 1_000, interval: 10 });

describe('authenticating with a key', () => {
  it('returns the viewer and the key, without secrets', async () => {
    const { apiKeys } = await startInstance();
    const viewer = await apiKeys.authenticate(tenant.key.text);
    if (viewer === null) throw new Error('The seeded key does not work.');
    expect(viewer).toEqual({
      kind: 'apiKey',
      keyId: tenant.key.id,
      keyKind: 'SECRET',
      prefix: tenant.key.text.slice(0, 12),
      scopes: ['data.read', 'data.write', 'schema.read', 'schema.apply'],
      rateLimitPerMinute: null,
      projectId: tenant.project.id,
      projectRef: tenant.project.ref,
      organizationId: tenant.organizationId,
    });
    const stored = await database.prisma.apiKey.findUniqueOrThrow({
      where: { id: tenant.key.id },
      include: { project: true },
      omit: { keyHash: true },
    });
    expect(await apiKeys.current(viewer)).toEqual(stored);
    expect(await apiKeys.current({ ...viewer })).toEqual(stored); // a viewer that is not in the cache
  });

  it('rejects expired, revoked, unknown and malformed keys', async () => {
    const instance = await startInstance();
    const texts = [
      tenant.expiredKey.text,
      tenant.revokedKey.text,
      createApiKeyText('SECRET').text,
      tenant.key.text.toLowerCase(),
      `${tenant.key.text} `,
      '',
    ];
    for (const text of texts) expect(await authenticates(instance, text)).toBe(false);
  });

  it('rejects a mistyped key without querying the database', async () => {
    const unreachable = await startInstance('postgresql://127.0.0.1:1/nowhere');
    const last = tenant.key.text.endsWith('x') ? 'y' : 'x';
    expect(await authenticates(unreachable, tenant.key.text.slice(0, -1) + last)).toBe(false);
    await expect(authenticates(unreachable, tenant.key.text)).rejects.toThrow();
  });

  it('queries the database once per key, whether or not it exists', async () => {
    const instance = await startInstance();
    const unknown = createApiKeyText('SECRET').text;
    expect(await authenticates(instance, tenant.key.text)).toBe(true);
    expect(await authenticates(instance, unknown)).toBe(false);
    await instance.connections.close();
    expect(await authenticates(instance, tenant.key.text)).toBe(true);
    expect(await projectNameOf(instance, tenant.key.text)).toBe(tenant.project.name);
    expect(await authenticates(instance, unknown)).toBe(false);
  });

  it('rejects a cached key as soon as it expires', async () => {
    const instance = await startInstance();
    const { secret } = await instance.apiKeys.create(owner, {
      projectRef: tenant.project.ref,
      name: 'Short',
      kind: 'SECRET',
      scopes: ['data.read'],
      expiresAt: new Date(now.getTime() + 10_000),
    });
    expect(await authenticates(instance, secret)).toBe(true);
    now = new Date(now.getTime() + 9_999);
    expect(await authenticates(instance, secret)).toBe(true);
    now = new Date(now.getTime() + 1);
    expect(await authenticates(instance, secret)).toBe(false);
  });

  it('limits concurrent lookups of unknown keys, and rejects the excess', async () => {
    const instance = await startInstance();
    const flood = await whileHolding(
      database.pool,
      { sql: 'LOCK TABLE tessera.api_keys IN ACCESS EXCLUSIVE MODE' },
      async () => {
        const attempts = Array.from({ length: 1_200 }, () =>
          outcome(Promise.resolve(instance.apiKeys.authenticate(createApiKeyText('SECRET').text))),
        );
        await untilWaiting(database.pool, 5);
        return attempts;
      },
    );
    const outcomes = await Promise.all(flood);
    expect(new Set(outcomes)).toEqual(new Set(['done', 'OVERLOADED']));
    expect(outcomes.filter((code) => code === 'OVERLOADED').length).toBeGreaterThanOrEqual(195);
  });
});

describe('the cache of verified keys', () => {
  let here: Instance;
  let there: Instance;

  beforeEach(async () => {
    [here, there] = [await startInstance(), await startInstance()];
    for (const instance of [here, there]) {
      expect(await authenticates(instance, tenant.key.text)).toBe(true);
    }
  });

  it('drops a revoked key immediately on this instance, and within a second on others', async () => {
    await here.apiKeys.revoke(owner, tenant.key.id);
    expect(await authenticates(here, tenant.key.text)).toBe(false);
    await withinASecond(async () =>
      expect(await authenticates(there, tenant.key.text)).toBe(false),
    );
  });

  it('drops a key on every instance if it is rotated without an overlap', async () => {
    await here.apiKeys.rotate(owner, { id: tenant.key.id, overlapSeconds: 0 });
    expect(await authenticates(here, tenant.key.text)).toBe(false);
    await withinASecond(async () =>
      expect(await authenticates(there, tenant.key.text)).toBe(false),
    );
  });

  it('keeps a rotated key on every instance until the overlap ends', async () => {
    await here.apiKeys.rotate(owner, { id: tenant.key.id, overlapSeconds: 60 });
    const expiryKnownThere = async () => {
      const viewer = await there.apiKeys.authenticate(tenant.key.text);
      return viewer && (await there.apiKeys.current(viewer))?.expiresAt;
    };
    await withinASecond(async () => expect(await expiryKnownThere()).toBeInstanceOf(Date));
    now = new Date(now.getTime() + 60_000);
    expect(await authenticates(here, tenant.key.text)).toBe(false);
    expect(await authenticates(there, tenant.key.text)).toBe(false);
  });

  it('applies new scopes immediately on this instance, and within a second on others', async () => {
    await here.apiKeys.update(owner, { id: tenant.key.id, scopes: ['schema.read'] });
    expect(await scopesOf(here, tenant.key.text)).toEqual(['schema.read']);
    await withinASecond(async () =>
      expect(await scopesOf(there, tenant.key.text)).toEqual(['schema.read']),
    );
  });

  it('shows a new project name on every instance', async () => {
    const db = database.prisma;
    const projects = createProjectsService({
      removal: noRemoval,
      db,
      audit: createAuditService({ db }),
      publicUrl: '',
    });
    await projects.update(owner, { projectRef: tenant.project.ref, name: 'Renamed' });
    for (const instance of [here, there]) {
      await withinASecond(async () =>
        expect(await projectNameOf(instance, tenant.key.text)).toBe('Renamed'),
      );
    }
  });

  it('drops the keys of a deleted project on every instance', async () => {
    const db = database.prisma;
    const projects = createProjectsService({
      removal: noRemoval,
      db,
      audit: createAuditService({ db }),
      publicUrl: '',
    });
    const { ref, name } = tenant.project;
    await projects.delete(owner, { projectRef: ref, name });
    for (const instance of [here, there]) {
      await withinASecond(async () =>
        expect(await authenticates(instance, tenant.key.text)).toBe(false),
      );
    }
  });

  it('drops the keys of a deleted organization on every instance', async () => {
    const db = database.prisma;
    const organizations = createOrganizationsService({
      db,
      audit: createAuditService({ db }),
      removal: noRemoval,
    });
    await organizations.delete(owner, { id: tenant.organizationId });
    for (const instance of [here, there]) {
      await withinASecond(async () =>
        expect(await authenticates(instance, tenant.key.text)).toBe(false),
      );
    }
  });

  it('keeps a cached key when its last use is recorded', async () => {
    const sql = 'UPDATE tessera.api_keys SET last_used_at = now() WHERE id = $1';
    await database.pool.query(sql, [tenant.key.id]);
    // Notifications arrive in commit order, so when this key's notification arrives, all earlier ones have arrived.
    const other = await here.apiKeys.create(owner, {
      projectRef: tenant.project.ref,
      name: 'Other',
      kind: 'SECRET',
      scopes: ['data.read'],
    });
    expect(await authenticates(there, other.secret)).toBe(true);
    await here.apiKeys.revoke(owner, other.apiKey.id);
    await withinASecond(async () => expect(await authenticates(there, other.secret)).toBe(false));
    await there.connections.close();
    expect(await authenticates(there, tenant.key.text)).toBe(true);
  });
});
