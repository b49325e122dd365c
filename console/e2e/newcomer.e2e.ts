import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();
const run = promisify(execFile);

/** Greater than the number of tab stops on any page. */
const maxStops = 120;

const isFocused = async (target: Locator): Promise<boolean> =>
  (await target.count()) > 0 &&
  (await target.evaluate((element) => element === document.activeElement));

/** Presses Tab until the target has focus. */
async function reach(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const editor = page.locator('.cm-content');
  for (let stop = 0; stop < maxStops; stop += 1) {
    if (await isFocused(target)) return;
    // In the schema editor, Tab indents unless Escape was pressed first.
    if (await isFocused(editor)) await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target.toString()} cannot be reached with the Tab key.`);
}

async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  await page.keyboard.press('Enter');
}

async function type(page: Page, target: Locator, text: string): Promise<void> {
  await reach(page, target);
  await page.keyboard.type(text);
}

/** Opens a project page with the command palette. */
async function goTo(page: Page, name: string, title = name): Promise<void> {
  await page.keyboard.press('Control+k');
  const search = page.getByPlaceholder(/^Search pages/);
  await search.waitFor();
  await expect.poll(() => isFocused(search)).toBe(true);
  await page.keyboard.type(name);
  await page
    .getByRole('option', { name, exact: true })
    .and(page.locator('[aria-selected=true]'))
    .waitFor();
  await page.keyboard.press('Enter');
  await heading(page, title).waitFor();
}

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const field = (page: Page, name: string | RegExp) => page.getByRole('textbox', { name });

it('takes a new user from registration to the first API response, using only the keyboard', async () => {
  const page = await tessera.newPage({ at: '/' });
  await press(page, page.getByRole('link', { name: 'Create an account' }));
  await heading(page, 'Create your account').waitFor();
  await type(page, field(page, 'Name'), 'Katherine Johnson');
  await type(page, field(page, 'Email'), 'katherine@example.org');
  await type(page, page.getByLabel('Password', { exact: true }), 'a trajectory by hand');
  await page.keyboard.press('Enter');

  await heading(page, 'Welcome, Katherine Johnson').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'welcome');
  await type(page, field(page, 'Name'), 'Orbit');
  await page.keyboard.press('Enter');
  const newProject = page.getByRole('dialog', { name: 'New project' });
  await type(page, newProject.getByLabel('Name'), 'Weblog');
  await page.keyboard.press('Enter');

  await heading(page, 'Weblog').waitFor();
  await press(page, page.getByRole('link', { name: 'Start from a template' }));
  await press(page, button(page, 'Use blog'));
  await press(page, button(page, 'Apply as version 1'));
  await page.getByRole('heading', { name: 'Version 1 is applied' }).waitFor();

  await goTo(page, 'Data', 'Author');
  await press(page, button(page, 'Add row'));
  const row = page.getByRole('dialog', { name: 'Add a row to Author' });
  await type(page, row.getByRole('textbox', { name: /^email\b/ }), 'katherine@example.org');
  await type(page, row.getByRole('textbox', { name: /^name\b/ }), 'Katherine');
  await press(page, row.getByRole('button', { name: 'Add row' }));
  await page.getByRole('dialog', { name: 'Katherine' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('grid').getByText('katherine@example.org').waitFor();

  await goTo(page, 'API keys');
  await press(page, button(page, 'New key'));
  const newKey = page.getByRole('dialog', { name: 'New API key' });
  await type(page, newKey.getByRole('textbox', { name: 'Name' }), 'Backend');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Read Author rows' }).waitFor();
  await press(page, button(page, 'Copy commands'));
  await page.getByText('Copied').first().waitFor();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  expect(command).toMatch(/^curl http/);
  await press(page, button(page, 'Done'));
  await newKey.waitFor({ state: 'detached' });

  const { stdout } = await run('sh', ['-c', command], { timeout: 20_000 });
  expect(JSON.parse(stdout)).toMatchObject({
    data: { authors: { nodes: [{ email: 'katherine@example.org', name: 'Katherine' }] } },
  });
});
