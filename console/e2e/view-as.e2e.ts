import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';

import { eventually, texts } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Project, Team } from './kit/seed.ts';

const tessera = useConsole();

let team: Team;
let project: Project;
let ada: string;

beforeAll(async () => {
  team = await tessera.seed.team();
  const sdl = await readFile(
    join(import.meta.dirname, '../../examples/blog-with-drafts.graphql'),
    'utf8',
  );
  project = await tessera.seed.project(team, { name: 'Blog', sdl });
  const { user } = await tessera.seed.askProject<{ user: { id: string } }>(
    team.owner,
    project,
    `mutation { user: createUser(data: { email: "ada@example.org", name: "Ada", posts: { create: [
      { title: "Public post", body: "a", publishedAt: "2020-01-01T00:00:00Z" }
      { title: "Draft of Ada", body: "b" }
    ] } }) { id } }`,
  );
  ada = user.id;
  await tessera.seed.askProject(
    team.owner,
    project,
    `mutation { createUser(data: { email: "bob@example.org", name: "Bob", posts: { create: [
      { title: "Draft of Bob", body: "c" }
    ] } }) { id } }`,
  );
});

const titles = async (page: Page) => (await texts(page, 'title')).map((text) => text.trim()).sort();

/** The reason why a button is disabled. */
async function reasonOf(page: Page, name: string): Promise<string | null> {
  const id = await page.getByRole('button', { name }).getAttribute('aria-describedby');
  return page.locator(`[id="${id ?? ''}"]`).textContent();
}

it('shows the rows that a signed-out caller and a user can read', async () => {
  const at = `/projects/${project.ref}/data/Post`;
  const page = await tessera.newPage({ as: team.developer, at });
  await eventually(() => titles(page)).toEqual(['Draft of Ada', 'Draft of Bob', 'Public post']);
  await page.getByRole('button', { name: 'View as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'View as another caller' });
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'view-as-dialog');
  await dialog.getByRole('button', { name: 'View', exact: true }).click();
  await page.getByText('Viewing as a signed-out caller.').waitFor();
  await eventually(() => titles(page)).toEqual(['Public post']);
  expect(await reasonOf(page, 'Add row')).toContain('read-only');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'view-as-data');

  // An empty list does not say that the model has no rows.
  await page.getByRole('link', { name: /^Comment/ }).click();
  await page.getByRole('heading', { name: 'No visible rows' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await page.getByRole('link', { name: /^Post/ }).click();
  await eventually(() => titles(page)).toEqual(['Public post']);

  await page.getByRole('button', { name: 'View as…' }).click();
  await dialog.getByRole('radio', { name: 'A user' }).click();
  await dialog.getByRole('combobox', { name: 'User' }).fill('ada');
  await page.getByRole('option', { name: 'Ada' }).click();
  await dialog.getByRole('button', { name: 'View', exact: true }).click();
  await page.getByText(`Viewing as the user ${ada}.`).waitFor();
  await eventually(() => titles(page)).toEqual(['Draft of Ada', 'Public post']);

  // The choice survives a reload, and ends with a button.
  await page.reload();
  await eventually(() => titles(page)).toEqual(['Draft of Ada', 'Public post']);
  await page.getByRole('button', { name: 'Stop viewing' }).click();
  await eventually(() => titles(page)).toEqual(['Draft of Ada', 'Draft of Bob', 'Public post']);
  expect(await page.getByText('Viewing as').count()).toBe(0);
});

it('explores the API as a signed-out caller', async () => {
  const at = `/projects/${project.ref}/explorer`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('button', { name: 'View as…' }).click();
  await page.getByRole('button', { name: 'View', exact: true }).click();
  await page.getByText('Requests run as the chosen caller.').waitFor();
  await page.getByText('Viewing as a signed-out caller.').waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await page.locator('.graphiql-query-editor .monaco-editor').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('query All { posts { nodes { title } totalCount } }');
  await page.getByRole('button', { name: /Execute query/ }).click();
  const answer = page.locator('.graphiql-response');
  await answer.getByText('Public').first().waitFor();
  expect(await answer.innerText()).not.toContain('Draft');
  await expectAccessibleInBothThemes(page, { within: 'main > header' });
  await screenshot(page, 'view-as-explorer');
});

it('explains to a viewer why they cannot view the project as others', async () => {
  const at = `/projects/${project.ref}/data/Post`;
  const page = await tessera.newPage({ as: team.viewer, at });
  await page.getByRole('button', { name: 'View as…' }).waitFor();
  expect(await reasonOf(page, 'View as…')).toContain(
    'Only developers, admins and owners can view projects as other callers.',
  );
});
