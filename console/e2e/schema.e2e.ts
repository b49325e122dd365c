import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' });

it('starts from a template, plans it, and applies it', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.project(team, { name: 'Shop' });
  const page = await tessera.newPage({
    as: team.developer,
    at: `/projects/${project.ref}/schema`,
  });
  await page.getByRole('heading', { name: 'Start from a template' }).waitFor();
  await expectAccessibleInBothThemes(page, { within: 'main' });
  await screenshot(page, 'schema-empty');

  await page.getByRole('button', { name: 'Use shop' }).click();
  await page.getByRole('list', { name: 'Steps' }).getByText('Create').first().waitFor();
  await expectAccessibleInBothThemes(page, { within: 'main' });
  await screenshot(page, 'schema-plan');
  await page.getByRole('tab', { name: 'Picture' }).click();
  await page.getByRole('button', { name: 'Go to type Order', exact: true }).waitFor();
  await expectAccessibleInBothThemes(page, { within: 'main' });
  await screenshot(page, 'schema-picture');

  await page.getByRole('tab', { name: 'Plan' }).click();
  await page.getByRole('button', { name: 'Apply as version 1' }).click();
  await page.getByRole('heading', { name: 'Version 1 is applied' }).waitFor();
  await screenshot(page, 'schema-applied');
  await page.getByRole('link', { name: 'Versions' }).click();
  await page.getByRole('heading', { name: 'Version 1', exact: true }).waitFor();
  await editorOf(page).count();
  await expectAccessibleInBothThemes(page, { within: 'main' });
  await screenshot(page, 'schema-versions');
});
