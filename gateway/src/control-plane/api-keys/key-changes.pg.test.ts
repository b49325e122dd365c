import { randomUUID } from 'node:crypto';

import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { noRemoval } from '../../../test/schema-removal.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Role } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import { parseApiKey } from './api-key-format.ts';
import { createPubSub } from '../../platform/pubsub/pubsub.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createProjectsService } from '../projects/projects.service.ts';
import type { CreateApiKey } from './api-key-input.ts';
import { createApiKeysService, type ApiKeysService } from './api-keys.service.ts';
import { defaultResourceLimits } from '../limits.ts';

const database = useTestDatabase();
const logger = pino({ level: 'silent' });
let now: Date;
let apiKeys: ApiKeysService;
let tenant: SeededTenant;
let neighbour: SeededTenant;
let developer: Principal;

beforeEach(async () => {
  now = new Date();
  const db = database.prisma;
  // Never started, because these tests cover only changes. Every authentication therefore reads the database.
  const pubsub = createPubSub({ connectionString: database.url, logger });
  const audit = createAuditService({ db });
  apiKeys = createApiKeysService({ db, audit, pubsub, clock: () => now });
  tenant = await seedTenant(db, now);
  neighbour = await seedTenant(db, now);
  developer = callerOf(tenant.users.DEVELOPER);
});
afterEach(() => apiKeys.close());

const create = (input: Partial<CreateApiKey> = {}, by = developer) =>
  apiKeys.create(by, {
    projectRef: tenant.project.ref,
    name: 'Backend',
    kind: 'SECRET',
    scopes: ['data.read'],
    ...input,
  });
const rotate = (id: string, overlapSeconds = 0, by = developer) =>
  apiKeys.rotate(by, { id, overlapSeconds });

const seconds = (count: number) => new Date(now.getTime() + count * 1_000);
const authenticates = async (secret: string) => (await apiKeys.authenticate(secret)) !== null;
const codes = async (attempts: readonly Promise<unknown>[]) =>
  (await Promise.all(attempts.map(outcome))).sort();
const auditOf = (action: string) =>
  database.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, action },
  });

/** Inserts active keys until the project has room for exactly `room` more. */
const fillProject = (room: number) =>
  database.pool.query(
    `INSERT INTO tessera.api_keys (id, project_id, name, kind, prefix, last_four, key_hash, scopes)
     SELECT gen_random_uuid(), $1, 'Filler', 'SECRET', 'tsk_filler', '0000',
       sha256(random()::text::bytea), '{data.read}'
     FROM generate_series(1, $2)`,
    [tenant.project.id, defaultResourceLimits.activeKeysPerProject - room - 1], // the seed has one active key
  );

describe('creating a key', () => {
  it('returns the key once and does not store it', async () => {
    const expiresAt = seconds(60);
    const { apiKey, secret } = await create({ expiresAt, rateLimitPerMinute: 600 });
    expect(parseApiKey(secret)).toEqual({ kind: 'SECRET' });
    expect(apiKey).toMatchObject({
      name: 'Backend',
      kind: 'SECRET',
      prefix: secret.slice(0, 12),
      lastFour: secret.slice(-4),
      scopes: ['data.read'],
      createdById: tenant.users.DEVELOPER.userId,
      expiresAt,
      rateLimitPerMinute: 600,
      project: { ref: tenant.project.ref },
    });
    expect(await authenticates(secret)).toBe(true);
    expect(JSON.stringify(apiKey)).not.toContain(secret.slice(12, -4));
    const { rows } = await database.pool.query<{ everything: string }>(
      `SELECT (SELECT string_agg(k::text, '') FROM tessera.api_keys k) ||
              (SELECT string_agg(e::text, '') FROM tessera.audit_entries e) AS everything`,
    );
    expect(rows[0]?.everything).toContain(apiKey.prefix);
    expect(rows[0]?.everything).not.toContain(secret.slice(12, -4));
  });

  it('stores the text of a publishable key, and not in the audit log', async () => {
    const { apiKey, secret } = await create({ kind: 'PUBLISHABLE', scopes: null });
    expect(parseApiKey(secret)).toEqual({ kind: 'PUBLISHABLE' });
    expect(apiKey).toMatchObject({ kind: 'PUBLISHABLE', publishableKey: secret });
    expect((await apiKeys.authenticate(secret))?.keyKind).toBe('PUBLISHABLE');
    expect((await apiKeys.authenticateServer(tenant.key.text))?.keyId).toBe(tenant.key.id);
    const atControlPlane = async () => apiKeys.authenticateServer(secret);
    expect(await outcome(atControlPlane())).toBe('FORBIDDEN');
    const [entry] = await auditOf('apiKey.create');
    expect(entry?.details).toMatchObject({ kind: 'PUBLISHABLE', prefix: secret.slice(0, 12) });
    expect(JSON.stringify(entry)).not.toContain(secret.slice(12, -4));
  });

  it('writes an audit entry', async () => {
    const { apiKey } = await create();
    expect(await auditOf('apiKey.create')).toMatchObject([
      {
        actorId: tenant.users.DEVELOPER.userId,
        projectId: tenant.project.id,
        targetId: apiKey.id,
        targetLabel: 'Backend',
        details: { name: 'Backend', prefix: apiKey.prefix, scopes: ['data.read'] },
      },
    ]);
  });

  it('enforces the limit on active keys for concurrent requests', async () => {
    await fillProject(1);
    expect(await codes(Array.from({ length: 5 }, () => create()))).toEqual([
      ...Array.from({ length: 4 }, () => 'LIMIT_REACHED'),
      'done',
    ]);
  });

  it('leaves no key in a project that is deleted at the same time', async () => {
    const audit = createAuditService({ db: database.prisma });
    const projects = createProjectsService({
      db: database.prisma,
      audit,
      removal: noRemoval,
      publicUrl: '',
    });
    const { ref, name, id } = tenant.project;
    const attempts = [
      projects.delete(callerOf(tenant.users.OWNER), { projectRef: ref, name }),
      ...Array.from({ length: 5 }, () => create()),
    ];
    const [deletion, ...creations] = await Promise.all(attempts.map(outcome));
    expect(deletion).toBe('done');
    expect(creations.every((code) => code === 'done' || code === 'NOT_FOUND')).toBe(true);
    expect(await database.prisma.apiKey.count({ where: { projectId: id } })).toBe(0);
  });
});

describe('authorization of key changes', () => {
  const changes = {
    create: (by: Principal) => create({}, by),
    rotate: (by: Principal) => rotate(tenant.key.id, 0, by),
    update: (by: Principal) => apiKeys.update(by, { id: tenant.key.id, name: 'Renamed' }),
    revoke: (by: Principal) => apiKeys.revoke(by, tenant.key.id),
  };
  const roles = [
    ['OWNER', 'done'],
    ['ADMIN', 'done'],
    ['DEVELOPER', 'done'],
    ['VIEWER', 'FORBIDDEN'],
  ] satisfies [Role, string][];

  describe.each(['create', 'rotate', 'update', 'revoke'] as const)('the action "%s"', (change) => {
    it.each(roles)(
      'has the expected outcome for a user with role %s: %s',
      async (role, expected) => {
        expect(await outcome(changes[change](callerOf(tenant.users[role])))).toBe(expected);
      },
    );

    it('rejects members of other organizations, keys and anonymous callers', async () => {
      expect(await outcome(changes[change](callerOf(neighbour.users.OWNER)))).toBe('NOT_FOUND');
      const viewer = await apiKeys.authenticate(tenant.key.text);
      if (viewer === null) throw new Error('The seeded key does not work.');
      expect(await outcome(changes[change]({ ...developer, viewer }))).toBe('FORBIDDEN');
      expect(await outcome(changes[change](anonymousCaller))).toBe('UNAUTHENTICATED');
    });
  });

  it("returns the same error for another tenant's key as for a missing key", async () => {
    const ids = [neighbour.key.id, randomUUID(), 'nonsense', '\0', ''];
    const answers = await Promise.all(
      ids.map((id) =>
        apiKeys
          .revoke(developer, id)
          .catch((error: unknown) => (error instanceof Error ? error.message : error)),
      ),
    );
    expect(new Set(answers)).toEqual(
      new Set(['The API key does not exist, or you do not have access to it.']),
    );
  });
});

describe('rotating a key', () => {
  it('creates a successor with the same permissions, and keeps both keys working until the overlap ends', async () => {
    const old = await create({
      scopes: ['data.read:Issue', 'schema.read'],
      expiresAt: seconds(3_600),
      rateLimitPerMinute: 60,
    });
    const successor = await rotate(old.apiKey.id, 30);
    expect(successor.apiKey).toMatchObject({
      name: 'Backend',
      scopes: ['data.read:Issue', 'schema.read'],
      expiresAt: seconds(3_600),
      rateLimitPerMinute: 60,
      rotatedFromId: old.apiKey.id,
    });
    now = new Date(seconds(30).getTime() - 1);
    expect(await authenticates(old.secret)).toBe(true);
    now = new Date(now.getTime() + 1);
    expect(await authenticates(old.secret)).toBe(false);
    expect(await authenticates(successor.secret)).toBe(true);
  });

  it('keeps the kind of the key', async () => {
    const old = await create({ kind: 'PUBLISHABLE', scopes: ['data.read'] });
    const { apiKey, secret } = await rotate(old.apiKey.id, 30);
    expect(apiKey).toMatchObject({ kind: 'PUBLISHABLE', publishableKey: secret });
    expect(secret).not.toBe(old.secret);
  });

  it('invalidates the old key immediately if there is no overlap', async () => {
    const old = await create();
    const successor = await rotate(old.apiKey.id, 0);
    expect(await authenticates(old.secret)).toBe(false);
    expect(await authenticates(successor.secret)).toBe(true);
  });

  it('never extends the lifetime of the old key', async () => {
    const old = await create({ expiresAt: seconds(10) });
    await rotate(old.apiKey.id, 3_600);
    now = seconds(10);
    expect(await authenticates(old.secret)).toBe(false);
  });

  it('succeeds for only one of several concurrent requests', async () => {
    const { apiKey } = await create();
    const attempts = Array.from({ length: 6 }, () => rotate(apiKey.id, 60));
    expect(await codes(attempts)).toEqual([
      ...Array.from({ length: 5 }, () => 'KEY_NOT_ACTIVE'),
      'done',
    ]);
    const where = { rotatedFromId: apiKey.id };
    expect(await database.prisma.apiKey.count({ where })).toBe(1);
    expect(await auditOf('apiKey.rotate')).toHaveLength(1);
  });

  it('rejects an expired or revoked key', async () => {
    const dead = [tenant.expiredKey.id, tenant.revokedKey.id];
    expect(await codes(dead.map((id) => rotate(id, 60)))).toEqual([
      'KEY_NOT_ACTIVE',
      'KEY_NOT_ACTIVE',
    ]);
  });

  it('is refused at the limit on active keys only if there is an overlap', async () => {
    await fillProject(0);
    expect(await outcome(rotate(tenant.key.id, 60))).toBe('LIMIT_REACHED');
    expect(await outcome(rotate(tenant.key.id, 0))).toBe('done');
  });
});

describe('updating a key', () => {
  it('changes the given fields, keeps the others, and records both states in the audit log', async () => {
    const { apiKey, secret } = await create({ rateLimitPerMinute: 60 });
    const changed = await apiKeys.update(developer, { id: apiKey.id, scopes: ['schema.apply'] });
    expect(changed).toEqual({ ...apiKey, scopes: ['schema.apply'] });
    expect((await apiKeys.authenticate(secret))?.scopes).toEqual(['schema.apply']);
    const [entry] = await auditOf('apiKey.update');
    expect(entry?.details).toMatchObject({
      before: { scopes: ['data.read'], rateLimitPerMinute: 60 },
      after: { scopes: ['schema.apply'], rateLimitPerMinute: 60 },
    });
  });

  it('does not give a publishable key the scope schema.apply', async () => {
    const { apiKey } = await create({ kind: 'PUBLISHABLE' });
    const { id } = apiKey;
    expect(await outcome(apiKeys.update(developer, { id, scopes: ['schema.apply'] }))).toBe(
      'VALIDATION_FAILED',
    );
    const changed = await apiKeys.update(developer, { id, scopes: ['schema.read'] });
    expect(changed.scopes).toEqual(['schema.read']);
  });

  it('removes the rate limit if it is null, and keeps it if it is omitted', async () => {
    const { apiKey } = await create({ rateLimitPerMinute: 60 });
    const { id } = apiKey;
    const renamed = await apiKeys.update(developer, { id, name: 'Other' });
    expect(renamed.rateLimitPerMinute).toBe(60);
    const unlimited = await apiKeys.update(developer, { id, rateLimitPerMinute: null });
    expect(unlimited.rateLimitPerMinute).toBeNull();
  });

  it('writes no audit entry if nothing changes', async () => {
    const { apiKey } = await create();
    await apiKeys.update(developer, { id: apiKey.id, name: 'Backend', scopes: ['data.read'] });
    expect(await auditOf('apiKey.update')).toEqual([]);
  });

  it('rejects an expired or revoked key', async () => {
    for (const { id } of [tenant.expiredKey, tenant.revokedKey]) {
      expect(await outcome(apiKeys.update(developer, { id, name: 'X' }))).toBe('KEY_NOT_ACTIVE');
    }
  });
});

describe('revoking a key', () => {
  it('invalidates the key, and has no effect if it is repeated', async () => {
    const { apiKey, secret } = await create();
    const first = await apiKeys.revoke(developer, apiKey.id);
    expect(first.revokedAt).toEqual(now);
    expect(await authenticates(secret)).toBe(false);
    now = seconds(60);
    const again = await apiKeys.revoke(developer, apiKey.id.toUpperCase());
    expect(again.revokedAt).toEqual(first.revokedAt);
    expect(await auditOf('apiKey.revoke')).toHaveLength(1);
  });
});
