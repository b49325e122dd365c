import { expect, it } from 'vitest';

import { useConsole } from './kit/console.ts';

const tessera = useConsole();

it('opens at any path without requests to other origins', async () => {
  const page = await tessera.newPage({ at: '/some/where' });
  await expect.poll(() => page.locator('#root').innerText()).not.toBe('');
});

it('stays signed in after a reload', async () => {
  const team = await tessera.seed.team();
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  await page.getByText(team.name).first().waitFor();
  await page.reload();
  await page.getByText(team.name).first().waitFor();
  expect(new URL(page.url()).pathname).toBe(`/orgs/${team.slug}`);
});

it('stays signed in when opened in another tab', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.tracker(team);
  const page = await tessera.newPage({ as: team.viewer, at: `/orgs/${team.slug}` });
  await page.getByText(team.name).first().waitFor();
  const tab = await tessera.newTab(page, `/projects/${project.ref}`);
  await tab.getByText(project.name).first().waitFor();
});
