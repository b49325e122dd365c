import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Person, Project } from './kit/seed.ts';

const tessera = useConsole();

async function keysPage({ ref }: Project, as: Person, search = ''): Promise<Page> {
  const page = await tessera.newPage({ as, at: `/projects/${ref}/keys${search}` });
  // An open dialog hides the heading from the accessibility tree, so look it up by its tag.
  await page.locator('h1', { hasText: 'API keys' }).waitFor();
  return page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const row = (page: Page, name: string) =>
  page.getByRole('table', { name: 'API keys' }).getByRole('row', { name });
const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText());

async function call({ endpoint }: Project, secret: string, query: string) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(20_000),
  });
  return { status: response.status, text: await response.text() };
}

/** Selects an item from a key's menu. */
async function choose(page: Page, key: string, item: string): Promise<void> {
  await row(page, key)
    .getByRole('button', { name: `Actions for ${key}` })
    .click();
  await page.getByRole('menuitem', { name: item }).click();
}

it('creates a publishable key and shows it again, with code for a browser', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.tracker(team, 'Tracker');
  const page = await keysPage(project, team.developer);
  await button(page, 'New key').click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Web app');
  await dialog.getByRole('radio', { name: 'Publishable' }).click();
  expect(await dialog.getByRole('radio', { name: 'Deploy from CI' }).count()).toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-publishable-new');
  await button(page, 'Create key').click();
  const created = page.getByRole('dialog', { name: 'Key created' });
  const key = await created.getByRole('textbox', { name: 'Publishable key' }).inputValue();
  expect(key).toMatch(/^tpk_/);
  await button(page, 'Done').click();
  await row(page, 'Web app').getByText('Publishable').waitFor();

  await choose(page, 'Web app', 'Show key…');
  const shown = page.getByRole('dialog', { name: 'Web app' });
  expect(await shown.getByRole('textbox', { name: 'Publishable key' }).inputValue()).toBe(key);
  const code = shown.getByRole('region', { name: 'Call the API from a browser' });
  expect(await code.innerText()).toContain(`'x-api-key': '${key}'`);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-publishable');
});

it('creates a key, shows it once, rotates it with an overlap and revokes it', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.tracker(team, 'Tracker');
  const page = await keysPage(project, team.developer);
  expect(await page.title()).toBe('API keys · Tracker · Tessera');
  await page.getByRole('heading', { name: 'No active keys' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-empty');

  await button(page, 'New key').click();
  const dialog = page.getByRole('dialog', { name: 'New API key' });
  await button(page, 'Create key').click();
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Backend');
  await dialog.getByRole('radio', { name: 'Custom' }).click();
  await dialog.getByRole('checkbox', { name: 'Read all models' }).click();
  await button(page, 'Create key').click();
  await dialog.getByText('Select at least one scope.').waitFor();
  await dialog.getByRole('checkbox', { name: 'Read Board' }).click();
  await dialog.getByRole('textbox', { name: 'Requests per minute' }).fill('600');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-new');
  await button(page, 'Create key').click();

  const shown = page.getByRole('dialog', { name: 'Key created' });
  const secret = await shown.getByRole('textbox', { name: 'Your key' }).inputValue();
  expect(secret).toMatch(/^tsk_/);
  await shown.getByRole('heading', { name: 'Read Board rows' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-secret');
  await button(page, 'Copy key').click();
  await expect.poll(() => clipboard(page)).toBe(secret);
  await button(page, 'Done').click();
  await shown.waitFor({ state: 'hidden' });
  await row(page, 'Backend').getByText('data.read:Board').waitFor();
  await row(page, 'Backend').getByText('never used').waitFor();
  expect(await page.content()).not.toContain(secret);

  // The key has only the selected scopes.
  expect(await call(project, secret, '{ boards { totalCount } }')).toMatchObject({
    status: 200,
    text: '{"data":{"boards":{"totalCount":1}}}',
  });
  expect((await call(project, secret, '{ issues { totalCount } }')).text).toContain(
    'GRAPHQL_VALIDATION_FAILED',
  );

  await choose(page, 'Backend', 'Rotate…');
  const rotation = page.getByRole('dialog', { name: 'Rotate Backend' });
  await rotation.getByRole('radio', { name: 'In one hour' }).click();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-rotate');
  await button(page, 'Rotate key').click();
  const rotated = page.getByRole('dialog', { name: 'Key rotated' });
  const successor = await rotated.getByRole('textbox', { name: 'Your key' }).inputValue();
  await rotated.getByText(/The old key expires in (1 hour|59 minutes)/).waitFor();
  await button(page, 'Copy key').click();
  await button(page, 'Done').click();
  await page.getByText('Rotated', { exact: true }).waitFor();
  for (const text of [secret, successor]) {
    expect((await call(project, text, '{ boards { totalCount } }')).status).toBe(200);
  }

  // The newest key is first.
  await page.getByRole('button', { name: 'Actions for Backend' }).first().click();
  await page.getByRole('menuitem', { name: 'Revoke…' }).click();
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await button(page, 'Revoke key').click();
  await page.getByText('Backend revoked.').waitFor();
  await expect
    .poll(async () => (await call(project, successor, '{ boards { totalCount } }')).status, {
      timeout: 1_000,
    })
    .toBe(401);
  expect((await call(project, secret, '{ boards { totalCount } }')).status).toBe(200);

  await page.getByRole('radio', { name: 'All' }).click();
  await page.getByText('Revoked', { exact: true }).waitFor();
  expect(new URL(page.url()).search).toBe('?show=all');
  // A key's last use is recorded after a delay of a few seconds.
  await expect
    .poll(
      async () => {
        await page.reload();
        await row(page, 'Backend').first().waitFor();
        return page.getByText('never used').count();
      },
      { timeout: 60_000, interval: 1_000 },
    )
    .toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys');
});

it('asks for confirmation before closing the dialog if the key was not copied', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop' });
  const page = await keysPage(project, team.owner, '?new=true');
  const form = page.getByRole('dialog', { name: 'New API key' });
  await form.getByRole('textbox', { name: 'Name' }).fill('Pipeline');
  await form.getByRole('radio', { name: 'Deploy from CI' }).click();
  // Enter submits the form.
  await form.getByRole('textbox', { name: 'Name' }).press('Enter');
  const shown = page.getByRole('dialog', { name: 'Key created' });
  await shown.getByText('schema plan').waitFor();

  const question = page.getByRole('alertdialog', { name: 'Close without copying the key?' });
  await page.keyboard.press('Escape');
  await question.waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await screenshot(page, 'keys-not-copied');
  await button(page, 'Cancel').click();
  await question.waitFor({ state: 'hidden' });
  // Copying the selected text has the same effect as the copy button.
  await shown.getByRole('textbox', { name: 'Your key' }).focus();
  await page.keyboard.press('Control+C');
  await page.keyboard.press('Escape');
  await shown.waitFor({ state: 'hidden' });
  await row(page, 'Pipeline').getByText('schema.apply').waitFor();
  expect(new URL(page.url()).search).toBe('');
});

it("applies changes to a key's name, scopes and limit immediately", async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.tracker(team, 'Tracker');
  const secret = await tessera.seed.key(team, project, 'Reports', ['data.read']);
  const page = await keysPage(project, team.developer);
  await choose(page, 'Reports', 'Edit…');
  const dialog = page.getByRole('dialog', { name: 'Edit Reports' });
  expect(await dialog.getByRole('radio', { name: 'Read only' }).isChecked()).toBe(true);
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Nightly');
  await dialog.getByRole('radio', { name: 'Custom' }).click();
  await dialog.getByRole('checkbox', { name: 'Read Issue' }).click();
  const limit = dialog.getByRole('textbox', { name: 'Requests per minute' });
  await limit.fill('many');
  await button(page, 'Save changes').click();
  await dialog.getByText('Enter a whole number from 1 to 1,000,000').waitFor();
  await limit.fill('100');
  await button(page, 'Save changes').click();
  await dialog.waitFor({ state: 'hidden' });
  await row(page, 'Nightly').getByText('up to 100 per minute').waitFor();
  await row(page, 'Nightly').getByText('data.read:Board').waitFor();
  expect((await call(project, secret, '{ boards { totalCount } }')).status).toBe(200);
  expect((await call(project, secret, '{ issues { totalCount } }')).text).not.toContain('"data":{');
});

it('shows a viewer the keys and explains why actions are disabled', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team);
  await tessera.seed.key(team, project, 'Backend');
  // The URL does not open a dialog that the viewer is not allowed to use.
  const page = await keysPage(project, team.viewer, '?new=true');
  await row(page, 'Backend').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await button(page, 'New key').getAttribute('aria-disabled')).toBe('true');
  await button(page, 'New key').focus();
  await page
    .getByText('Only developers, admins and owners can create keys. You are a viewer.')
    .filter({ visible: true })
    .waitFor();
  await row(page, 'Backend').getByRole('button', { name: 'Actions for Backend' }).click();
  const revoke = page.getByRole('menuitem', { name: 'Revoke…' });
  expect(await revoke.getAttribute('aria-disabled')).toBe('true');
  await page.getByText('Only developers, admins and owners can revoke keys.').waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=menu]' });
  await screenshot(page, 'keys-viewer');
});
