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
  /** Its own connections: once closed, only what is in memory is left. */
  readonly connections: Database;
}

/** A gateway's worth of key verification, with a pool and a listening connection of its own. */
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

/** Holds within the second that a revocation may take to reach every instance. */
const withinASecond = (check: () => Promise<void>) =>
  vi.waitFor(check, { timeout: 1_000, interval: 10 });

describe('authenticating with a key', () => {
  it('tells who calls, and which key it is, without anything that is secret', async () => {
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
    expect(await apiKeys.current({ ...viewer })).toEqual(stored); // not one of its own making
  });

  it('refuses keys that are expired, revoked, unknown or no keys', async () => {
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

  it('asks the database nothing about a text that is mistyped', async () => {
    const unreachable = await startInstance('postgresql://127.0.0.1:1/nowhere');
    const last = tenant.key.text.endsWith('x') ? 'y' : 'x';
    expect(await authenticates(unreachable, tenant.key.text.slice(0, -1) + last)).toBe(false);
    await expect(authenticates(unreachable, tenant.key.text)).rejects.toThrow();
  });

  it('asks the database once about a key, whether it exists or not', async () => {
    const instance = await startInstance();
    const unknown = createApiKeyText('SECRET').text;
    expect(await authenticates(instance, tenant.key.text)).toBe(true);
    expect(await authenticates(instance, unknown)).toBe(false);
    await instance.connections.close();
    expect(await authenticates(instance, tenant.key.text)).toBe(true);
    expect(await projectNameOf(instance, tenant.key.text)).toBe(tenant.project.name);
    expect(await authenticates(instance, unknown)).toBe(false);
  });

  it('lets a kept key die at the moment of its expiry', async () => {
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

  it('looks up a flood of unknown keys a few at a time, and turns the rest away', async () => {
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

describe('what changes a key', () => {
  let here: Instance;
  let there: Instance;

  beforeEach(async () => {
    [here, there] = [await startInstance(), await startInstance()];
    for (const instance of [here, there]) {
      expect(await authenticates(instance, tenant.key.text)).toBe(true);
    }
  });

  it('revocation: holds here at once, and on another instance within a second', async () => {
    await here.apiKeys.revoke(owner, tenant.key.id);
    expect(await authenticates(here, tenant.key.text)).toBe(false);
    await withinASecond(async () =>
      expect(await authenticates(there, tenant.key.text)).toBe(false),
    );
  });

  it('rotation: ends the old key on every instance', async () => {
    await here.apiKeys.rotate(owner, { id: tenant.key.id, overlapSeconds: 0 });
    expect(await authenticates(here, tenant.key.text)).toBe(false);
    await withinASecond(async () =>
      expect(await authenticates(there, tenant.key.text)).toBe(false),
    );
  });

  it('rotation: lets the old key live on every instance until the overlap ends', async () => {
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

  it('new scopes: hold here at once, and on another instance within a second', async () => {
    await here.apiKeys.update(owner, { id: tenant.key.id, scopes: ['schema.read'] });
    expect(await scopesOf(here, tenant.key.text)).toEqual(['schema.read']);
    await withinASecond(async () =>
      expect(await scopesOf(there, tenant.key.text)).toEqual(['schema.read']),
    );
  });

  it("its project's new name: is shown on every instance", async () => {
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

  it("its project's deletion: ends it on every instance", async () => {
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

  it("its organization's deletion: ends it on every instance", async () => {
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

  it('being used: drops it nowhere', async () => {
    const sql = 'UPDATE tessera.api_keys SET last_used_at = now() WHERE id = $1';
    await database.pool.query(sql, [tenant.key.id]);
    // Notifications come in the order of their commits: once this one is here, so were any before it.
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
