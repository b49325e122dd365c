import { expect, it } from 'vitest';

import { eventually, field, rows, searchOf, texts } from './data-page.ts';
import { addRow, exported, openStock, pick, submit } from './data-stock.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

it('adds, finds and links rows with texts as keys', async () => {
  const { stock, page } = await openStock(tessera, 'Country', { sort: 'code' });
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

it('links rows to rows with keys of several fields', async () => {
  const { stock, page } = await openStock(tessera, 'Move', { sort: 'id' });
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
  const { stock, page } = await openStock(tessera, 'Link');
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
