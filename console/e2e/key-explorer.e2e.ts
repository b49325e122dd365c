import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const answer = (page: Page) => page.locator('.graphiql-response');
const run = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();

async function enter(page: Page, key: string): Promise<void> {
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Explore the API' }).click();
}

it("explores a project's API in the browser with a key", async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const whole = await tessera.seed.key(team, tracker, 'Whole', ['schema.read', 'data.read']);
  const dataOnly = await tessera.seed.key(team, tracker, 'Data', ['data.read']);
  // No request is refused before a key is entered: the browser's console stays empty.
  const page = await tessera.newPage({ at: `/p/${tracker.ref}/graphql` });
  await page.getByRole('heading', { name: 'API explorer', level: 1 }).waitFor();
  await page.getByText('This address is a GraphQL API.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'api-page');

  await enter(page, whole);
  await page.locator('.graphiql-query-editor').getByText('users').waitFor();
  await run(page);
  await answer(page).getByText('"users"').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'api-page-explorer');
  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
  );
  expect(kept).not.toContain(whole);

  await page.getByRole('button', { name: 'Use another key' }).click();
  tessera.allow(page, /status of (400|401|403)/);
  await enter(page, 'tsk_wrong');
  await page.getByText('invalid or expired').waitFor();
  await enter(page, dataOnly);
  await page.getByText('This key can’t read the schema').waitFor();
  await run(page);
  await answer(page).getByText('"data"').waitFor();
});

it('is the same page for a project that does not exist', async () => {
  const page = await tessera.newPage({ at: `/p/${'0'.repeat(16)}/graphql` });
  tessera.allow(page, /status of 40\d/);
  await enter(page, 'tsk_wrong');
  await page.getByText('invalid or expired').waitFor();
});
