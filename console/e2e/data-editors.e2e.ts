import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';

import { cell, columnOf, eventually, grid, rows } from './data-page.ts';
import { addProducts, emptyShop, type Shop } from './data-shop.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

/** The value of a field of the first product. */
const valueOf = async ({ ask }: Shop, name: string): Promise<unknown> => {
  const { products } = await ask<{ products: { nodes: [Record<string, unknown>] } }>(
    `{ products(orderBy: [{ name: ASC }], first: 1) { nodes { ${name} } } }`,
  );
  return products.nodes[0][name];
};

const isFocused = (control: Locator): Promise<boolean> =>
  control.evaluate((element) => element === document.activeElement);

it('edits enum lists, date-times and JSON in the side panel', async () => {
  const shop = await emptyShop(tessera);
  await addProducts(shop, 1);
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product`,
    timeZone: 'Europe/Berlin',
  });
  await rows(page).first().getByRole('link').first().click();
  const panel = page.getByRole('dialog', { name: 'Product 00001' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();

  const tags = panel.getByRole('combobox', { name: /^tags/ });
  expect(await tags.innerText()).toBe('NEW\nGIFT');
  await tags.click();
  await page.getByRole('option', { name: 'SALE' }).click();
  await page.getByRole('option', { name: 'NEW' }).click();
  await screenshot(page, 'data-enum-list');
  await page.keyboard.press('Escape');
  expect(await tags.innerText()).toBe('GIFT\nSALE');

  // Local time is the default. The stored value keeps its microseconds.
  const moment = panel.getByRole('group', { name: 'availableAt' });
  expect(await moment.getByLabel('Time of availableAt').inputValue()).toBe('13:30:05');
  expect(await moment.getByLabel('Fraction of a second').inputValue()).toBe('123456');
  const zone = moment.getByRole('combobox', { name: 'Time zone of availableAt' });
  expect(await zone.innerText()).toBe('Europe/Berlin (UTC+01:00)');
  await moment.getByLabel('Date of availableAt').fill('2030-07-01');
  expect(await zone.innerText()).toBe('Europe/Berlin (UTC+02:00)');
  await moment.getByText('2030-07-01T11:30:05.123456Z', { exact: true }).waitFor();
  await zone.click();
  await page.getByRole('option', { name: 'UTC', exact: true }).click();
  expect(await moment.getByLabel('Time of availableAt').inputValue()).toBe('11:30:05');
  await moment.getByLabel('Time of availableAt').fill('09:15');
  await moment.getByText('2030-07-01T09:15:00.123456Z', { exact: true }).waitFor();

  // The first mistake in JSON has a line and a column.
  const json = panel.getByRole('textbox', { name: /^attributes/ });
  await json.fill('{\n  "a": 1,\n  "b": [1],\n}');
  await panel.getByText('Invalid JSON at line 3, column 11: trailing comma.').waitFor();
  await panel.getByRole('button', { name: 'Go to the mistake' }).click();
  expect(
    await json.evaluate((area) => {
      const { selectionStart, selectionEnd } = area as HTMLTextAreaElement;
      return [selectionStart, selectionEnd];
    }),
  ).toEqual([22, 23]);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-editors');
  await panel.getByRole('button', { name: 'Save' }).click();
  await eventually(() => json.getAttribute('aria-invalid')).toBe('true');
  // The message is shown once.
  expect(await panel.getByText('Invalid JSON at line 3').count()).toBe(1);
  await page.keyboard.press('Delete');
  await panel.getByRole('button', { name: 'Format attributes' }).click();
  expect(await json.inputValue()).toBe('{\n  "a": 1,\n  "b": [\n    1\n  ]\n}');
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await valueOf(shop, 'tags')).toEqual(['GIFT', 'SALE']);
  expect(await valueOf(shop, 'availableAt')).toBe('2030-07-01T09:15:00.123456+00:00');
  expect(await valueOf(shop, 'attributes')).toEqual({ a: 1, b: [1] });
});

it('keeps every digit of the numbers in JSON', async () => {
  const shop = await emptyShop(tessera);
  await shop.ask(
    'mutation { createProduct(data: { name: "Long number", price: "1", attributes: { n: 750727362669608961 } }) { name } }',
  );
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product`,
  });
  await rows(page).first().getByRole('link').first().click();
  const panel = page.getByRole('dialog', { name: 'Long number' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  const json = panel.getByRole('textbox', { name: /^attributes/ });
  expect(await json.inputValue()).toBe('{\n  "n": 750727362669608961\n}');
  await json.fill('{"n": 750727362669608961, "m": 0.1234567890123456789}');
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  // The gateway compares JSON numbers exactly.
  const { products } = await shop.ask<{ products: { totalCount: number } }>(
    '{ products(where: { attributes: { eq: { n: 750727362669608961, m: 0.1234567890123456789 } } }) { totalCount } }',
  );
  expect(products.totalCount).toBe(1);
});

it('edits the same values in cells with the keyboard', async () => {
  const shop = await emptyShop(tessera);
  await addProducts(shop, 2);
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product?sort=name&columns=tags,attributes,availableAt,category`,
    timeZone: 'America/New_York',
  });
  const first = rows(page).first();
  await first.waitFor();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  // Tab moves between the inputs of a date-time, and from the last one to the next cell.
  await cell(first, await columnOf(page, 'availableAt')).press('Enter');
  const editor = grid(page).getByRole('group', { name: 'availableAt' });
  await eventually(() => isFocused(editor.getByLabel('Date of availableAt'))).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-cell-date-time');
  const fraction = editor.getByLabel('Fraction of a second');
  while (!(await isFocused(fraction))) await press('Tab');
  await page.keyboard.type('5');
  await editor.getByText('2030-01-31T12:30:05.5Z', { exact: true }).waitFor();
  await press('Tab', 'Tab');
  const category = grid(page).getByRole('combobox', { name: 'Edit category' });
  await eventually(() => isFocused(category)).toBe(true);
  await press('Escape');
  await eventually(() => valueOf(shop, 'availableAt')).toBe('2030-01-31T12:30:05.5+00:00');

  // Enter adds a line in JSON, and Ctrl+Enter saves.
  await cell(first, await columnOf(page, 'attributes')).press('Enter');
  const json = grid(page).getByRole('textbox', { name: 'Edit attributes' });
  await eventually(() => isFocused(json)).toBe(true);
  await page.keyboard.type('{"a": 1,');
  await press('Enter');
  await page.keyboard.type(' b}');
  await press('Control+Enter');
  await grid(page)
    .getByRole('alert')
    .filter({ hasText: 'Invalid JSON at line 2, column 2: names must be in double quotes.' })
    .waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-cell-json');
  await press('Backspace', 'Backspace');
  await page.keyboard.type('"b": 2}');
  await press('Control+Enter');
  await json.waitFor({ state: 'hidden' });
  expect(await valueOf(shop, 'attributes')).toEqual({ a: 1, b: 2 });

  // An open list handles Enter and Escape itself.
  await press('ArrowLeft', 'Enter');
  const tags = grid(page).getByRole('combobox', { name: 'Edit tags' });
  await eventually(() => isFocused(tags)).toBe(true);
  await press('Space');
  await page.getByRole('option', { name: 'ECO' }).waitFor();
  await page.getByRole('option', { name: 'ECO' }).press('Enter');
  await press('Escape');
  await page.getByRole('option').first().waitFor({ state: 'hidden' });
  await press('Enter');
  await tags.waitFor({ state: 'hidden' });
  expect(await valueOf(shop, 'tags')).toEqual(['NEW', 'GIFT', 'ECO']);
});
