import { readFile } from 'node:fs/promises';

import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { stockWithKeys, type Stock } from './data-stock.ts';
import { cell, columnOf, eventually, field, grid, rows, searchOf, texts } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

/** Opens the form for a new row. */
async function addRow(page: Page, model: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Add row' }).first().click();
  const panel = page.getByRole('dialog', { name: `Add a row to ${model}` });
  await panel.waitFor();
  return panel;
}

/** Chooses the only row that a picker finds. */
async function pick(scope: Locator, name: RegExp, text: string): Promise<void> {
  const picker = scope.getByRole('combobox', { name });
  await picker.fill(text);
  const options = scope.page().getByRole('option');
  await eventually(() => options.count()).toBe(1);
  await options.click();
}

const submit = (panel: Locator) => panel.getByRole('button', { name: 'Add row' }).click();

async function exported(page: Page, model: string, format: 'CSV' | 'JSON'): Promise<string> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Export ${model}` });
  await dialog.getByRole('radio', { name: format }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Export' }).click(),
  ]);
  await dialog.waitFor({ state: 'hidden' });
  return readFile(await download.path(), 'utf8');
}

const openStock = async (model: string, search?: Parameters<Stock['at']>[1]) => {
  const stock = await stockWithKeys(tessera);
  const page = await tessera.newPage({ as: stock.team.developer, at: stock.at(model, search) });
  return { stock, page };
};

it('shows keys and relations with one side in the diagram of the schema', async () => {
  const stock = await stockWithKeys(tessera);
  const at = `/projects/${stock.project.ref}/schema?view=picture`;
  const page = await tessera.newPage({ as: stock.team.developer, at });
  await page.getByRole('button', { name: 'Go to type Cell', exact: true }).waitFor();
  expect(await page.getByLabel('primary key').count()).toBe(10);
  await page.getByText('Show as text').click();
  await page.getByText('(primary key: shelf, item)').waitFor();
  await page.getByText('One Country row has many Item rows (Item.origin).').waitFor();
  await page.getByText('One Person row has one Passport row (Passport.holder).').waitFor();
  await expectAccessibleInBothThemes(page);
  await page.getByText('Show as text').click();
  await screenshot(page, 'keys-diagram');
});

it('adds, opens, edits and deletes rows with numbers as keys', async () => {
  const { stock, page } = await openStock('Person', { sort: 'id' });
  await eventually(() => texts(page, 'id')).toEqual(['1', '2']);

  // A key that is not given is generated. A given key is used.
  let panel = await addRow(page, 'Person');
  await field(panel, 'name').fill('Grace');
  await submit(panel);
  await page.getByRole('dialog', { name: 'Grace' }).getByText('Person 3').waitFor();
  await page.keyboard.press('Escape');
  panel = await addRow(page, 'Person');
  await field(panel, 'name').fill('Barbara');
  await field(panel, 'id').fill('x');
  await submit(panel);
  await panel.getByText('Enter a whole number').waitFor();
  await field(panel, 'id').fill('500');
  await pick(panel, /^country/, 'de');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-add-number');
  await submit(panel);
  const row = page.getByRole('dialog', { name: 'Barbara' });
  await row.getByRole('link', { name: 'Germany' }).waitFor();
  expect(searchOf(page).get('row')).toBe('"500"');

  // The address identifies the row, with and without quotes.
  await page.goto(stock.at('Person', { row: 500 }));
  await row.waitFor();
  await row.getByRole('button', { name: 'Copy the key' }).click();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe('500');
  await page.goto(stock.at('Person', { row: 'no-number' }));
  await page.getByText('No row has this key.').waitFor();

  // The key of a row does not change.
  await page.goto(stock.at('Person', { row: '500' }));
  await row.getByRole('button', { name: 'Edit', exact: true }).click();
  await field(row, 'name').fill('Barbara L.');
  expect(await field(row, 'id').count()).toBe(0);
  await row.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Barbara L.' }).waitFor();
  await page.keyboard.press('Escape');

  // A relation is edited in its cell, and a relation to a key is sorted by its label.
  await page.goto(stock.at('Person', { sort: '-id', columns: 'id,name,country' }));
  await eventually(() => texts(page, 'id')).toEqual(['500', '3', '2', '1']);
  const country = cell(rows(page).nth(1), await columnOf(page, 'country'));
  await country.dblclick();
  await pick(grid(page), /^Edit country/, 'Odd');
  await page.keyboard.press('Enter');
  await eventually(() => country.innerText()).toBe('Odd');
  await screenshot(page, 'keys-grid-number');

  // Selected rows are deleted.
  for (const index of [0, 1]) await rows(page).nth(index).getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Delete selected' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 2 rows' }).click();
  await eventually(() => texts(page, 'id')).toEqual(['2', '1']);
  expect(
    await stock.ask('{ people(orderBy: [{ id: ASC }]) { nodes { id name countryId } } }'),
  ).toEqual({
    people: {
      nodes: [
        { id: 1, name: 'Ada', countryId: 'de' },
        { id: 2, name: 'Alan', countryId: null },
      ],
    },
  });
});

it('adds, finds and links rows with texts as keys', async () => {
  const { stock, page } = await openStock('Country', { sort: 'code' });
  tessera.allow(page, /status of 409/);
  await eventually(() => texts(page, 'code')).toEqual(['a,b 100%', 'de']);

  // The key has to be given.
  const panel = await addRow(page, 'Country');
  await field(panel, 'name').fill('France');
  await submit(panel);
  await panel.getByText('This field is required.').waitFor();
  await field(panel, 'code').fill('de');
  await submit(panel);
  await panel.getByText('Another Country with the same code already exists.').waitFor();
  expect(await field(panel, 'code').getAttribute('aria-invalid')).toBe('true');
  await field(panel, 'code').fill('fr');
  await submit(panel);
  const france = page.getByRole('dialog', { name: 'France' });
  await france.getByRole('button', { name: 'Edit people' }).click();
  await pick(france, /^Add to people/, 'alan');
  await france.getByRole('button', { name: 'Remove Alan' }).waitFor();
  await screenshot(page, 'keys-links-text');
  await eventually(() =>
    stock.ask('{ country(where: { code: "fr" }) { people { nodes { id } } } }'),
  ).toEqual({
    country: { people: { nodes: [{ id: 2 }] } },
  });

  // A key with a comma and a percent sign.
  await page.goto(stock.at('Country', { sort: 'code' }));
  await rows(page).first().getByRole('link', { name: 'a,b 100%' }).click();
  const odd = page.getByRole('dialog', { name: 'Odd' });
  await odd.getByText('a,b 100%').first().waitFor();
  await odd.getByRole('link', { name: '0 in people' }).click();
  await page.getByText('in people of Country').waitFor();
  const add = await addRow(page, 'Person');
  await field(add, 'name').fill('Oddny');
  await submit(add);
  await page
    .getByRole('dialog', { name: 'Oddny' })
    .getByRole('link', { name: 'Odd', exact: true })
    .waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('1 of 1 row', { exact: true }).waitFor();

  // A filter on related rows.
  await page.goto(stock.at('Person'));
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const editor = page.getByRole('dialog', { name: 'Add a filter' });
  await editor.getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: 'country' }).click();
  await pick(editor, /^Value/, 'a,b');
  await editor.getByRole('button', { name: 'Add filter' }).click();
  await eventually(() => texts(page, 'name')).toEqual(['Oddny']);
  await expectAccessibleInBothThemes(page);
});

it('adds, opens, edits and deletes rows with keys of several fields', async () => {
  const { stock, page } = await openStock('Cell', { sort: 'amount' });
  tessera.allow(page, /status of 409/);
  await eventually(() => texts(page, 'shelf_item')).toEqual([
    'A-1 · 7',
    'B,2 · 7',
    'A-1 · 9007199254740993',
  ]);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-grid-several');

  // The key consists of two relations, which a new row needs.
  let panel = await addRow(page, 'Cell');
  await field(panel, 'amount').fill('8');
  await submit(panel);
  await eventually(() => panel.getByText('This field is required.').count()).toBe(2);
  await pick(panel, /^shelf/, 'B,2');
  await pick(panel, /^item/, 'nut');
  await submit(panel);
  const taken = panel.getByText('Another Cell with the same shelfId and itemId already exists.');
  await eventually(() => taken.count()).toBe(2);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-add-several');
  await panel.getByRole('combobox', { name: /^item/ }).fill('9007199254740993');
  await page.getByRole('option', { name: 'Bolt' }).click();
  await submit(panel);
  const row = page.getByRole('dialog', { name: 'Cell' });
  await row.getByText('B,2 · 9007199254740993').first().waitFor();
  await row.getByRole('button', { name: 'Copy the key' }).click();
  await eventually(() => page.evaluate(() => navigator.clipboard.readText())).toBe(
    '{ shelf_item: { shelfId: "B,2", itemId: "9007199254740993" } }',
  );
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-row-several');

  // Only the other values can be edited, in the form and in the grid.
  await row.getByRole('button', { name: 'Edit', exact: true }).click();
  expect(await row.getByRole('combobox').count()).toBe(0);
  await field(row, 'amount').fill('9');
  await row.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.keyboard.press('Escape');
  await page.goto(stock.at('Cell', { sort: 'amount' }));
  await eventually(() => texts(page, 'amount')).toEqual(['3', '5', '9', '12']);
  const amount = cell(rows(page).first(), await columnOf(page, 'amount'));
  await amount.dblclick();
  await grid(page).getByRole('textbox', { name: 'Edit amount' }).fill('4');
  await page.keyboard.press('Enter');
  await eventually(() => amount.innerText()).toBe('4');

  // In the list of a shelf, the new row belongs to the shelf. The list has no links to add or remove.
  await page.goto(stock.at('Shelf', { row: 'B%2C2' }));
  const shelf = page.getByRole('dialog', { name: 'Shelf' });
  await shelf.getByRole('link', { name: '2 in cells' }).click();
  await eventually(() => rows(page).count()).toBe(2);
  panel = await addRow(page, 'Cell');
  await eventually(() => panel.getByRole('combobox', { name: /^shelf/ }).inputValue()).toBe('B,2');
  await panel.getByRole('button', { name: 'Cancel' }).click();

  for (const index of [0, 1]) await rows(page).nth(index).getByRole('checkbox').click();
  expect(await page.getByRole('button', { name: 'Remove from cells' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Delete selected' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete 2 rows' }).click();
  await page.getByRole('heading', { name: 'Cell has no rows here' }).waitFor();
  expect(
    await stock.ask('{ cells(orderBy: [{ amount: ASC }]) { nodes { shelfId itemId amount } } }'),
  ).toEqual({
    cells: {
      nodes: [
        { shelfId: 'A-1', itemId: '7', amount: 4 },
        { shelfId: 'A-1', itemId: '9007199254740993', amount: 12 },
      ],
    },
  });
});

it('links rows to rows with keys of several fields', async () => {
  const { stock, page } = await openStock('Move', { sort: 'id' });
  const moves = () =>
    stock.ask('{ moves(orderBy: [{ id: ASC }]) { nodes { note cellShelfId cellItemId } } }');
  await eventually(() => texts(page, 'cell')).toEqual(['A-1 · 7', 'null']);

  // The picker finds a row by its key.
  await rows(page).nth(1).getByRole('link').first().click();
  const move = page.getByRole('dialog', { name: 'Lost' });
  await move.getByRole('button', { name: 'Edit', exact: true }).click();
  await pick(move, /^cell/, 'A-1, 9007199254740993');
  await screenshot(page, 'keys-picker-several');
  await move.getByRole('button', { name: 'Save' }).click();
  await move.getByRole('link', { name: 'A-1 · 9007199254740993' }).waitFor();
  await eventually(moves).toEqual({
    moves: {
      nodes: [
        { note: 'In', cellShelfId: 'A-1', cellItemId: '7' },
        { note: 'Lost', cellShelfId: 'A-1', cellItemId: '9007199254740993' },
      ],
    },
  });

  // The list of the other row removes and adds links.
  await move.getByRole('link', { name: 'A-1 · 9007199254740993' }).click();
  const owner = page.getByRole('dialog', { name: 'Cell' });
  await owner.getByRole('button', { name: 'Edit moves' }).click();
  await owner.getByRole('button', { name: 'Remove Lost' }).click();
  await page.getByText('Lost removed.').waitFor();
  await eventually(moves).toMatchObject({
    moves: { nodes: [{}, { note: 'Lost', cellShelfId: null, cellItemId: null }] },
  });
  await page.getByRole('button', { name: 'Undo' }).click();
  await owner.getByRole('button', { name: 'Remove Lost' }).waitFor();

  // A filter on the other row, and its negation.
  const filter = (operator: string) =>
    stock.at('Move', { filters: [{ field: 'cell', operator, value: 'A-1,7' }] });
  await page.goto(filter('is'));
  await eventually(() => texts(page, 'note')).toEqual(['In']);
  await page.goto(filter('isNot'));
  await eventually(() => texts(page, 'note')).toEqual(['Lost']);
  await page.goto(
    stock.at('Cell', { filters: [{ field: 'moves', operator: 'some', value: '1' }] }),
  );
  await eventually(() => texts(page, 'shelf_item')).toEqual(['A-1 · 7']);

  // A deleted row of the list.
  await page.goto(stock.at('Move', { within: { type: 'Cell', id: 'A-1,8', field: 'moves' } }));
  await page
    .getByRole('heading', { name: 'The row that this list belongs to was deleted' })
    .waitFor();

  // A file has a column for each field of the key, and keeps every digit.
  await page.goto(stock.at('Move', { sort: 'id' }));
  await rows(page).first().waitFor();
  expect(await exported(page, 'Move', 'CSV')).toBe(
    'id,note,cellShelfId,cellItemId\r\n1,In,A-1,7\r\n2,Lost,A-1,9007199254740993\r\n',
  );
  await page.goto(stock.at('Cell', { sort: 'amount' }));
  await rows(page).first().waitFor();
  expect(JSON.parse(await exported(page, 'Cell', 'JSON'))).toEqual([
    { shelfId: 'A-1', itemId: '7', amount: 3 },
    { shelfId: 'B,2', itemId: '7', amount: 5 },
    { shelfId: 'A-1', itemId: '9007199254740993', amount: 12 },
  ]);
});

it('links rows by another unique field, and by relations with one side', async () => {
  const { stock, page } = await openStock('Link');
  let panel = await addRow(page, 'Link');
  await field(panel, 'url').fill('https://example.org/start');
  await pick(panel, /^domain/, 'docs');
  await submit(panel);
  const link = page.getByRole('dialog', { name: 'https://example.org/start' });
  await link.getByRole('link', { name: 'docs' }).waitFor();
  await link.getByRole('button', { name: 'Edit', exact: true }).click();
  await link.getByRole('combobox', { name: /^domain/ }).fill('blog');
  await page.getByRole('option', { name: 'blog' }).click();
  await link.getByRole('button', { name: 'Save' }).click();
  await link.getByRole('link', { name: 'blog' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'keys-row-slug');
  await eventually(() => stock.ask('{ links { nodes { url domainId } } }')).toEqual({
    links: { nodes: [{ url: 'https://example.org/start', domainId: 'blog' }] },
  });
  const id = searchOf(page).get('row') ?? '';
  expect(id).toMatch(/^[\w-]{21}$/);
  await page.goto(stock.at('Link'));
  await rows(page).first().waitFor();
  expect(await exported(page, 'Link', 'CSV')).toBe(
    `id,url,domainId\r\n${id},https://example.org/start,blog\r\n`,
  );
  await page.goto(
    stock.at('Link', { filters: [{ field: 'domain', operator: 'isNot', value: 'x' }] }),
  );
  await page.getByText('(ignored)').waitFor();

  // The key is a relation with one side.
  await page.goto(stock.at('Passport'));
  panel = await addRow(page, 'Passport');
  await field(panel, 'number').fill('C01X');
  await pick(panel, /^holder/, 'Ada');
  await submit(panel);
  const passport = page.getByRole('dialog', { name: 'C01X' });
  await passport.getByRole('link', { name: 'Ada' }).waitFor();
  expect(searchOf(page).get('row')).toBe('"1"');
  await page.keyboard.press('Escape');
  await eventually(() => texts(page, 'personId')).toEqual(['1']);
  await page.goto(stock.at('Item', { sort: 'serial' }));
  await eventually(() => texts(page, 'origin')).toEqual(['null', 'Germany']);
  await screenshot(page, 'keys-grid-items');
});
