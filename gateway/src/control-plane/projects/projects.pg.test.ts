import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { noRemoval } from '../../../test/schema-removal.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { outcome } from '../../../test/outcome.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Role } from '../access/actions.ts';
import type { Principal, ApiKeyViewer } from '../access/viewer.ts';
import { isProjectRef } from '../../data-plane/projects/project-ref.ts';
import { createAuditService } from '../audit/audit.service.ts';
import { createProjectsService, type ProjectsService } from './projects.service.ts';
import { defaultResourceLimits } from '../limits.ts';

const database = useTestDatabase();
let projects: ProjectsService;
let tenant: SeededTenant;
let neighbour: SeededTenant;
let admin: Principal;

beforeEach(async () => {
  const db = database.prisma;
  const audit = createAuditService({ db });
  projects = createProjectsService({
    db,
    audit,
    removal: noRemoval,
    publicUrl: 'https://tessera.example',
  });
  tenant = await seedTenant(db);
  neighbour = await seedTenant(db);
  admin = callerOf(tenant.users.ADMIN);
});

const create = (input: { name: string; slug?: string }, by = admin) =>
  projects.create(by, { organizationId: tenant.organizationId, ...input });

const auditOf = (action: string) =>
  database.prisma.auditEntry.findMany({
    where: { organizationId: tenant.organizationId, action, requestId: admin.requestId },
  });

const keyViewer = ({ project, key, organizationId }: SeededTenant): ApiKeyViewer => ({
  kind: 'apiKey',
  keyId: key.id,
  keyKind: 'SECRET',
  prefix: 'tsk_test',
  scopes: ['data.read'],
  rateLimitPerMinute: null,
  projectId: project.id,
  projectRef: project.ref,
  organizationId,
});

describe('creating a project', () => {
  it('assigns a ref, a slug and an endpoint, and writes an audit entry', async () => {
    const project = await create({ name: '  Café Tracker ' });
    expect(project).toMatchObject({ name: 'Café Tracker', slug: 'cafe-tracker' });
    expect(isProjectRef(project.ref)).toBe(true);
    expect(projects.endpointOf(project)).toBe(`https://tessera.example/p/${project.ref}/graphql`);
    const [entry] = await auditOf('project.create');
    expect(entry).toMatchObject({
      actorId: tenant.users.ADMIN.userId,
      projectId: project.id,
      targetId: project.id,
      targetLabel: 'Café Tracker',
      details: { ref: project.ref, slug: 'cafe-tracker' },
    });
  });

  it('rejects a slug that is already taken in the same organization, but not in another one', async () => {
    await create({ name: 'One', slug: 'same-slug' });
    expect(await outcome(create({ name: 'Two', slug: 'same-slug' }))).toBe('SLUG_TAKEN');
    await projects.create(callerOf(neighbour.users.OWNER), {
      organizationId: neighbour.organizationId,
      name: 'Three',
      slug: 'same-slug',
    });
  });

  it('generates different slugs for concurrent projects with the same name', async () => {
    const made = await Promise.all(Array.from({ length: 8 }, () => create({ name: 'Twins' })));
    const slugs = made.map(({ slug }) => slug).sort();
    expect(new Set(slugs).size).toBe(8);
    expect(slugs[0]).toBe('twins');
    expect(slugs.slice(1).every((slug) => /^twins-[a-z0-9]{6}$/.test(slug))).toBe(true);
  });

  it('generates a slug for a name without usable letters', async () => {
    expect((await create({ name: '日本' })).slug).toBe('project');
  });

  it.each([{ name: '' }, { name: 'a\0b' }, { name: 'x'.repeat(81) }, { name: 'A', slug: 'NO' }])(
    'rejects %j',
    async (input) => {
      expect(await outcome(create(input))).toBe('VALIDATION_FAILED');
    },
  );

  it('enforces the limit for concurrent requests', async () => {
    const missing = defaultResourceLimits.projectsPerOrganization - 2; // one in the seed, and room for one more
    await database.pool.query(
      `WITH refs AS (
         INSERT INTO tessera.project_refs (ref)
         SELECT substr(md5(random()::text), 1, 16) FROM generate_series(1, $2) RETURNING ref)
       INSERT INTO tessera.projects (id, ref, organization_id, name, slug)
       SELECT gen_random_uuid(), ref, $1, ref, ref FROM refs`,
      [tenant.organizationId, missing],
    );
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, index) => outcome(create({ name: `Project ${index}` }))),
    );
    expect(outcomes.sort()).toEqual([
      'LIMIT_REACHED',
      'LIMIT_REACHED',
      'LIMIT_REACHED',
      'LIMIT_REACHED',
      'done',
    ]);
  });
});

describe('project authorization', () => {
  const actions = {
    create: (by: Principal) => create({ name: 'New' }, by),
    update: (by: Principal) =>
      projects.update(by, { projectRef: tenant.project.ref, name: 'Renamed' }),
    delete: (by: Principal) =>
      projects.delete(by, { projectRef: tenant.project.ref, name: tenant.project.name }),
  };

  it.each([
    ['OWNER', 'done'],
    ['ADMIN', 'done'],
    ['DEVELOPER', 'FORBIDDEN'],
    ['VIEWER', 'FORBIDDEN'],
  ] satisfies [Role, string][])(
    'has the expected outcome for a user with role %s: %s',
    async (role, expected) => {
      const by = callerOf(tenant.users[role]);
      expect(await outcome(actions.create(by))).toBe(expected);
      expect(await outcome(actions.update(by))).toBe(expected);
      expect(
        await outcome(projects.delete(by, { projectRef: tenant.project.ref, name: 'Renamed' })),
      ).toBe(expected);
    },
  );

  it.each(['create', 'update', 'delete'] as const)(
    'rejects members of other organizations, keys and anonymous callers (%s)',
    async (action) => {
      expect(await outcome(actions[action](callerOf(neighbour.users.OWNER)))).toBe('NOT_FOUND');
      const byKey = { ...admin, viewer: keyViewer(tenant) };
      expect(await outcome(actions[action](byKey))).toBe('FORBIDDEN');
      expect(await outcome(actions[action](anonymousCaller))).toBe('UNAUTHENTICATED');
    },
  );

  it("returns the same error for another tenant's project as for a missing one", async () => {
    const refs = [neighbour.project.ref, 'a'.repeat(16), 'nonsense', '\0', ''];
    const answers = await Promise.all(
      refs.map((projectRef) =>
        projects
          .update(admin, { projectRef, name: 'Mine' })
          .catch((error: unknown) => (error instanceof Error ? error.message : error)),
      ),
    );
    expect(new Set(answers)).toEqual(
      new Set(['The project does not exist, or you do not have access to it.']),
    );
    const organizationIds = [neighbour.organizationId, randomUUID(), 'nonsense', '\0'];
    for (const organizationId of organizationIds) {
      expect(await outcome(projects.create(admin, { organizationId, name: 'X' }))).toBe(
        'NOT_FOUND',
      );
    }
  });
});

describe('finding a project', () => {
  it('returns it only to members and to its own key', async () => {
    const { ref, id } = tenant.project;
    const found = async (viewer: Principal['viewer'], wanted = ref) =>
      (await projects.find(viewer, wanted))?.id ?? null;
    expect(await found(callerOf(tenant.users.VIEWER).viewer)).toBe(id);
    expect(await found(keyViewer(tenant))).toBe(id);
    expect(await found(keyViewer(neighbour))).toBeNull();
    expect(await found(callerOf(neighbour.users.OWNER).viewer)).toBeNull();
    expect(await found(anonymousCaller.viewer)).toBeNull();
    expect(await found(admin.viewer, `${ref}\0`)).toBeNull();
  });
});

describe('updating a project', () => {
  const update = (input: { name?: string | null; slug?: string | null }) =>
    projects.update(admin, { projectRef: tenant.project.ref, ...input });

  it('changes the given fields, keeps the others, and records both states in the audit log', async () => {
    const project = await update({ name: 'Renamed', slug: null });
    expect(project).toMatchObject({
      name: 'Renamed',
      slug: tenant.canary,
      ref: tenant.project.ref,
    });
    const [entry] = await auditOf('project.update');
    expect(entry?.details).toEqual({
      before: { name: tenant.project.name, slug: tenant.canary },
      after: { name: 'Renamed', slug: tenant.canary },
    });
  });

  it('writes no audit entry if nothing changes', async () => {
    await update({ name: tenant.project.name });
    expect(await auditOf('project.update')).toEqual([]);
  });

  it('rejects a slug that is taken by another project', async () => {
    await create({ name: 'Other', slug: 'other' });
    expect(await outcome(update({ slug: 'other' }))).toBe('SLUG_TAKEN');
  });
});

describe('deleting a project', () => {
  const remove = (name: string) => projects.delete(admin, { projectRef: tenant.project.ref, name });

  it('requires the exact name', async () => {
    expect(await outcome(remove(tenant.project.name.toUpperCase()))).toBe('CONFIRMATION_MISMATCH');
    expect(await outcome(remove(''))).toBe('CONFIRMATION_MISMATCH');
    expect(await projects.find(admin.viewer, tenant.project.ref)).not.toBeNull();
  });

  it("deletes the project's keys and keeps its audit entries", async () => {
    await remove(tenant.project.name);
    const where = { projectId: tenant.project.id };
    expect(await database.prisma.apiKey.count({ where })).toBe(0);
    expect(await database.prisma.auditEntry.count({ where })).toBe(2);
    expect(await auditOf('project.delete')).toHaveLength(1);
    expect(await outcome(remove(tenant.project.name))).toBe('NOT_FOUND');
  });

  it('succeeds for only one of several concurrent requests', async () => {
    const both = whileHolding(
      database.pool,
      { sql: 'SELECT FROM tessera.projects WHERE id = $1 FOR UPDATE', values: [tenant.project.id] },
      async () => {
        const outcomes = [
          outcome(remove(tenant.project.name)),
          outcome(remove(tenant.project.name)),
        ];
        await untilWaiting(database.pool, 2);
        return outcomes;
      },
    );
    expect((await Promise.all(await both)).sort()).toEqual(['NOT_FOUND', 'done']);
    expect(await auditOf('project.delete')).toHaveLength(1);
  });
});

describe('project refs', () => {
  const insertWith = (ref: string) =>
    database.pool.query(
      `INSERT INTO tessera.projects (id, ref, organization_id, name, slug)
       VALUES (gen_random_uuid(), $1, $2, 'Reuse', 'reuse')`,
      [ref, tenant.organizationId],
    );

  it('can never be used for another project, even with direct SQL', async () => {
    const { ref, name } = tenant.project;
    await projects.delete(admin, { projectRef: ref, name });
    await expect(insertWith(ref)).rejects.toThrow('projects_ref_claimed_once');
    const claim = database.pool.query('INSERT INTO tessera.project_refs (ref) VALUES ($1)', [ref]);
    await expect(claim).rejects.toThrow('project_refs_pkey');
  });

  it('cannot be released for reuse', async () => {
    const kept = 'kept for ever';
    const { ref } = tenant.project;
    for (const sql of [
      `DELETE FROM tessera.project_refs WHERE ref = '${ref}'`,
      `UPDATE tessera.project_refs SET claimed = false WHERE ref = '${ref}'`,
      `UPDATE tessera.project_refs SET ref = 'aaaaaaaaaaaaaaaa' WHERE ref = '${ref}'`,
    ]) {
      await expect(database.pool.query(sql)).rejects.toThrow(kept);
    }
  });

  it('must be reserved before use', async () => {
    await expect(insertWith('never0given0out0')).rejects.toThrow('projects_ref_claimed_once');
  });
});
