import { expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { connectRaw } from '../../../test/live-client.ts';
import { makeProject } from '../../../test/project-api.ts';

const app = useApp();

it('is after all changes that the response contains, also if no one has read them before', async () => {
  const project = await makeProject(app, 'type Task @model @live { id: ID! @id  title: String! }');
  const create = (title: string) =>
    project.data('mutation ($title: String!) { createTask(data: { title: $title }) { id } }', {
      title,
    });
  await create('before');
  const { tasks, changesCursor } = await project.data('{ tasks { totalCount } changesCursor }');
  expect(tasks).toEqual({ totalCount: 1 });
  await create('after');

  const client = await connectRaw(project.endpoint);
  await client.init({ apiKey: project.key });
  client.send({
    id: 'changes',
    type: 'subscribe',
    payload: {
      query: 'subscription ($after: Cursor) { taskChanges(after: $after) { node { title } } }',
      variables: { after: changesCursor },
    },
  });
  expect((await client.next()).payload).toEqual({
    data: { taskChanges: { node: { title: 'after' } } },
  });
  client.socket.close();
});

it('is refused without live models, as before', async () => {
  const project = await makeProject(app, 'type Task @model { id: ID! @id  title: String! }');
  const { errors } = await project.ask('{ changesCursor }');
  expect(errors?.[0]?.extensions?.['code']).toBe('GRAPHQL_VALIDATION_FAILED');
});
