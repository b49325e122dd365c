import { expect, it } from 'vitest';

import { connectRaw } from '../../gateway/test/live-client.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const sdl = (live: string) => `type Task @model ${live} { id: ID! @id  title: String! }
type Note @model { id: ID! @id  text: String! }`;

it('shows the subscribers and the change log of a project with live models', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Tasks', sdl: sdl('@live') });
  const key = await tessera.seed.key(team, project);
  const client = await connectRaw(project.endpoint);
  await client.init({ apiKey: key });
  client.send({
    id: 'tasks',
    type: 'subscribe',
    payload: { query: 'subscription { tasks { totalCount } }' },
  });
  expect((await client.next()).type).toBe('next');

  const page = await tessera.newPage({ as: team.viewer, at: `/projects/${project.ref}` });
  const card = page.getByRole('region', { name: 'Live' });
  await card.getByText('1 (1 live query)').waitFor();
  await card.getByText('1 model', { exact: true }).waitFor();
  await card.getByText('Up to date').waitFor();
  await card.getByText('None yet').waitFor();

  // The figures are requested again.
  await tessera.seed.askProject(
    team.owner,
    project,
    'mutation { createTask(data: { title: "one" }) { id } }',
  );
  client.send({
    id: 'changes',
    type: 'subscribe',
    payload: { query: 'subscription { taskChanges { cursor } }' },
  });
  await card.getByText('2 (1 live query, 1 change stream)').waitFor({ timeout: 60_000 });
  await card.getByText('kept for 7 days').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'overview-subscribers');
  client.socket.close();
});

it('shows nothing about it in a project without live models', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Tasks', sdl: sdl('') });
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${project.ref}` });
  await page.getByRole('heading', { name: 'This project' }).waitFor();
  await page.waitForLoadState('networkidle');
  expect(await page.getByRole('heading', { name: 'Live' }).count()).toBe(0);
});
