import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';

import { useTestDatabase } from '../../../test/database.ts';
import { seedSiblingKey, seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { roles } from '../../control-plane/access/actions.ts';
import { anonymous, type ApiKeyViewer, type Viewer } from '../../control-plane/access/viewer.ts';
import { systemClock } from '../../platform/clock.ts';
import { createPubSub, type PubSub } from '../../platform/pubsub/pubsub.ts';
import {
  createProjectApisService,
  type ProjectApisService,
} from '../../control-plane/project-apis/project-apis.service.ts';

const database = useTestDatabase();
const logger = pino({ level: 'silent' });
const cleanUps: (() => Promise<void> | void)[] = [];
let tenant: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(database.prisma);
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startInstance(): Promise<{ apis: ProjectApisService; pubsub: PubSub }> {
  const pubsub = createPubSub({ connectionString: database.url, logger, heartbeatMs: 100 });
  const apis = createProjectApisService({ db: database.prisma, pubsub, clock: systemClock });
  await pubsub.start();
  cleanUps.push(
    () => pubsub.close(),
    () => apis.close(),
  );
  await hearing(pubsub);
  return { apis, pubsub };
}

const hearing = (pubsub: PubSub) =>
  vi.waitFor(() => expect(pubsub.isHearing()).toBe(true), { timeout: 5_000, interval: 10 });

const sdlWith = (name: string) => `type ${name} @model { id: ID! @id }`;

const applyVersion = async (projectId: string, number: number, sdl: string): Promise<unknown> =>
  database.prisma.schemaVersion.create({
    data: {
      projectId,
      number,
      sdl,
      plan: {},
      appliedByKind: 'USER',
      appliedById: tenant.users.OWNER.userId,
      appliedByName: 'somebody',
    },
  });

const typesOf = async (apis: ProjectApisService, ref: string) =>
  (await apis.snapshots.get(ref))?.model.types.map(({ name }) => name);

/** How many statements the database was sent while `work` ran. */
async function statementsOf(work: () => unknown): Promise<number> {
  const spy = vi.spyOn(database.prisma, '$queryRaw');
  const spyFind = vi.spyOn(database.prisma.schemaVersion, 'findUnique');
  try {
    await work();
    return spy.mock.calls.length + spyFind.mock.calls.length;
  } finally {
    spy.mockRestore();
    spyFind.mockRestore();
  }
}

describe('the snapshot of a project', () => {
  it('has the version with the highest number, and is there at once the second time', async () => {
    const { id, ref } = tenant.project;
    // Before the instance listens, lest the news of it empty the cache in the middle of the test.
    await applyVersion(id, 2, sdlWith('Second'));
    const { apis } = await startInstance();
    const [first, same] = await Promise.all([apis.snapshots.get(ref), apis.snapshots.get(ref)]);
    expect(first).toMatchObject({ ref, version: 2, model: { types: [{ name: 'Second' }] } });
    expect(same?.model).toBe(first?.model);
    expect(apis.snapshots.get(ref)).toMatchObject({ ref, version: 2 });
    expect(await statementsOf(() => apis.snapshots.get(ref))).toBe(0);
  });

  it('is empty before the first version, and null for what is no project', async () => {
    const { apis } = await startInstance();
    const sibling = await seedSiblingKey(database.prisma, tenant);
    const { project } = await database.prisma.apiKey.findUniqueOrThrow({
      where: { id: sibling.id },
      include: { project: true },
    });
    expect(await apis.snapshots.get(project.ref)).toEqual({
      ref: project.ref,
      version: 0,
      model: { types: [], enums: [], relations: [] },
    });
    for (const ref of ['0000000000000000', '', 'x', '\0'.repeat(16), '../../etc/passwd']) {
      expect(await apis.snapshots.get(ref)).toBeNull();
    }
  });

  it('follows a version that is applied, on every instance, and the end of the project', async () => {
    const [{ apis: one }, { apis: other }] = [await startInstance(), await startInstance()];
    const { id, ref } = tenant.project;
    await applyVersion(id, 2, sdlWith('Second'));
    for (const apis of [one, other]) expect(await typesOf(apis, ref)).toEqual(['Second']);
    await applyVersion(id, 3, sdlWith('Third'));
    for (const apis of [one, other]) {
      await expect.poll(() => typesOf(apis, ref), { timeout: 1_000 }).toEqual(['Third']);
    }
    await database.prisma.organization.delete({ where: { id: tenant.organizationId } });
    for (const apis of [one, other]) {
      await expect.poll(async () => apis.snapshots.get(ref), { timeout: 1_000 }).toBeNull();
    }
  });

  it('is the newest when it is asked to be, notified or not', async () => {
    const { apis, pubsub } = await startInstance();
    const { id, ref } = tenant.project;
    await apis.snapshots.get(ref);
    const hears = vi.spyOn(pubsub, 'isHearing').mockReturnValue(true);
    await applyVersion(id, 2, sdlWith('Second'));
    expect(await apis.snapshots.refresh(ref)).toMatchObject({ version: 2 });
    expect(await typesOf(apis, ref)).toEqual(['Second']);
    hears.mockRestore();
  });

  it('is asked anew each time, but not parsed again, while notifications cannot be heard', async () => {
    const { apis, pubsub } = await startInstance();
    const { id, ref } = tenant.project;
    await applyVersion(id, 2, sdlWith('Second'));
    const before = await apis.snapshots.get(ref);
    vi.spyOn(pubsub, 'isHearing').mockReturnValue(false);
    let model = before?.model;
    expect(await statementsOf(async () => (model = (await apis.snapshots.get(ref))?.model))).toBe(
      1,
    );
    expect(model).toBe(before?.model);
    await applyVersion(id, 3, sdlWith('Third'));
    expect(await typesOf(apis, ref)).toEqual(['Third']);
  });

  it('shares its model with every project of the same SDL', async () => {
    const { apis } = await startInstance();
    const neighbour = await seedTenant(database.prisma);
    await applyVersion(tenant.project.id, 2, sdlWith('Same'));
    await applyVersion(neighbour.project.id, 2, sdlWith('Same'));
    const [own, theirs] = [
      await apis.snapshots.get(tenant.project.ref),
      await apis.snapshots.get(neighbour.project.ref),
    ];
    expect(own?.model.types).toHaveLength(1);
    expect(theirs?.model).toBe(own?.model);
    expect(theirs?.ref).toBe(neighbour.project.ref);
  });
});

describe('the grant', () => {
  const keyViewer = (scopes: readonly string[]): ApiKeyViewer => ({
    kind: 'apiKey',
    keyId: tenant.key.id,
    keyKind: 'SECRET',
    prefix: 'tsk_',
    scopes,
    rateLimitPerMinute: null,
    projectId: tenant.project.id,
    projectRef: tenant.project.ref,
    organizationId: tenant.organizationId,
  });
  const refusalOf = async (apis: ProjectApisService, viewer: Viewer, ref: string) => {
    try {
      await apis.grant(viewer, ref);
    } catch (error) {
      return error instanceof Error && 'code' in error ? [error.code, error.message] : error;
    }
    return null;
  };

  it.each([
    [['data.read'], { read: 'ALL', write: new Set(), introspect: false }],
    [['data.write'], { read: new Set(), write: 'ALL', introspect: false }],
    [
      ['data.read:A', 'data.read:B', 'data.write:C'],
      { read: new Set(['A', 'B']), write: new Set(['C']), introspect: false },
    ],
    [['data.read:A', 'data.read'], { read: 'ALL', write: new Set(), introspect: false }],
    [['schema.read'], { read: new Set(), write: new Set(), introspect: true }],
    [['schema.apply'], { read: new Set(), write: new Set(), introspect: true }],
  ])('of a key is what its scopes say: %j', async (scopes, access) => {
    const { apis } = await startInstance();
    const viewer = keyViewer(scopes);
    const grant = apis.grant(viewer, tenant.project.ref);
    expect(grant).toEqual({ projectId: tenant.project.id, access });
    expect(apis.grant(viewer, tenant.project.ref)).toBe(grant);
    const again = await apis.grant(keyViewer(scopes.toReversed()), tenant.project.ref);
    expect(again.access).toBe((await grant).access);
  });

  it('of a member is what their role allows, and follows the role', async () => {
    const { apis } = await startInstance();
    const expected = {
      OWNER: { read: 'ALL', write: 'ALL', introspect: true },
      ADMIN: { read: 'ALL', write: 'ALL', introspect: true },
      DEVELOPER: { read: 'ALL', write: 'ALL', introspect: true },
      VIEWER: { read: 'ALL', write: new Set(), introspect: true },
    };
    const viewerOf = (role: (typeof roles)[number]): Viewer => ({
      kind: 'user',
      ...tenant.users[role],
    });
    for (const role of roles) {
      const { projectId, access } = await apis.grant(viewerOf(role), tenant.project.ref);
      expect(projectId).toBe(tenant.project.id);
      expect(access, role).toEqual(expected[role]);
    }
    const { membershipId: id } = tenant.users.DEVELOPER;
    await database.prisma.membership.update({ where: { id }, data: { role: 'VIEWER' } });
    const { access } = await apis.grant(viewerOf('DEVELOPER'), tenant.project.ref);
    expect(access.write).toEqual(new Set());
    await database.prisma.membership.delete({ where: { id } });
    expect(await refusalOf(apis, viewerOf('DEVELOPER'), tenant.project.ref)).not.toBeNull();
  });

  it("of another's project is refused like one of none", async () => {
    const { apis } = await startInstance();
    const neighbour = await seedTenant(database.prisma);
    const user: Viewer = { kind: 'user', ...tenant.users.OWNER };
    const answers = new Set<string>();
    for (const viewer of [user, keyViewer(['data.read'])]) {
      for (const ref of [neighbour.project.ref, '0000000000000000', '\0', '']) {
        answers.add(JSON.stringify(await refusalOf(apis, viewer, ref)));
      }
    }
    expect([...answers]).toEqual([expect.stringContaining('NOT_FOUND')]);
  });

  it('of nobody is refused', async () => {
    const { apis } = await startInstance();
    expect(await refusalOf(apis, anonymous, tenant.project.ref)).toContain('UNAUTHENTICATED');
  });
});
