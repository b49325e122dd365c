import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { eventually } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { isInView, screenshot, viewports } from './kit/looks.ts';

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
  await page.setViewportSize(viewports.phone);
  const excess = () =>
    table.evaluate(({ parentElement: box }) => box && box.scrollWidth - box.clientWidth);
  expect(await excess(), 'pixels beyond the width of the panel').toBe(0);
  await page.setViewportSize(viewports.desktop);

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

it('simulates a request as another caller and shows what each rule lets through', async () => {
  const team = await tessera.seed.team();
  const sdl = await example('blog-with-drafts');
  const project = await tessera.seed.project(team, { name: 'Blog', sdl });
  await tessera.seed.askProject(
    team.owner,
    project,
    `mutation { createUser(data: { email: "ada@example.org", name: "Ada", posts: { create: [
      { title: "Public post", body: "a", publishedAt: "2020-01-01T00:00:00Z" }
      { title: "Draft", body: "b" }
    ] } }) { id } }`,
  );
  const at = `/projects/${project.ref}/schema?view=access`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('radio', { name: 'Simulator' }).click();
  const form = page.getByRole('form', { name: 'Simulate a request' });
  const operation = form.getByRole('textbox', { name: 'Operation' });
  // The first query leaves out the address, which signed-out callers cannot read.
  await eventually(() => operation.inputValue()).toBe(
    '{ users(first: 3) { nodes { id name } totalCount } }',
  );
  await operation.fill(
    'query ($first: Int) { posts(first: $first) { nodes { title } totalCount } }',
  );
  await form.getByRole('textbox', { name: /^Variables/ }).fill('{ "first": }');
  await form.getByRole('button', { name: 'Run' }).click();
  await form.getByText('Invalid JSON at line 1').waitFor();
  await form.getByRole('textbox', { name: /^Variables/ }).fill('{ "first": 5 }');
  await form.getByRole('button', { name: 'Run' }).click();
  const response = page.getByRole('region', { name: 'Response' });
  await response.getByText('"totalCount": 1').waitFor();
  const rules = page.getByRole('list', { name: 'Rules that were tried' });
  await rules.getByText('lets 1 row through').first().waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-simulator');

  await form.getByRole('combobox', { name: 'Caller' }).click();
  await page.getByRole('option', { name: 'A user' }).click();
  await form.getByRole('combobox', { name: /^User/ }).fill('ada');
  await page.getByRole('option', { name: 'Ada' }).click();
  await form.getByRole('button', { name: 'Run' }).click();
  await response.getByText('"totalCount": 2').waitFor();
  await rules.getByText('lets 2 rows through').first().waitFor();

  await page.getByRole('radio', { name: 'Rights' }).click();
  await page.getByRole('table', { name: /^Rights by model/ }).waitFor();
  await page.getByRole('radio', { name: 'Simulator' }).click();
  expect(await operation.inputValue()).toContain('query ($first: Int)');
});

it('simulates mutations: each rule with the rows it lets through, and no change', async () => {
  const team = await tessera.seed.team();
  const sdl = await example('blog-with-drafts');
  const project = await tessera.seed.project(team, { name: 'Blog', sdl });
  const { post } = await tessera.seed.askProject<{ post: { id: string } }>(
    team.owner,
    project,
    `mutation {
      createUser(data: { email: "ben@example.org", name: "Ben" }) { id }
      post: createPost(data: { title: "Draft", body: "b", author: { create: {
        email: "ada@example.org", name: "Ada"
      } } }) { id }
    }`,
  );
  const at = `/projects/${project.ref}/schema?view=access`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('radio', { name: 'Simulator' }).click();
  const form = page.getByRole('form', { name: 'Simulate a request' });
  const response = page.getByRole('region', { name: 'Response' });
  const rules = page.getByRole('list', { name: 'Rules that were tried' });
  /** The decisions about updated rows: the model, the operation, whether the rule applies, and its rows. */
  const updates = async () => {
    const decisions = await rules.getByRole('listitem').locator('p:first-child').all();
    const parts = await Promise.all(decisions.map((line) => line.locator('span').allInnerTexts()));
    return parts
      .map((texts) => texts.filter((text) => text !== ''))
      .filter(([, operation]) => operation === 'UPDATE');
  };
  const runAs = async (name: string) => {
    await form.getByRole('combobox', { name: /^User/ }).fill(name);
    await page.getByRole('option', { name }).click();
    await form.getByRole('button', { name: 'Run' }).click();
  };

  const operation = form.getByRole('textbox', { name: 'Operation' });
  await operation.fill(
    'mutation ($id: ID!, $title: String!) {\n  updatePost(where: { id: $id }, data: { title: $title }) { title }\n}',
  );
  const variables = JSON.stringify({ id: post.id, title: 'Renamed' }, null, 2);
  await form.getByRole('textbox', { name: /^Variables/ }).fill(variables);
  await form.getByRole('button', { name: 'Run' }).click();
  await response.getByText('do not permit any mutations to this caller').waitFor();
  expect(await updates()).toEqual([['Post', 'UPDATE', 'Does not apply']]);

  await form.getByRole('combobox', { name: 'Caller' }).click();
  await page.getByRole('option', { name: 'A user' }).click();
  await runAs('Ben');
  await expect.poll(() => isInView(page.getByRole('heading', { name: 'Result' }))).toBe(true);
  await response.getByText('"NOT_FOUND"').waitFor();
  expect(await updates()).toEqual([['Post', 'UPDATE', 'Applies', 'lets no rows through']]);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-simulator-refused');

  await runAs('Ada');
  await response.getByText('"title": "Renamed"').waitFor();
  expect(await updates()).toEqual([['Post', 'UPDATE', 'Applies', 'lets 1 row through']]);
  await screenshot(page, 'access-simulator-mutation');

  const stored = await tessera.seed.askProject(
    team.owner,
    project,
    `{ posts { nodes { title } } }`,
  );
  expect(stored).toEqual({ posts: { nodes: [{ title: 'Draft' }] } });
});
