import { randomUUID } from 'node:crypto';

import { beforeEach, describe, expect, it } from 'vitest';

import { anonymousCaller, callerOf } from '../../../test/callers.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { noRemoval } from '../../../test/schema-removal.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import type { Principal } from '../access/viewer.ts';
import { createProjectsService } from '../projects/projects.service.ts';
import { createAuditService, type AuditFilter, type AuditService } from './audit.service.ts';

const database = useTestDatabase();
let audit: AuditService;
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  audit = createAuditService({ db: database.prisma });
  tenant = await seedTenant(database.prisma);
  neighbour = await seedTenant(database.prisma);
});

const record = (caller: Principal, action: 'member.remove' | 'organization.update') =>
  audit.record(database.prisma, caller, {
    action,
    organizationId: tenant.organizationId,
    target: { kind: 'organization', id: tenant.organizationId, label: tenant.name },
    details: { text: 'a "quoted" \\ ü' },
  });

async function search(filter: AuditFilter) {
  const where = await audit.filter(tenant.organizationId, filter);
  return database.prisma.auditEntry.findMany({ where, orderBy: { id: 'asc' } });
}

const actionsFound = async (filter: AuditFilter) =>
  (await search(filter)).map(({ action }) => action);

describe('AuditService.record', () => {
  it('stores the actor, the change, the address and the request', async () => {
    await record(callerOf(tenant.users.ADMIN), 'organization.update');
    expect(await search({ action: 'organization.update' })).toMatchObject([
      {
        organizationId: tenant.organizationId,
        projectId: null,
        actorKind: 'USER',
        actorId: tenant.users.ADMIN.userId,
        actorLabel: tenant.users.ADMIN.email,
        targetKind: 'organization',
        targetId: tenant.organizationId,
        targetLabel: tenant.name,
        ipAddress: anonymousCaller.ipAddress,
        requestId: anonymousCaller.requestId,
        details: { text: 'a "quoted" \\ ü' },
      },
    ]);
  });

  it('labels a key with its prefix, and leaves the label of an anonymous caller empty', async () => {
    const keyId = randomUUID();
    const viewer = {
      kind: 'apiKey',
      keyId,
      keyKind: 'SECRET',
      prefix: 'tsk_abcdefgh',
      scopes: [],
      rateLimitPerMinute: null,
      projectId: tenant.project.id,
      projectRef: tenant.project.ref,
      organizationId: tenant.organizationId,
    } as const;
    await record({ ...anonymousCaller, viewer }, 'organization.update');
    await record(anonymousCaller, 'organization.update');
    expect(await search({ action: 'organization.update' })).toMatchObject([
      { actorKind: 'API_KEY', actorId: keyId, actorLabel: 'tsk_abcdefgh' },
      { actorKind: 'ANONYMOUS', actorId: null, actorLabel: null },
    ]);
  });

  it('is rolled back with its transaction', async () => {
    const work = database.prisma.$transaction(async (tx) => {
      await audit.record(tx, callerOf(tenant.users.OWNER), {
        action: 'organization.update',
        organizationId: tenant.organizationId,
        target: { kind: 'organization', id: null, label: null },
      });
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await search({ action: 'organization.update' })).toEqual([]);
  });
});

describe('AuditService.filter', () => {
  beforeEach(async () => {
    await record(callerOf(tenant.users.ADMIN), 'member.remove');
    await record(callerOf(tenant.users.OWNER), 'organization.update');
  });

  it("returns the entries that match all filters, or all of the organization's entries if there are no filters", async () => {
    const everything = ['project.create', 'member.remove', 'organization.update'];
    expect(await actionsFound({})).toEqual(everything);
    const none = { action: null, actorId: null, projectRef: null, since: null, until: null };
    expect(await actionsFound(none)).toEqual(everything);
    const actorId = tenant.users.OWNER.userId;
    expect(await actionsFound({ actorId })).toEqual(['project.create', 'organization.update']);
    expect(await actionsFound({ actorId, action: 'project.create' })).toEqual(['project.create']);
    expect(await actionsFound({ actorId, action: 'member.remove' })).toEqual([]);
    expect(await actionsFound({ actorId: neighbour.users.OWNER.userId })).toEqual([]);
  });

  it("finds a project's entries even after its deletion", async () => {
    expect(await actionsFound({ projectRef: tenant.project.ref })).toEqual(['project.create']);
    expect(await actionsFound({ projectRef: neighbour.project.ref })).toEqual([]);
    const db = database.prisma;
    const projects = createProjectsService({
      db,
      audit,
      removal: noRemoval,
      publicUrl: 'https://tessera.example',
    });
    const owner = callerOf(tenant.users.OWNER);
    const { organizationId } = tenant;
    const { ref } = await projects.create(owner, { organizationId, name: 'Short-lived' });
    await projects.delete(owner, { projectRef: ref, name: 'Short-lived' });
    expect(await actionsFound({ projectRef: ref })).toEqual(['project.create', 'project.delete']);
  });

  it('includes the start of a time range and excludes its end', async () => {
    const [first, second, third] = await search({});
    const at = (entry = first) => entry?.at ?? new Date(Number.NaN);
    // Several entries can have the same timestamp, so the timestamps are changed to be distinct. The changes are within
    // the tolerance of the id range.
    const apart = async (entry = first, seconds = 0) => {
      const moved = new Date(at(entry).getTime() + seconds * 1_000);
      const id = entry?.id ?? '';
      await database.prisma.auditEntry.update({ where: { id }, data: { at: moved } });
      return moved;
    };
    await apart(first, -20);
    const middle = await apart(second, -10);
    const last = await apart(third, 0);
    expect(await actionsFound({ since: middle })).toEqual(['member.remove', 'organization.update']);
    expect(await actionsFound({ until: middle })).toEqual(['project.create']);
    expect(await actionsFound({ since: middle, until: last })).toEqual(['member.remove']);
    expect(await actionsFound({ since: last, until: middle })).toEqual([]);
  });

  it('limits the id range to the time range', async () => {
    const hour = 60 * 60 * 1_000;
    const where = await audit.filter(tenant.organizationId, {
      since: new Date(Date.now() - hour),
      until: new Date(Date.now() + hour),
    });
    const { id: since } = await database.prisma.auditEntry.findFirstOrThrow({ where });
    expect(where.id).toEqual({
      gte: expect.any(String) as string,
      lt: expect.any(String) as string,
    });
    const { gte, lt } = where.id as { gte: string; lt: string };
    expect(gte < since && since < lt).toBe(true);
    const timeOf = (id: string) => parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(timeOf(lt) - timeOf(gte)).toBeLessThan(2 * hour + 3 * 60_000);
  });

  it.each([
    { action: '\0' },
    { action: '\ud800' },
    { action: '' },
    { action: 'x'.repeat(1_000_000) },
    { actorId: 'x' },
    { actorId: '\0' },
    { projectRef: 'x' },
    { projectRef: '\0'.repeat(16) },
    { since: new Date('9999-12-31T23:59:59Z') },
    { until: new Date('0001-01-01T00:00:00Z') },
  ])('matches no entries for impossible values: %j', async (filter) => {
    expect(await actionsFound(filter)).toEqual([]);
  });

  it('accepts the longest possible time range', async () => {
    const since = new Date('0001-01-01T00:00:00Z');
    const until = new Date('9999-12-31T23:59:59Z');
    expect(await actionsFound({ since, until })).toHaveLength(3);
  });
});
