import { projectNames } from '../../engine/migrations.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';

import { useTestDatabase } from '../../../test/database.ts';
import { seedSiblingKey, seedTenant, type SeededTenant } from '../../../test/tenant.ts';
import { createDataPlanePorts } from '../../control-plane/data-plane-ports.ts';
import { systemClock } from '../../platform/clock.ts';
import { createPubSub, type PubSub } from '../../platform/pubsub/pubsub.ts';
import { noSchema } from './project-schema.ts';
import { createProjectSnapshots, type ProjectSnapshots } from './project-snapshots.ts';

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

async function startInstance(): Promise<{ snapshots: ProjectSnapshots; pubsub: PubSub }> {
  const pubsub = createPubSub({ connectionString: database.url, logger, heartbeatMs: 100 });
  const { projects } = createDataPlanePorts({
    db: database.prisma,
    apiKeys: { authenticate: () => null },
    sessions: { authenticate: () => Promise.resolve(null) },
    audit: { record: () => Promise.resolve() },
    clock: systemClock,
  });
  const snapshots = createProjectSnapshots({
    projects,
    roles: { ensure: () => Promise.resolve() },
    pubsub,
    clock: systemClock,
  });
  await pubsub.start();
  cleanUps.push(
    () => pubsub.close(),
    () => snapshots.close(),
  );
  await hearing(pubsub);
  return { snapshots, pubsub };
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

const typesOf = async (snapshots: ProjectSnapshots, ref: string) =>
  (await snapshots.get(ref))?.schema.model().types.map(({ name }) => name);

/** Counts the statements that are sent to the database while `work` runs. */
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

describe('a project snapshot', () => {
  it('has the latest version and is served from the cache the second time', async () => {
    const { id, ref } = tenant.project;
    // The version is applied before the instance listens, because a notification would clear the cache during the test.
    await applyVersion(id, 2, sdlWith('Second'));
    const { snapshots } = await startInstance();
    const [first, same] = await Promise.all([snapshots.get(ref), snapshots.get(ref)]);
    expect(first).toMatchObject({ ref, version: 2, schema: { sdl: sdlWith('Second') } });
    expect(same?.schema).toBe(first?.schema);
    expect(snapshots.get(ref)).toMatchObject({ ref, version: 2 });
    expect(await statementsOf(() => snapshots.get(ref))).toBe(0);
  });

  it('is empty before the first version, and null for an unknown ref', async () => {
    const { snapshots } = await startInstance();
    const sibling = await seedSiblingKey(database.prisma, tenant);
    const { project } = await database.prisma.apiKey.findUniqueOrThrow({
      where: { id: sibling.id },
      include: { project: true },
    });
    expect(await snapshots.get(project.ref)).toEqual({
      ref: project.ref,
      names: projectNames(project.ref),
      version: 0,
      schema: noSchema,
    });
    for (const ref of ['0000000000000000', '', 'x', '\0'.repeat(16), '../../etc/passwd']) {
      expect(await snapshots.get(ref)).toBeNull();
    }
  });

  it('is updated on every instance when a version is applied or the project is deleted', async () => {
    const [{ snapshots: one }, { snapshots: other }] = [
      await startInstance(),
      await startInstance(),
    ];
    const { id, ref } = tenant.project;
    await applyVersion(id, 2, sdlWith('Second'));
    for (const snapshots of [one, other]) expect(await typesOf(snapshots, ref)).toEqual(['Second']);
    await applyVersion(id, 3, sdlWith('Third'));
    for (const snapshots of [one, other]) {
      await expect.poll(() => typesOf(snapshots, ref), { timeout: 1_000 }).toEqual(['Third']);
    }
    await database.prisma.organization.delete({ where: { id: tenant.organizationId } });
    for (const snapshots of [one, other]) {
      await expect.poll(async () => snapshots.get(ref), { timeout: 1_000 }).toBeNull();
    }
  });

  it('is reloaded on request, even without a notification', async () => {
    const { snapshots, pubsub } = await startInstance();
    const { id, ref } = tenant.project;
    await snapshots.get(ref);
    const hears = vi.spyOn(pubsub, 'isHearing').mockReturnValue(true);
    await applyVersion(id, 2, sdlWith('Second'));
    expect(await snapshots.refresh(ref)).toMatchObject({ version: 2 });
    expect(await typesOf(snapshots, ref)).toEqual(['Second']);
    hears.mockRestore();
  });

  it('is looked up for each request while notifications cannot be received, without parsing the SDL again', async () => {
    const { snapshots, pubsub } = await startInstance();
    const { id, ref } = tenant.project;
    await applyVersion(id, 2, sdlWith('Second'));
    const before = await snapshots.get(ref);
    vi.spyOn(pubsub, 'isHearing').mockReturnValue(false);
    let schema = before?.schema;
    expect(await statementsOf(async () => (schema = (await snapshots.get(ref))?.schema))).toBe(1);
    expect(schema).toBe(before?.schema);
    await applyVersion(id, 3, sdlWith('Third'));
    expect(await typesOf(snapshots, ref)).toEqual(['Third']);
  });

  it('shares its schema with every project that has the same SDL', async () => {
    const { snapshots } = await startInstance();
    const neighbour = await seedTenant(database.prisma);
    await applyVersion(tenant.project.id, 2, sdlWith('Same'));
    await applyVersion(neighbour.project.id, 2, sdlWith('Same'));
    const [own, theirs] = [
      await snapshots.get(tenant.project.ref),
      await snapshots.get(neighbour.project.ref),
    ];
    expect(own?.schema.model().types).toHaveLength(1);
    expect(theirs?.schema).toBe(own?.schema);
    expect(theirs?.ref).toBe(neighbour.project.ref);
  });
});
