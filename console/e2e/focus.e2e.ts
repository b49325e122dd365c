import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { useConsole } from './kit/console.ts';

const tessera = useConsole();

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const isFocused = (element: Locator): Promise<boolean> =>
  element.evaluate((node) => node === document.activeElement);
const expectFocus = (element: Locator) =>
  expect.poll(() => isFocused(element), { timeout: 20_000 }).toBe(true);

/** Chooses an action of the key Backend. */
async function choose(page: Page, action: string): Promise<void> {
  await button(page, 'Actions for Backend').click();
  await page.getByRole('menuitem', { name: action }).click();
}

it('starts in the first field of a dialog or panel', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  await tessera.seed.key(team, tracker, 'Backend', ['data.read']);
  const page = await tessera.newPage({ as: team.developer, at: `/projects/${tracker.ref}/keys` });
  await choose(page, 'Edit…');
  await expectFocus(page.getByRole('dialog').getByLabel('Name', { exact: true }));
  await page.keyboard.press('Escape');
  await choose(page, 'Rotate…');
  await expectFocus(page.getByRole('dialog').getByRole('radio', { checked: true }));

  await page.goto(`/projects/${tracker.ref}/data/Board`);
  await button(page, 'Add row').click();
  const field = page.getByRole('dialog').getByRole('textbox').first();
  await expectFocus(field);
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});

it('starts at the button that changes nothing if a dialog has no field', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  await tessera.seed.key(team, tracker, 'Backend', ['data.read']);
  const page = await tessera.newPage({ as: team.developer, at: `/projects/${tracker.ref}/keys` });
  await choose(page, 'Revoke…');
  const dialog = page.getByRole('alertdialog');
  await expectFocus(dialog.getByRole('button', { name: 'Cancel' }));
  // Enter must not revoke the key.
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('table', { name: 'API keys' }).getByText('Active').waitFor();

  await page.goto(`/projects/${tracker.ref}/schema`);
  await page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' }).click();
  await page.keyboard.insertText('# a comment\n');
  await page.getByText('Discard changes').waitFor();
  await page.getByRole('link', { name: 'API keys' }).click();
  await expectFocus(page.getByRole('dialog').getByRole('button', { name: 'Stay' }));
});

it('starts in the field for the name that confirms a deletion', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${tracker.ref}/settings` });
  await button(page, 'Delete project…').click();
  await expectFocus(page.getByRole('alertdialog').getByRole('textbox'));
});
