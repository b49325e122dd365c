import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { cell, columnOf, eventually, field, grid, openRow, rows } from './data-page.ts';
import { addProducts, emptyShop } from './data-shop.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const isFocused = (control: Locator): Promise<boolean> =>
  control.evaluate((element) => element === document.activeElement);
const askDiscard = (page: Page) => page.getByRole('alertdialog', { name: 'Discard your changes?' });

it('submits forms with Enter and asks before it discards changes', async () => {
  const shop = await emptyShop(tessera);
  const at = `/projects/${shop.project.ref}/data/Collection`;
  const page = await tessera.newPage({ as: shop.team.developer, at });

  // The first field has the focus. Enter submits.
  await page.getByRole('button', { name: 'Add row' }).click();
  const panel = page.getByRole('dialog', { name: 'Add a row to Collection' });
  await eventually(() => isFocused(field(panel, 'name'))).toBe(true);
  await page.keyboard.type('Spring');
  await page.keyboard.press('Enter');
  const added = page.getByRole('dialog', { name: 'Spring' });
  await added.waitFor();

  // In a text with several lines, Ctrl+Enter submits.
  await added.getByRole('button', { name: 'Edit', exact: true }).click();
  await eventually(() => isFocused(field(added, 'name'))).toBe(true);
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('2030');
  await page.keyboard.press('Enter');
  await page.keyboard.type('2031');
  await page.keyboard.press('Control+Enter');
  await eventually(() => shop.ask('{ collections { nodes { name } } }')).toEqual({
    collections: { nodes: [{ name: 'Spring\n2030\n2031' }] },
  });

  // An unchanged form closes without a question.
  const changed = openRow(page);
  await changed.getByRole('button', { name: 'Edit', exact: true }).click();
  await eventually(() => isFocused(field(changed, 'name'))).toBe(true);
  await page.keyboard.press('Escape');
  await changed.waitFor({ state: 'hidden' });

  // Escape asks. The safe button has the focus.
  await page.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => isFocused(field(panel, 'name'))).toBe(true);
  await page.keyboard.type('Unsaved');
  await page.keyboard.press('Escape');
  await askDiscard(page).waitFor();
  const keep = askDiscard(page).getByRole('button', { name: 'Keep editing' });
  await eventually(() => isFocused(keep)).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-discard');
  await page.keyboard.press('Escape');
  await askDiscard(page).waitFor({ state: 'hidden' });
  expect(await field(panel, 'name').inputValue()).toBe('Unsaved');

  // The other ways to leave ask as well.
  await panel.getByRole('button', { name: 'Cancel' }).click();
  await keep.click();
  await panel.getByRole('button', { name: 'Close' }).click();
  await keep.click();
  await page.goBack();
  await keep.click();
  expect(await field(panel, 'name').inputValue()).toBe('Unsaved');
  await page.keyboard.press('Escape');
  await askDiscard(page).getByRole('button', { name: 'Discard changes' }).click();
  await panel.waitFor({ state: 'hidden' });
  expect(await page.getByRole('alertdialog').count()).toBe(0);

  // A deletion focuses the safe button.
  await rows(page).first().getByRole('checkbox').click();
  await page.getByRole('button', { name: 'Delete selected' }).click();
  const cancel = page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' });
  await eventually(() => isFocused(cancel)).toBe(true);
});

it('adds rows to the list of another row', async () => {
  const shop = await emptyShop(tessera);
  const { createCategory, createCollection, createPerson } = await shop.ask<
    Record<'createCategory' | 'createCollection' | 'createPerson', { id: string }>
  >(
    `mutation {
      createCategory(data: { name: "Shoes" }) { id }
      createCollection(data: { name: "Summer" }) { id }
      createPerson(data: { name: "Ada" }) { id }
    }`,
  );
  const list = (model: string, type: string, id: string, name: string) =>
    `/projects/${shop.project.ref}/data/${model}?within=${encodeURIComponent(
      JSON.stringify({ type, id, field: name }),
    )}`;
  const page = await tessera.newPage({ as: shop.team.developer });
  tessera.allow(page, /status of 400/);
  const add = async (model: string) => {
    await page.getByRole('button', { name: 'Add row' }).first().click();
    const panel = page.getByRole('dialog', { name: `Add a row to ${model}` });
    await panel.getByText('The new row is added to').waitFor();
    return panel;
  };

  // One-to-many: the form shows the relation.
  await page.goto(list('Product', 'Category', createCategory.id, 'products'));
  await page.getByRole('heading', { name: 'Product has no rows here' }).waitFor();
  let panel = await add('Product');
  const category = panel.getByRole('combobox', { name: /^category/ });
  await eventually(() => category.inputValue()).toBe('Shoes');
  await field(panel, 'name').fill('Boots');
  await field(panel, 'price').fill('10');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-add-in-list');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await page.getByRole('dialog', { name: 'Boots' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('1 of 1 row', { exact: true }).waitFor();

  // Many-to-many.
  await page.goto(list('Product', 'Collection', createCollection.id, 'products'));
  panel = await add('Product');
  await field(panel, 'name').fill('Sandals');
  await field(panel, 'price').fill('12');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await page.getByRole('dialog', { name: 'Sandals' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('1 of 1 row', { exact: true }).waitFor();

  // Two relations lead to the other row's model. An error is shown beside its field.
  await page.goto(list('Review', 'Person', createPerson.id, 'written'));
  panel = await add('Review');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => panel.getByText('This field is required.').count()).toBe(1);
  await field(panel, 'text').fill('x\u0000y');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => field(panel, 'text').getAttribute('aria-invalid')).toBe('true');
  await field(panel, 'text').fill('Good');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await page.getByText('1 of 1 row', { exact: true }).waitFor();

  expect(
    await shop.ask(`{
      products(orderBy: [{ name: ASC }]) { nodes { name category { name } collections { nodes { name } } } }
      reviews { nodes { text author { name } checker { name } } }
    }`),
  ).toEqual({
    products: {
      nodes: [
        { name: 'Boots', category: { name: 'Shoes' }, collections: { nodes: [] } },
        { name: 'Sandals', category: null, collections: { nodes: [{ name: 'Summer' }] } },
      ],
    },
    reviews: { nodes: [{ text: 'Good', author: { name: 'Ada' }, checker: null }] },
  });
});

it('adds and removes links of a many-to-many relation', async () => {
  const shop = await emptyShop(tessera);
  await addProducts(shop, 1);
  await shop.ask(
    `mutation { createCollections(data: [{ name: "Outdoor" }, { name: "Outlet" }]) { count } }`,
  );
  const linked = async () => {
    const { products } = await shop.ask<{
      products: { nodes: [{ collections: { nodes: { name: string }[] } }] };
    }>('{ products { nodes { collections(orderBy: [{ name: ASC }]) { nodes { name } } } } }');
    return products.nodes[0].collections.nodes.map(({ name }) => name);
  };
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product`,
  });
  await rows(page).first().getByRole('link').first().click();
  const panel = page.getByRole('dialog', { name: 'Product 00001' });
  await panel.getByRole('button', { name: 'Edit collections' }).click();
  await panel.getByRole('button', { name: 'Remove Winter' }).click();
  await page.getByText('Winter removed.').waitFor();
  await eventually(linked).toEqual(['Summer']);
  await panel.getByRole('link', { name: '1 in collections' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(linked).toEqual(['Summer', 'Winter']);

  // The picker has the focus and finds rows by their name.
  await panel.getByRole('button', { name: 'Remove Winter' }).click();
  const picker = panel.getByRole('combobox', { name: 'Add to collections' });
  await eventually(() => isFocused(picker)).toBe(true);
  await page.keyboard.type('outd');
  await eventually(() => page.getByRole('option').allInnerTexts()).toEqual([
    expect.stringMatching(/^Outdoor/),
  ]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await eventually(linked).toEqual(['Outdoor', 'Summer']);
  await panel.getByRole('button', { name: 'Remove Outdoor' }).waitFor();
  await eventually(() => picker.inputValue()).toBe('');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-links');

  // Selected rows of the list are removed from it.
  await panel.getByRole('link', { name: '2 in collections' }).click();
  await page.getByText('1–2 of 2 rows', { exact: true }).waitFor();
  await rows(page).first().getByRole('checkbox').click();
  await screenshot(page, 'data-within-selection');
  await page.getByRole('button', { name: 'Remove from collections' }).click();
  await page.getByText('1 of 1 row', { exact: true }).waitFor();
  expect(await linked()).toHaveLength(1);
});

it('saves a cell after a click outside, and can undo it', async () => {
  const shop = await emptyShop(tessera);
  await addProducts(shop, 2);
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product?sort=name&columns=name,price,stock,category`,
  });
  const first = rows(page).first();
  await first.waitFor();
  const name = cell(first, await columnOf(page, 'name'));
  await name.dblclick();
  await grid(page).getByRole('textbox', { name: 'Edit name' }).fill('A mistake');
  await page.getByRole('heading', { name: 'Product', level: 1 }).click();
  await page.getByText('name saved.').waitFor();
  expect(await name.innerText()).toBe('A mistake');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('name restored.').waitFor();
  await screenshot(page, 'data-undo');
  await eventually(() => name.innerText()).toBe('Product 00001');

  // A saved cell that did not change has nothing to undo.
  await name.dblclick();
  await grid(page).getByRole('textbox', { name: 'Edit name' }).waitFor();
  await page.getByRole('heading', { name: 'Product', level: 1 }).click();
  await grid(page).getByRole('textbox', { name: 'Edit name' }).waitFor({ state: 'hidden' });
  expect(await page.getByText('name saved.').count()).toBe(0);
});
