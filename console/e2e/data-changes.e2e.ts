import { expect, it } from 'vitest';

import {
  cell,
  columnOf,
  eventually,
  field,
  fullTracker,
  grid,
  openRow,
  opsIssues,
  rows,
  texts,
} from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

it('adds a row with a relation and shows errors next to the fields', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.developer,
    at: `/projects/${project.ref}/data/Issue`,
  });
  tessera.allow(page, /status of (400|409)/);
  await page.getByRole('button', { name: 'Add row' }).click();
  const panel = page.getByRole('dialog', { name: 'Add a row to Issue' });
  await panel.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => panel.getByText('This field is required.').count()).toBe(3);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-add-errors');

  await field(panel, 'number').fill('x');
  await field(panel, 'title').fill('t'.repeat(201));
  await field(panel, 'estimate').fill('0.10');
  await field(panel, 'tags').fill('["urgent", "=1+1"]');
  await field(panel, 'meta').fill('{"a": 1}');
  await panel.getByRole('combobox', { name: /^status/ }).click();
  await page.getByRole('option', { name: 'DONE' }).click();
  const board = panel.getByRole('combobox', { name: /^board/ });
  await board.fill('oper');
  await page.getByRole('option', { name: 'Operations' }).click();
  await panel.getByRole('button', { name: 'Add row' }).click();
  await panel.getByText('Enter a whole number').waitFor();
  // The server rejects the other invalid values: a title that is too long, then a number that is already taken.
  await field(panel, 'number').fill('1');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => field(panel, 'title').getAttribute('aria-invalid')).toBe('true');
  await field(panel, 'title').fill('Brand new');
  await panel.getByRole('button', { name: 'Add row' }).click();
  await eventually(() => field(panel, 'number').getAttribute('aria-invalid')).toBe('true');
  await field(panel, 'number').fill('66');
  await panel.getByRole('button', { name: 'Add row' }).click();

  const added = page.getByRole('dialog', { name: 'Brand new' });
  await added.getByText('0.10').waitFor();
  await added.getByRole('link', { name: 'Operations' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-row');
  const answer = await tessera.seed.askProject(
    team.owner,
    project,
    '{ issues(where: { title: { eq: "Brand new" } }) { nodes { number status estimate tags meta due body board { name } } } }',
  );
  expect(answer).toEqual({
    issues: {
      nodes: [
        {
          number: 66,
          status: 'DONE',
          estimate: '0.10',
          tags: ['urgent', '=1+1'],
          meta: { a: 1 },
          due: null,
          body: null,
          board: { name: 'Operations' },
        },
      ],
    },
  });
});

it('edits rows in the grid and in the side panel, and shows errors in the cell', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.developer,
    at: opsIssues(project, '&sort=number&columns=id,number,title,body,status,board'),
  });
  tessera.allow(page, /status of (400|409)/);
  const first = rows(page).first();
  await first.waitFor();
  const title = cell(first, await columnOf(page, 'title'));
  await title.dblclick();
  const input = grid(page).getByRole('textbox', { name: 'Edit title' });
  await input.fill('');
  await input.press('Enter');
  await grid(page).getByRole('alert').filter({ hasText: /\S/ }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-edit-refused');
  await input.press('Escape');
  expect(await title.innerText()).toBe('Chore 01');

  // Escape also discards valid input.
  const updates: string[] = [];
  page.on('request', (request) => {
    const body = request.postData() ?? '';
    if (body.includes('mutation ConsoleUpdate')) updates.push(body);
  });
  await title.press('Enter');
  await input.fill('Discarded');
  await input.press('Escape');
  expect(await title.innerText()).toBe('Chore 01');

  // Enter saves and stays in the cell. Tab saves and moves to the next cell.
  await title.press('Enter');
  await input.fill('First chore');
  await input.press('Enter');
  await eventually(() => title.innerText()).toBe('First chore');
  expect(updates).toEqual([expect.stringContaining('First chore')]);
  await title.press('Enter');
  await input.fill('Chore zero');
  await input.press('Tab');
  const body = grid(page).getByRole('textbox', { name: 'Edit body' });
  await body.press('Control+Delete');
  await eventually(async () => cell(first, await columnOf(page, 'body')).innerText()).toBe('null');
  await eventually(() => title.innerText()).toBe('Chore zero');

  // Use the picker to change the relation.
  const board = cell(first, await columnOf(page, 'board'));
  await board.dblclick();
  const picker = grid(page).getByRole('combobox', { name: 'Edit board' });
  await picker.fill('Engin');
  await page.getByRole('option', { name: 'Engineering' }).waitFor();
  await picker.press('ArrowDown');
  await picker.press('Enter');
  await picker.press('Enter');
  // An issue with this number already exists on that board.
  await grid(page).getByRole('alert').filter({ hasText: /\S/ }).waitFor();
  await picker.press('Escape');
  await eventually(() => board.innerText()).toBe('Operations');

  await first.getByRole('link').first().click();
  const panel = openRow(page);
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await field(panel, 'title').fill('From the panel');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-edit-panel');
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'From the panel' }).waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await eventually(() => title.innerText()).toBe('From the panel');
});

it('deletes selected rows after confirmation', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.developer,
    at: opsIssues(project, '&sort=number&columns=number,title'),
  });
  for (const index of [0, 2]) await rows(page).nth(index).getByRole('checkbox').click();
  await page.getByText('2 rows selected').waitFor();
  await page.getByRole('button', { name: 'Delete selected' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete 2 rows from Issue?' });
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-delete');
  await dialog.getByRole('button', { name: 'Delete 2 rows' }).click();
  await page.getByText('2 rows deleted from Issue.').waitFor();
  await page.getByText('25 of 63 rows').waitFor();
  expect((await texts(page, 'title')).slice(0, 2)).toEqual(['Chore 02', 'Chore 04']);
  await eventually(() => page.getByRole('link', { name: 'Issue 93' }).count()).toBe(1);
});

it('can be used with only the keyboard', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.developer,
    at: opsIssues(project, '&sort=number&columns=id,number,title,body,board'),
  });
  await rows(page).first().waitFor();
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const focused = () =>
    page.evaluate(() => {
      const cell = document.activeElement;
      return cell?.role === 'gridcell' ? cell.textContent : null;
    });
  // After the header buttons, Tab moves to the first cell.
  await grid(page)
    .getByRole('button', { name: /^board/ })
    .focus();
  await press('Tab', 'ArrowRight', 'ArrowRight', 'ArrowRight');
  await eventually(focused).toBe('Chore 01');
  await press('ArrowDown', 'Enter');
  await page.keyboard.type('By keyboard');
  await press('Enter');
  await eventually(focused).toBe('By keyboard');
  // Space shows a long value. Escape returns to the cell.
  await press('ArrowRight', 'Space');
  await page.getByText('A long story. '.repeat(20).trim()).waitFor();
  await press('Escape');
  await page.getByText('A long story. '.repeat(20).trim()).waitFor({ state: 'hidden' });
  await grid(page)
    .getByRole('button', { name: /^board/ })
    .focus();
  await press('Tab', 'Home', 'Space');
  await page.getByText('1 row selected').waitFor();
  await press('End', 'Control+Enter');
  await page.getByRole('dialog', { name: 'Operations' }).waitFor();
  await press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
});
