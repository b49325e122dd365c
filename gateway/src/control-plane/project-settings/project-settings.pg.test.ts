import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { TrustedIssuer } from '../../data-plane/callers/access-settings.ts';
import type { UserSchema } from '../../engine/schema.ts';
import type { Role } from '../access/actions.ts';
import type { Principal } from '../access/viewer.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { ValidationError } from '../errors/expected-error.ts';
import {
  createProjectSettingsService,
  findAccessSettings,
  versionOf,
  type ProjectSettingsService,
} from './project-settings.service.ts';

const database = useTestDatabase();
let settings: ProjectSettingsService;
let tenant: SeededTenant;
let neighbour: SeededTenant;
let admin: Principal;

/** The applied schema, as `setTrustedIssuers` sees it. */
let users: UserSchema;
let readSdls: string[];

beforeEach(async () => {
  const db = database.prisma;
  users = { type: 'User', uniqueFields: ['id', 'authId', 'otherId'], claims: ['role', 'orgs'] };
  readSdls = [];
  settings = createProjectSettingsService({
    db,
    audit: createAuditService({ db }),
    userSchemas: (_ref, sdl) => {
      readSdls.push(sdl);
      return Promise.resolve(users);
    },
    egressAllowPrivate: false,
  });
  tenant = await seedTenant(db);
  neighbour = await seedTenant(db);
  admin = callerOf(tenant.users.ADMIN);
});

const issuer: TrustedIssuer = {
  issuer: 'https://login.example/',
  audience: 'app',
  jwksUrl: null,
  algorithms: ['RS256'],
  userClaim: 'sub',
  userField: 'authId',
  claims: [{ name: 'role', path: 'app_metadata.role' }],
};
const other: TrustedIssuer = { ...issuer, issuer: 'https://other.example', userField: 'otherId' };

const setOrigins = (allowedOrigins: readonly string[] | null, by = admin) =>
  settings.update(by, {
    projectRef: tenant.project.ref,
    allowedOrigins: allowedOrigins && [...allowedOrigins],
  });
const setIssuers = (issuers: readonly TrustedIssuer[], by = admin) =>
  settings.setTrustedIssuers(by, { projectRef: tenant.project.ref, issuers });

const stored = () => findAccessSettings(database.prisma, tenant.project.ref);
const auditOf = async (action: string) => {
  const where = { organizationId: tenant.organizationId, action };
  const entries = await database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
  return entries.map(({ details }) => details);
};
const issuesOf = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ValidationError)) throw new Error('The input was accepted.');
  return error.issues.map(({ path, message }) => [path.join('.'), message]);
};

describe('the settings of a project', () => {
  it('are empty at first', async () => {
    const { id, ref } = neighbour.project;
    await database.prisma.projectAccessSettings.delete({ where: { projectId: id } });
    const empty = { allowedOrigins: [], trustedIssuers: [] };
    expect(await findAccessSettings(database.prisma, ref)).toEqual(empty);
    expect(await settings.of({ id })).toEqual(empty);
    expect(await findAccessSettings(database.prisma, '0000000000000000')).toBeNull();
  });

  it('are deleted with the project', async () => {
    await setIssuers([issuer]);
    await database.prisma.project.delete({ where: { id: tenant.project.id } });
    expect(await stored()).toBeNull();
    const where = { projectId: tenant.project.id };
    expect(await database.prisma.projectAccessSettings.count({ where })).toBe(0);
  });

  it('are announced to every instance when they change and when the project is deleted', async () => {
    const client = await database.pool.connect();
    try {
      const heard: string[] = [];
      client.on('notification', ({ payload }) => heard.push(payload ?? ''));
      await client.query('LISTEN tessera_access_settings');
      await setOrigins(['https://a.example']);
      await setIssuers([issuer]);
      await setIssuers([issuer]);
      await database.prisma.project.delete({ where: { id: tenant.project.id } });
      await database.pool.query(`SELECT pg_notify('tessera_access_settings', 'last')`);
      // PostgreSQL delivers notifications in the order of the commits.
      await expect.poll(() => heard.at(-1)).toBe('last');
      const { ref } = tenant.project;
      expect(heard).toEqual([ref, ref, ref, 'last']);
    } finally {
      client.release(true);
    }
  });
});

describe('authorization of changes to the settings', () => {
  const changes = {
    update: (by: Principal) => setOrigins(['https://b.example'], by),
    setTrustedIssuers: (by: Principal) => setIssuers([issuer], by),
  };
  const outcomes = [
    ['OWNER', 'done'],
    ['ADMIN', 'done'],
    ['DEVELOPER', 'FORBIDDEN'],
    ['VIEWER', 'FORBIDDEN'],
  ] satisfies [Role, string][];

  describe.each(['update', 'setTrustedIssuers'] as const)('the change "%s"', (change) => {
    it.each(outcomes)('has the expected outcome for the role %s: %s', async (role, expected) => {
      expect(await outcome(changes[change](callerOf(tenant.users[role])))).toBe(expected);
    });

    it('is refused to members of other organizations, keys and anonymous callers', async () => {
      const before = await stored();
      expect(await outcome(changes[change](callerOf(neighbour.users.OWNER)))).toBe('NOT_FOUND');
      expect(await outcome(changes[change](anonymousCaller))).toBe('UNAUTHENTICATED');
      const key: Principal = {
        ...admin,
        viewer: {
          kind: 'apiKey',
          keyId: tenant.key.id,
          keyKind: 'SECRET',
          prefix: 'tsk_',
          scopes: ['schema.apply'],
          rateLimitPerMinute: null,
          projectId: tenant.project.id,
          projectRef: tenant.project.ref,
          organizationId: tenant.organizationId,
        },
      };
      expect(await outcome(changes[change](key))).toBe('FORBIDDEN');
      expect(await stored()).toEqual(before);
    });
  });
});

describe('updating the allowed origins', () => {
  it('stores them in normalized form and records both states', async () => {
    const before = [`https://${tenant.canary}.example`];
    await setOrigins(['https://App.example/', 'http://localhost:5173']);
    const after = ['https://app.example', 'http://localhost:5173'];
    expect(await stored()).toEqual({ allowedOrigins: after, trustedIssuers: [] });
    expect(await auditOf('project.updateSettings')).toEqual([
      { before: { allowedOrigins: before }, after: { allowedOrigins: after } },
    ]);
  });

  it('writes no audit entry if nothing changes', async () => {
    const { allowedOrigins = [] } = (await stored()) ?? {};
    await setOrigins(null);
    await setOrigins(allowedOrigins);
    expect((await stored())?.allowedOrigins).toEqual(allowedOrigins);
    expect(await auditOf('project.updateSettings')).toEqual([]);
  });

  it('keeps the trusted issuers', async () => {
    await setIssuers([issuer]);
    await setOrigins([]);
    expect(await stored()).toEqual({ allowedOrigins: [], trustedIssuers: [issuer] });
  });
});

describe('setting the trusted issuers', () => {
  it('replaces the list and records the issuers that changed', async () => {
    await setIssuers([issuer, other]);
    const changed = { ...other, audience: 'other app' };
    await setIssuers([issuer, changed]);
    await setIssuers([issuer, changed]);
    expect((await stored())?.trustedIssuers).toEqual([issuer, changed]);
    expect(await settings.of(tenant.project)).toEqual(await stored());
    expect(await auditOf('project.setTrustedIssuers')).toEqual([
      { before: [], after: [issuer, other] },
      { before: [other], after: [changed] },
    ]);
  });

  it('is checked against the applied schema', async () => {
    await setIssuers([issuer]);
    const { sdl } = await database.prisma.schemaVersion.findFirstOrThrow({
      where: { projectId: tenant.project.id },
    });
    expect(readSdls).toEqual([sdl]);
  });

  it('needs a unique field of the @user model', async () => {
    const unknown = { ...issuer, userField: 'name' };
    expect(await issuesOf(setIssuers([other, unknown]))).toEqual([
      [
        'issuers.1.userField',
        'User has no unique field "name" of the type ID, UUID, String, Int or BigInt. Unique fields of User: id, authId, otherId.',
      ],
    ]);
    users = { type: null, uniqueFields: [], claims: [] };
    const [[place, message] = []] = await issuesOf(setIssuers([{ ...issuer, claims: [] }]));
    expect(place).toBe('issuers.0.userField');
    expect(message).toMatch(/^The applied schema has no model with @user/);
    expect(await outcome(setIssuers([]))).toBe('done');
  });

  it('needs claims of the @claims type', async () => {
    const claims = [
      { name: 'orgs', path: 'orgs' },
      { name: 'plan', path: 'plan' },
    ];
    expect(await issuesOf(setIssuers([{ ...issuer, claims }]))).toEqual([
      [
        'issuers.0.claims.1.name',
        'The applied schema has no claim "plan". The type with @claims has role, orgs.',
      ],
    ]);
    users = { ...users, claims: [] };
    const [[, message] = []] = await issuesOf(setIssuers([issuer]));
    expect(message).toBe(
      'The applied schema has no claim "role". Apply a schema that declares it in a type with @claims first.',
    );
  });

  it('is checked again if another schema is applied in the meantime', async () => {
    const lockProject = {
      sql: 'SELECT FROM tessera.projects WHERE id = $1 FOR NO KEY UPDATE',
      values: [tenant.project.id],
    };
    const { attempt } = await whileHolding(database.pool, lockProject, async () => {
      const waiting = issuesOf(setIssuers([issuer]));
      await untilWaiting(database.pool, 1);
      users = { ...users, uniqueFields: ['id'] };
      await database.pool.query(
        `INSERT INTO tessera.schema_versions
           (id, project_id, number, sdl, plan, applied_by_kind, applied_by_id, applied_by_name)
         SELECT uuidv7(), project_id, 2, 'the next SDL', plan, applied_by_kind, applied_by_id,
           applied_by_name
         FROM tessera.schema_versions WHERE project_id = $1`,
        [tenant.project.id],
      );
      return { attempt: waiting };
    });
    expect((await attempt).map(([place]) => place)).toEqual(['issuers.0.userField']);
    expect(readSdls.at(-1)).toBe('the next SDL');
    expect((await stored())?.trustedIssuers).toEqual([]);
  });
});

describe('a change with an expected version', () => {
  const version = async () => versionOf(await settings.of(tenant.project));
  const changes = {
    update: (expectedVersion: string, name: string) =>
      settings.update(admin, {
        projectRef: tenant.project.ref,
        expectedVersion,
        allowedOrigins: [`https://${name}.example`],
      }),
    setTrustedIssuers: (expectedVersion: string, name: string) =>
      settings.setTrustedIssuers(admin, {
        projectRef: tenant.project.ref,
        expectedVersion,
        issuers: [{ ...issuer, issuer: `https://${name}.example` }],
      }),
  };

  describe.each(['update', 'setTrustedIssuers'] as const)('"%s"', (change) => {
    it('does not overwrite what another member has changed', async () => {
      const read = await version();
      expect(await outcome(changes[change](read, 'first'))).toBe('done');
      const first = await stored();
      expect(await outcome(changes[change](read, 'second'))).toBe('CONFLICT');
      expect(await stored()).toEqual(first);
      expect(await outcome(changes[change](await version(), 'second'))).toBe('done');
      expect(await stored()).not.toEqual(first);
    });

    it('is accepted once if several members change the settings at the same time', async () => {
      const read = await version();
      const names = ['a', 'b', 'c', 'd'];
      const outcomes = await Promise.all(names.map((name) => outcome(changes[change](read, name))));
      expect(outcomes.toSorted()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'done']);
    });
  });

  it('fails after a change of the other list', async () => {
    const read = await version();
    await setOrigins([]);
    expect(await outcome(changes.setTrustedIssuers(read, 'late'))).toBe('CONFLICT');
    expect((await stored())?.trustedIssuers).toEqual([]);
  });
});
