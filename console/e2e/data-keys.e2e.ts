import { expect, it } from 'vitest';

import { cell, columnOf, eventually, field, grid, rows, searchOf, texts } from './data-page.ts';
import { addRow, openStock, pick, stockWithKeys, submit } from './data-stock.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

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
  const { stock, page } = await openStock(tessera, 'Person', { sort: 'id' });
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

it('adds, opens, edits and deletes rows with keys of several fields', async () => {
  const { stock, page } = await openStock(tessera, 'Cell', { sort: 'amount' });
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
