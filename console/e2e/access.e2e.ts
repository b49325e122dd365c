import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { eventually } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const example = (name: string) =>
  readFile(join(import.meta.dirname, `../../examples/${name}.graphql`), 'utf8');

it('shows who can do what, with the rules that decide and their lines', async () => {
  const team = await tessera.seed.team();
  const sdl = await example('blog-with-drafts');
  const project = await tessera.seed.project(team, { name: 'Blog', sdl });
  const at = `/projects/${project.ref}/schema?view=access`;
  const page = await tessera.newPage({ as: team.developer, at });
  const table = page.getByRole('table', { name: 'Rights by model, audience and operation' });
  await table.waitFor();
  const rowsOf = async (model: string) => {
    const body = table
      .locator('tbody')
      .filter({ has: page.getByRole('button', { name: model, exact: true }) });
    const rows = await body.locator('tr:has(th[scope=row])').all();
    return Promise.all(
      rows.map(async (row) =>
        (await row.locator('th, td').allInnerTexts()).map((text) => text.trim()).join(' '),
      ),
    );
  };
  // READ, CREATE, UPDATE, DELETE and LINK. Without rules for LINK, the rules for READ decide.
  expect(await rowsOf('Post')).toEqual([
    'Everyone Some None None None Some',
    'Guests Some None None None Some',
    'Users Some Some Some Some Some',
  ]);
  const post = table.locator('tbody').filter({ hasText: 'Rules of Post' });
  await post.locator('tr', { hasText: 'Users' }).getByRole('button').nth(2).click();
  const deciding = post.getByRole('status');
  await deciding.getByText('Users, UPDATE: some rows of Post.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-table');

  await deciding
    .getByRole('button', { name: /^line / })
    .first()
    .click();
  const editor = page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' });
  await eventually(() => editor.locator('.cm-activeLine').innerText()).toContain('@allow');

  await table.getByRole('button', { name: 'Rules of User' }).click();
  await page.getByRole('dialog', { name: 'Access to User' }).waitFor();
});

it('explains a schema without access rules', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, {
    name: 'Plain',
    sdl: 'type Note @model { id: ID! @id text: String }',
  });
  const at = `/projects/${project.ref}/schema?view=access`;
  const page = await tessera.newPage({ as: team.viewer, at });
  await page.getByRole('heading', { name: 'No access rules' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await page.getByRole('button', { name: 'Write the rules of Note' }).click();
  await page.getByRole('dialog', { name: 'Access to Note' }).waitFor();
});
