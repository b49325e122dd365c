import { expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { connectRaw } from '../../../test/live-client.ts';
import { makeProject, type TestProject } from '../../../test/project-api.ts';

const app = useApp({ env: { CHANGE_LOG_MAX_BYTES: '5000000' } });

const sdl = (live: string) => `
  type Task @model ${live} { id: ID! @id  title: String! }
  type List @model ${live} { id: ID! @id  name: String! }
  type Note @model { id: ID! @id  text: String! }
`;

const fields =
  'subscribers queries streams models lagMs logBytes logMaxBytes retentionDays oldestChangeAt';

async function liveOf({ ref, tenant }: TestProject) {
  const { body } = await app.graphql(
    `{ project(ref: "${ref}") { live { ${fields} } } }`,
    {},
    await app.accessTokenFor(tenant.users.VIEWER),
  );
  // The document selects these fields.
  return (body.data as { project: { live: Record<string, unknown> } }).project.live;
}

const create = (project: TestProject) =>
  project.data('mutation { createTask(data: { title: "one" }) { id } }');

it('counts the subscriptions to a project and measures its change log', async () => {
  const project = await makeProject(app, sdl('@live'));
  const other = await makeProject(app, sdl('@live'));
  const empty = {
    subscribers: 0,
    queries: 0,
    streams: 0,
    models: 2,
    lagMs: 0,
    logBytes: 0,
    logMaxBytes: 5_000_000,
    retentionDays: 7,
    oldestChangeAt: null,
  };
  expect(await liveOf(project)).toEqual(empty);

  const client = await connectRaw(project.endpoint);
  await client.init({ apiKey: project.key });
  const subscribe = (id: string, field: string) =>
    client.send({ id, type: 'subscribe', payload: { query: `subscription { ${field} }` } });
  subscribe('one', 'tasks { totalCount }');
  subscribe('two', 'lists { totalCount }');
  await client.next();
  await client.next();
  subscribe('three', 'taskChanges { operation }');
  await expect
    .poll(() => liveOf(project))
    .toMatchObject({ subscribers: 3, queries: 2, streams: 1 });
  await create(project);
  await client.next();
  await expect.poll(() => liveOf(project), { timeout: 20_000 }).toMatchObject({ lagMs: 0 });
  const { logBytes, oldestChangeAt } = await liveOf(project);
  expect(logBytes).toBeGreaterThan(0);
  expect(Date.parse(String(oldestChangeAt))).toBeGreaterThan(Date.now() - 60_000);
  expect(await liveOf(other)).toEqual(empty);

  client.socket.close();
  await expect
    .poll(() => liveOf(project), { timeout: 20_000 })
    .toMatchObject({ subscribers: 0, models: 2 });
});

it('says how long changes have been waiting to be read', async () => {
  const project = await makeProject(app, sdl('@live'));
  const client = await connectRaw(project.endpoint);
  await client.init({ apiKey: project.key });
  client.send({
    id: 'a',
    type: 'subscribe',
    payload: { query: 'subscription { taskChanges { at } }' },
  });
  await expect.poll(() => liveOf(project), { timeout: 20_000 }).toMatchObject({ streams: 1 });
  const reader = await app.database.pool.connect();
  try {
    // Another reader of the log holds its lock.
    await reader.query('BEGIN');
    await reader.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [
      `tessera:changes:p_${project.ref}`,
    ]);
    await create(project);
    await expect
      .poll(async () => Number((await liveOf(project))['lagMs']), { timeout: 20_000 })
      .toBeGreaterThan(0);
  } finally {
    await reader.query('ROLLBACK');
    reader.release();
  }
  expect((await client.next()).type).toBe('next');
  await expect.poll(() => liveOf(project), { timeout: 20_000 }).toMatchObject({ lagMs: 0 });
  client.socket.close();
});

it('is empty for a project without live models', async () => {
  const project = await makeProject(app, sdl(''));
  expect(await liveOf(project)).toMatchObject({ models: 0, logBytes: 0, oldestChangeAt: null });
  const before = await makeProject(app, null);
  expect(await liveOf(before)).toMatchObject({ models: 0, subscribers: 0 });
});

it('is denied to API keys', async () => {
  const project = await makeProject(app, sdl('@live'));
  const { body } = await app.graphql(
    `{ project(ref: "${project.ref}") { live { subscribers } } }`,
    {},
    project.key,
  );
  expect(body.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
});
