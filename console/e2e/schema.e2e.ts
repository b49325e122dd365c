import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole, type Console } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

type Team = Awaited<ReturnType<Console['seed']['team']>>;

const notes = `type Note @model {
  id: ID! @id
  title: String!
  text: String
}
`;

/** Creates a project with two notes, one of which has text. */
async function seedNotes(team: Team, sdl = notes) {
  const project = await tessera.seed.project(team, { name: 'Notes', sdl });
  const create = `mutation { createNotes(data: [{ title: "one", text: "a" }, { title: "two" }]) { count } }`;
  await tessera.seed.askProject(team.owner, project, create);
  return { ...project, at: `/projects/${project.ref}/schema` };
}

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' });
const planOf = (page: Page) => page.getByRole('list', { name: 'Steps' });

/** Replaces the editor's contents, as pasting does. */
async function write(page: Page, sdl: string): Promise<void> {
  await editorOf(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(sdl);
}

it('plans and applies a schema that starts from a template', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, { name: 'Shop' });
  const at = `/projects/${project.ref}/schema`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('heading', { name: 'Start from a template' }).waitFor();
  await page.getByRole('heading', { name: 'With access rules' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-empty');

  await page.getByRole('button', { name: 'Use shop' }).click();
  await planOf(page).getByText('Create a table for OrderItem.', { exact: true }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-plan');

  await page.getByRole('tab', { name: 'Diagram' }).click();
  await page.getByRole('button', { name: 'Go to type Order', exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?view=picture');
  await page.getByText('Show as text').click();
  await page.getByText('One Order row has many OrderItem rows').waitFor();
  await expectAccessibleInBothThemes(page);
  await page.getByText('Show as text').click();
  await screenshot(page, 'schema-picture');

  await page.getByRole('tab', { name: 'Plan' }).click();
  await page.getByRole('button', { name: 'Apply as version 1' }).click();
  await page.getByRole('heading', { name: 'Version 1 is applied' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-applied');
});

it.each(['tracker', 'blog', 'shop'])('has a %s template that the engine accepts', async (name) => {
  const file = join(import.meta.dirname, `../src/features/schema/templates/${name}.graphqls`);
  const sdl = await readFile(file, 'utf8');
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, { name, sdl });
  const { types } = await tessera.seed.askProject<{ types: { types: { name: string }[] } }>(
    team.owner,
    project,
    '{ types: __schema { types { name } } }',
  );
  const names = types.types.map((type) => type.name);
  const wanted = [...sdl.matchAll(/^(?:type|enum) (\w+)/gm)].map((match) => match[1]);
  expect(wanted.length).toBeGreaterThan(5);
  expect(names).toEqual(expect.arrayContaining(wanted));
});

it('shows a schema error with its line and a hint, and moves the cursor to it', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(page, notes.replace('title: String!', 'title: Strin!'));
  const problems = page.getByRole('region', { name: 'Problems' });
  const problem = problems.getByRole('button', { name: 'There is no type Strin.' });
  await problem.waitFor();
  expect(await problem.innerText()).toMatch(/Define it as a model or enum[^]*3:10/);
  expect(await page.locator('.cm-lintRange-error').innerText()).toBe('Strin');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-error');

  await problem.click();
  await page.keyboard.insertText('Boolean! # ');
  await problems.waitFor({ state: 'detached' });
  await planOf(page).waitFor();

  // Syntax errors are reported without a request to the gateway.
  await write(page, 'type Note @model {\n  id ID!\n}');
  await problems.getByText('Expected ":", found Name "ID"').waitFor();
});

it('requires confirmation of data loss and shows the number of affected rows', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(page, notes.replace('  text: String\n', ''));
  const apply = page.getByRole('button', { name: 'Apply as version 2' });
  await page.getByRole('checkbox', { name: 'Accept permanent data loss' }).waitFor();
  await page.getByText('Note.text: 1 row loses data').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-hazard');

  const reason = (await apply.getAttribute('aria-describedby')) ?? '';
  expect(await page.locator(`[id="${reason}"]`).textContent()).toBe(
    'Confirm these risks first: data loss.',
  );
  await apply.press('Enter');
  await page.getByText('SQL', { exact: false }).first().click();
  await page
    .getByRole('region', { name: /^SQL: / })
    .getByText('DROP COLUMN')
    .waitFor();

  await page.getByRole('checkbox', { name: 'Accept permanent data loss' }).click();
  await apply.click();
  await page.getByRole('heading', { name: 'Version 2 is applied' }).waitFor();
});

it('keeps the button that applies a plan with three hazards in sight', async () => {
  const team = await tessera.seed.team();
  const counted = notes.replace('text: String', 'text: String\n  count: Int');
  const { at } = await seedNotes(team, counted);
  const page = await tessera.newPage({ as: team.developer, at });
  await page.setViewportSize({ width: 1440, height: 900 });
  const changed = counted.replace('text: String', '').replace('count: Int', 'count: Float');
  await write(page, changed.replace('title: String!', 'title: String! @unique'));
  const hazards = page.getByRole('group', { name: 'Confirm these risks to continue.' });
  const apply = page.getByRole('button', { name: 'Apply as version 2' });
  const isInSight = async () => {
    const box = await apply.boundingBox();
    return box !== null && box.y >= 0 && box.y + box.height <= 900;
  };
  await hazards.getByRole('checkbox').nth(2).waitFor();
  await page.mouse.move(0, 0);
  expect(await isInSight()).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-hazards');
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const checkbox of await hazards.getByRole('checkbox').all()) await checkbox.click();
  expect(await isInSight()).toBe(true);
  expect(await apply.getAttribute('aria-disabled')).not.toBe('true');
});

it('reports the rows that cause a step to fail and changes nothing', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(page, notes.replace('text: String', 'text: String!'));
  await page
    .getByRole('checkbox', { name: 'Accept that existing rows might cause the plan to fail' })
    .click();
  await page.getByRole('button', { name: 'Apply as version 2' }).click();
  const alert = page.getByRole('alert').filter({ hasText: 'Nothing was changed' });
  await alert.getByText('Note.text: 1 row violates the new rule.').waitFor();
  await screenshot(page, 'schema-not-applied');
});

it('suggests renames, and does not apply a plan that is certain to fail', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(page, notes.replace('text: String', 'texts: String'));
  await page.getByText('Is this a rename?').waitFor();
  await page.getByText('@rename(from: "text")', { exact: true }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-rename-suggestion');

  await write(page, notes.replace('text: String', 'text: String\n  author: String!'));
  await page.getByText('This plan cannot be applied').waitFor();
  await page.getByText('all 2 rows violate the new rule').waitFor();
  const apply = page.getByRole('button', { name: 'Apply as version 2' });
  const reason = (await apply.getAttribute('aria-describedby')) ?? '';
  expect(await page.locator(`[id="${reason}"]`).textContent()).toContain('certain to fail');
  await screenshot(page, 'schema-certain');
});

it('shows a new plan if another tab applies a schema first', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const one = await tessera.newPage({ as: team.developer, at });
  await write(one, `${notes}type One @model { id: ID! @id }\n`);
  await planOf(one).getByText('Create a table for One.', { exact: true }).waitFor();
  const other = await tessera.newTab(one, at);
  await write(other, `${notes}type Other @model { id: ID! @id }\n`);
  await other.getByRole('button', { name: 'Apply as version 2' }).click();
  await other.getByRole('heading', { name: 'Version 2 is applied' }).waitFor();

  await one.getByRole('button', { name: 'Apply as version 2' }).click();
  const alert = one
    .getByRole('alert')
    .filter({ hasText: 'The schema has changed since your plan was made' });
  await alert.waitFor();
  await planOf(one)
    .getByText(/^Drop Other/)
    .waitFor();
  await one.getByRole('button', { name: 'Apply as version 3' }).waitFor();
  await screenshot(one, 'schema-stale');

  // The comparison has its own URL, which other members can open.
  const link = await alert.getByRole('link', { name: 'See what changed' }).getAttribute('href');
  expect(link).toMatch(/versions\?from=1&to=2$/);
  const page = await tessera.newPage({ as: team.viewer, at: link ?? '' });
  await page.getByRole('heading', { name: 'From version 1 to version 2' }).waitFor();
  const after = page.getByRole('textbox', { name: 'Schema of version 2' });
  await expect.poll(() => after.locator('.cm-changedLine').innerText()).toMatch(/type Other/);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-diff');

  await page.getByRole('link', { name: /^Version 1/ }).click();
  await page.getByRole('heading', { name: 'Migration plan' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-versions');
});

it('loads an earlier version into the editor', async () => {
  const team = await tessera.seed.team();
  const { at, ref } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(
    page,
    notes.replace('text:', 'body:').replace('String\n', 'String @rename(from: "text")\n'),
  );
  await page.getByRole('button', { name: 'Apply as version 2' }).click();
  await page.getByRole('heading', { name: 'Version 2 is applied' }).waitFor();
  await page.goto(`/projects/${ref}/schema/versions?version=1`);
  await page.getByRole('button', { name: 'Open in the editor' }).click();
  await planOf(page).getByText('text').first().waitFor();
  expect(await editorOf(page).innerText()).toContain('text: String');
});

it('asks for confirmation before leaving the page with unapplied changes, and keeps them', async () => {
  const team = await tessera.seed.team();
  const { at } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.developer, at });
  await write(page, `${notes}# a thought`);
  await page.getByRole('link', { name: 'Overview' }).click();
  const dialog = page.getByRole('dialog', { name: 'Leave without applying?' });
  await expectAccessibleInBothThemes(page);
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(new URL(page.url()).pathname).toBe(at);
  await page.getByRole('link', { name: 'Overview' }).click();
  await dialog.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== at);
  await page.goBack();
  await expect.poll(() => editorOf(page).innerText()).toContain('# a thought');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.getByText('No changes: this is the applied schema, version 1.').waitFor();
});

it('edits, plans and applies a schema with only the keyboard', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, { name: 'Keys' });
  const page = await tessera.newPage({
    as: team.developer,
    at: `/projects/${project.ref}/schema`,
  });
  await editorOf(page).waitFor();
  const { keyboard } = page;
  for (let presses = 0; presses < 60; presses += 1) {
    await keyboard.press('Tab');
    if (await editorOf(page).evaluate((element) => element === document.activeElement)) break;
  }
  await keyboard.type('type Cat @');
  // The completion list ignores key presses for a moment after it opens.
  const chosen = page.getByRole('option', { selected: true });
  await expect
    .poll(async () => {
      await keyboard.press('ArrowDown');
      return chosen.innerText();
    })
    .toBe('model');
  await keyboard.press('Enter');
  await keyboard.type(' {\nid: ID! @id');
  await keyboard.press('Escape');
  await keyboard.press('Control+s');
  await planOf(page).getByText('Create a table for Cat.', { exact: true }).waitFor();

  const apply = page.getByRole('button', { name: 'Apply as version 1' });
  await keyboard.press('Escape');
  for (let presses = 0; presses < 30; presses += 1) {
    await keyboard.press('Tab');
    if (await apply.evaluate((element) => element === document.activeElement)) break;
  }
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Version 1 is applied' }).waitFor();
});

it('shows a viewer the schema and explains why it is read-only', async () => {
  const team = await tessera.seed.team();
  const { at, ref } = await seedNotes(team);
  const page = await tessera.newPage({ as: team.viewer, at });
  await page.getByText('Only developers, admins and owners can apply a schema.').waitFor();
  await editorOf(page).click();
  await page.keyboard.insertText('type Evil');
  expect(await editorOf(page).innerText()).not.toContain('Evil');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-viewer');
  await page.goto(`/projects/${ref}/schema/versions`);
  const again = page.getByRole('button', { name: 'Open in the editor' });
  await again.waitFor();
  expect(await again.getAttribute('aria-disabled')).toBe('true');
});
