import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { columnOf, eventually, grid, rows, texts } from './data-page.ts';
import { addProducts, emptyShop } from './data-shop.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

/** The cells whose content is wider than they are, by column and row. */
const overflowing = (page: Page): Promise<string[]> =>
  grid(page)
    .locator('th, td')
    .evaluateAll((cells) =>
      cells.flatMap((each) => {
        const cell = each as HTMLTableCellElement;
        const row = cell.parentElement as HTMLTableRowElement;
        return cell.scrollWidth > cell.clientWidth ? [`${cell.cellIndex},${row.rowIndex}`] : [];
      }),
    );

it('states which of 10,000 rows are shown, and keeps the header row in sight', async () => {
  const shop = await emptyShop(tessera);
  await addProducts(shop, 10_000);
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product?sort=name`,
  });
  const first = page.getByText('1–25 of 10,000 rows', { exact: true });
  await first.waitFor();
  await screenshot(page, 'grid-10000');
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText('26–50 of 10,000 rows', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText('51–75 of 10,000 rows', { exact: true }).waitFor();
  expect((await texts(page, 'name'))[0]).toBe('Product 00051');

  // The position is part of the URL.
  await page.reload();
  await page.getByText('51–75 of 10,000 rows', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await page.getByText('26–50 of 10,000 rows', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Last page' }).click();
  await page.getByText('9,976–10,000 of 10,000 rows', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await page.getByText('9,951–9,975 of 10,000 rows', { exact: true }).waitFor();
  expect((await texts(page, 'name'))[0]).toBe('Product 09951');
  await page.getByRole('button', { name: 'First page' }).click();
  await first.waitFor();

  // The header row stays in sight, and a cell that receives focus is not behind it.
  const header = grid(page).getByRole('columnheader', { name: /^name/ });
  const top = async () => (await header.boundingBox())?.y ?? NaN;
  const before = await top();
  await rows(page).nth(24).getByRole('gridcell').nth(1).focus();
  await page.keyboard.press('ArrowUp');
  expect(await top()).toBe(before);
  await screenshot(page, 'grid-scrolled');
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowDown');
  const isBelow = async (index: number) => {
    const cell = await rows(page).nth(index).boundingBox();
    const bar = await header.boundingBox();
    return cell !== null && bar !== null && cell.y >= bar.y + bar.height - 1;
  };
  expect(await isBelow(1)).toBe(true);
});

it('clips long values, aligns numbers right and states how many columns are hidden', async () => {
  const shop = await emptyShop(tessera);
  const page = await tessera.newPage({
    as: shop.team.developer,
    at: `/projects/${shop.project.ref}/data/Product`,
  });
  await page.getByRole('heading', { name: 'Product has no rows yet' }).waitFor();
  await screenshot(page, 'grid-0');
  await addProducts(shop, 1);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('1 of 1 row', { exact: true }).waitFor();
  await page.getByText('4 columns hidden').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'grid-1');
  await page.getByRole('button', { name: 'Show all' }).click();
  await eventually(() => columnOf(page, 'attributes')).toBeGreaterThan(0);
  expect(await page.getByText('columns hidden').count()).toBe(0);
  expect(await overflowing(page)).toEqual([]);
  await addProducts(shop, 24, 2);
  await page.getByRole('button', { name: 'Refresh' }).click();
  await page.getByText('1–25 of 25 rows', { exact: true }).waitFor();
  expect(await overflowing(page)).toEqual([]);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'grid-25');

  const alignment = async (name: string) => {
    const column = await columnOf(page, name);
    return grid(page)
      .locator(`tr > :nth-child(${column + 1})`)
      .evaluateAll((cells) => [...new Set(cells.map((cell) => getComputedStyle(cell).textAlign))]);
  };
  for (const name of ['price', 'stock', 'serial', 'rating', 'collections']) {
    expect(await alignment(name), name).toEqual(['right']);
  }
  expect(await alignment('name')).toEqual(['left']);

  // The whole value is still accessible.
  await rows(page).first().getByRole('button', { name: 'Show the full value of colors' }).click();
  await page
    .getByRole('dialog', { name: 'colors' })
    .getByText('a color whose name is so long that it does not fit in a cell')
    .waitFor();
});
