import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessible, expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const blog = `type User @model {
  id: ID! @id
  name: String!
  notes: String
  posts: [Post!]!
}
type Post @model {
  id: ID! @id
  title: String!
  publishedAt: DateTime
  author: User!
}
`;

async function openBlog(role: 'developer' | 'viewer' = 'developer', search = '') {
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, { name: 'Blog', sdl: blog });
  const at = `/projects/${project.ref}/schema${search}`;
  return tessera.newPage({ as: team[role], at });
}

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' });

it('writes the rules of a model with forms', async () => {
  const page = await openBlog('developer', '?view=picture');
  await page.getByRole('button', { name: 'Access rules of User', exact: true }).click();
  const panel = page.getByRole('dialog', { name: 'Access to User' });
  await panel.getByRole('checkbox', { name: 'End users' }).click();
  await panel.getByText('notes', { exact: true }).click();
  await panel.getByRole('checkbox', { name: 'Private field notes' }).click();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'rules-user');
  await panel.getByRole('button', { name: 'Close' }).click();

  await page.getByRole('button', { name: 'Access rules of Post', exact: true }).click();
  const post = page.getByRole('dialog', { name: 'Access to Post' });
  await post.getByText('cannot see or change any Post row').waitFor();
  await post.getByRole('button', { name: 'New rule for Post' }).click();
  const form = post.getByRole('form', { name: 'Add rule' });
  await form.getByRole('checkbox', { name: 'Update' }).click();
  const where = form.getByRole('textbox', { name: 'Which rows' });
  await where.click();
  await page.keyboard.type('{ au');
  await page.getByRole('option', { name: 'authorId' }).click();
  await page.getByRole('option', { name: 'eq', exact: false }).first().click();
  await page.getByRole('option', { name: '"$user.id"' }).click();
  expect(await where.innerText()).toBe('{ authorId: { eq: "$user.id" }}');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'rules-form');
  await form.getByRole('button', { name: 'Add rule' }).click();
  await post
    .getByText('Signed-in users can read and update rows where authorId equals their id.')
    .waitFor();

  await post.getByText('author', { exact: true }).click();
  await post.getByRole('button', { name: 'Set a preset of author' }).click();
  await post.getByRole('textbox', { name: 'Value' }).click();
  await page.keyboard.insertText('"$user.id"');
  await post.getByRole('button', { name: 'Save preset' }).click();
  await post.getByText('Preset to "$user.id"').waitFor();
  await screenshot(page, 'rules-post');
  await post.getByRole('button', { name: /Go to line/ }).click();
  await post.waitFor({ state: 'detached' });
  const text = await editorOf(page).innerText();
  expect(text).toContain('type User @model @user {');
  expect(text).toContain('notes: String @private');
  expect(text).toContain('@allow(to: [READ, UPDATE], where: { authorId: { eq: "$user.id" }})');
  expect(text).toContain('author: User! @preset(value: "$user.id")');
});

it('changes and removes rules, and shows their problems', async () => {
  const page = await openBlog('developer', '?rules=Post');
  const panel = page.getByRole('dialog', { name: 'Access to Post' });
  const add = async () => panel.getByRole('button', { name: 'New rule for Post' }).click();
  await add();
  const form = panel.getByRole('form', { name: 'Add rule' });
  await form.getByRole('checkbox', { name: 'Read' }).click();
  await form.getByRole('textbox', { name: 'Which rows' }).click();
  await page.keyboard.insertText('{ titel: { eq: "a" }');
  await form.getByRole('button', { name: 'Add rule' }).click();
  await form.getByText('Select at least one operation.').waitFor();
  await form.getByText('Expected Name, found <EOF>.').waitFor();
  await expectAccessible(page);
  await form.getByRole('checkbox', { name: 'Read' }).click();
  await form.getByRole('textbox', { name: 'Which rows' }).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(' }');
  await form.getByRole('button', { name: 'Add rule' }).click();
  await panel.getByText('Post has no field titel.').waitFor();

  await panel.getByRole('button', { name: 'Edit' }).click();
  const edited = panel.getByRole('form', { name: 'Save rule' });
  await edited.getByRole('radio', { name: 'Require' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Keep editing' }).click();
  await edited.getByRole('button', { name: 'Save rule' }).click();
  await panel.getByText('@require(to: [READ], where: { titel').waitFor();
  await panel.getByRole('button', { name: 'Remove' }).click();
  await panel.getByText('cannot see or change any Post row').waitFor();
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'detached' });
  expect(await editorOf(page).innerText()).toContain('type Post @model {');
});

it('completes rules in the schema editor', async () => {
  const page = await openBlog();
  await editorOf(page).click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(blog.replace('User @model', 'User @model @user'));
  await page.keyboard.press('Control+End');
  await page.keyboard.type('type Note @model @al');
  await page.getByRole('option', { name: 'allow' }).click();
  await page.keyboard.type('RE');
  await page.getByRole('option', { name: 'READ' }).click();
  const line = () => editorOf(page).locator('.cm-activeLine').innerText();
  expect(await line()).toBe('type Note @model @allow(to: [READ])');
});

it('shows a viewer the rules without changes', async () => {
  const page = await openBlog('viewer', '?rules=Post');
  const panel = page.getByRole('dialog', { name: 'Access to Post' });
  const add = panel.getByRole('button', { name: 'New rule for Post' });
  await add.waitFor();
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await expectAccessible(page);
});
