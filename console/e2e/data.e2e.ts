import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import {
  cell,
  columnOf,
  eventually,
  fullTracker,
  grid,
  openRow,
  opsIssues,
  rowCount,
  rows,
  searchOf,
  texts,
} from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

it('browses rows with counts, sorting, filters and paging in both directions', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({ as: team.developer, at: `/projects/${project.ref}/data` });
  await page.getByRole('heading', { name: 'User', level: 1 }).waitFor();
  const types = page.getByRole('navigation', { name: 'Models' });
  await types.getByRole('link', { name: 'Issue 95' }).click();
  await page.getByRole('heading', { name: 'Issue', level: 1 }).waitFor();
  expect(await page.title()).toBe('Issue · Tracker · Tessera');
  await page.getByText('25 of 95 rows').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-issues');

  // Add a filter with the editor.
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const editor = page.getByRole('dialog', { name: 'Add a filter' });
  await editor.getByRole('combobox', { name: 'Field' }).click();
  await page.getByRole('option', { name: 'title' }).click();
  await editor.getByRole('textbox', { name: 'Value' }).fill('cHORE');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-filter');
  await editor.getByRole('button', { name: 'Add filter' }).click();
  await page.getByText('25 of 65 rows').waitFor();

  // Sort by one column, reverse the order, and add a second column.
  const header = (name: string) => grid(page).getByRole('columnheader', { name });
  await header('number').getByRole('button').click();
  await eventually(() => header('number').getAttribute('aria-sort')).toBe('ascending');
  await eventually(async () => (await texts(page, 'number')).slice(0, 2)).toEqual(['1', '2']);
  await header('number').getByRole('button').click();
  await eventually(() => header('number').getAttribute('aria-sort')).toBe('descending');
  await header('status').getByRole('button').click();
  await header('number')
    .getByRole('button')
    .click({ modifiers: ['Shift'] });
  await eventually(() => searchOf(page).get('sort')).toBe('status,number');
  await eventually(async () => (await texts(page, 'number')).slice(0, 2)).toEqual(['2', '4']);

  // Page to the end and back to the start.
  const seen: string[] = [...(await texts(page, 'title'))];
  const turn = async (button: string, first: RegExp) => {
    await page.getByRole('button', { name: button }).click();
    await eventually(async () => (await texts(page, 'title'))[0]).toMatch(first);
    await eventually(() => grid(page).getAttribute('aria-busy')).toBeNull();
  };
  await turn('Next page', /Chore 52/);
  seen.push(...(await texts(page, 'title')));
  await turn('Next page', /Chore 37/);
  seen.push(...(await texts(page, 'title')));
  expect(new Set(seen).size).toBe(rowCount);
  await turn('Previous page', /Chore 52/);
  const deep = page.url();
  await turn('First page', /Chore 02/);
  await turn('Last page', /Chore 17/);

  // The URL restores the same view.
  const other = await tessera.newTab(page, deep);
  await eventually(async () => (await texts(other, 'title'))[0]).toBe('Chore 52');
  await other.close();

  // Show other columns, which contain nulls, empty strings and strings that are too long for a cell.
  await page.goto(opsIssues(project, '&sort=number&columns=title,body,meta,tags,due'));
  await eventually(async () => (await texts(page, 'title'))[0]).toBe('Chore 01');
  const [empty, long, none] = await texts(page, 'body');
  expect([empty, none]).toEqual([expect.stringMatching(/^""\s*empty string$/), 'null']);
  expect(long?.length).toBeLessThan(150);
  await rows(page).nth(1).getByRole('button', { name: 'Show the full value of body' }).click();
  await page.getByText('A long story. '.repeat(20).trim()).waitFor();
  await screenshot(page, 'data-peek');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'due Date' }).click();
  await eventually(() => searchOf(page).get('columns')).toBe('title,body,tags,meta');
  await page.keyboard.press('Escape');

  // An empty result shows a button that clears the filters.
  await page.goto(
    `/projects/${project.ref}/data/Issue?filters=${encodeURIComponent('[{"field":"number","operator":"gt","value":"1000"}]')}`,
  );
  await page.getByRole('heading', { name: 'No rows match' }).waitFor();
  await screenshot(page, 'data-no-match');
  await page.getByRole('button', { name: 'Clear filters' }).last().click();
  await page.getByText('25 of 95 rows').waitFor();
});

it('follows relations in both directions', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.developer,
    at: opsIssues(project, '&sort=number&columns=title,board'),
  });
  await rows(page).first().getByRole('link', { name: 'Operations' }).click();
  const board = page.getByRole('dialog', { name: 'Operations' });
  await board.getByRole('link', { name: '65 in issues' }).click();
  await page.getByRole('heading', { name: 'Issue', level: 1 }).waitFor();
  await page.getByText('25 of 65 rows').waitFor();
  await page.getByText('in issues of Board').waitFor();
  await screenshot(page, 'data-within');
  await page.goBack();
  await board.waitFor();
  await page.goBack();
  await eventually(() => columnOf(page, 'board')).toBe(2);

  // Open a row and a model that do not exist.
  const nobody = '0198c5f2-0000-7000-8000-000000000001';
  await page.goto(`/projects/${project.ref}/data/Board?row=${nobody}`);
  await page.getByText('No row has this key.').waitFor();
  await page.goto(`/projects/${project.ref}/data/Nothing`);
  await page.getByRole('heading', { name: 'Not found', level: 1 }).waitFor();
});

it('exports the filtered rows as CSV and JSON without data loss', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({
    as: team.viewer,
    at: opsIssues(project, '&sort=number&size=25'),
  });
  await page.getByText('25 of 65 rows').waitFor();
  const exported = async (format: 'CSV' | 'JSON') => {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Export Issue' });
    await dialog.getByRole('radio', { name: format }).click();
    await expectAccessibleInBothThemes(page);
    await screenshot(page, `data-export-${format.toLowerCase()}`);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export' }).click(),
    ]);
    await page.getByText('Exported 65 rows.').first().waitFor();
    expect(download.suggestedFilename()).toBe(`issues.${format.toLowerCase()}`);
    return readFile(await download.path(), 'utf8');
  };
  const { issues } = await tessera.seed.askProject<{ issues: { nodes: unknown[] } }>(
    team.owner,
    project,
    `{ issues(where: { title: { startsWith: "Chore" } }, orderBy: [{ number: ASC }], first: 100) {
      nodes { id number title body status estimate due tags meta boardId assigneeId parentId createdAt updatedAt }
    } }`,
  );
  expect(JSON.parse(await exported('JSON'))).toEqual(issues.nodes);
  const lines = (await exported('CSV')).split('\r\n');
  expect(lines).toHaveLength(rowCount + 2);
  expect(lines[0]).toBe(
    'id,number,title,body,status,estimate,due,tags,meta,boardId,assigneeId,parentId,createdAt,updatedAt',
  );
  expect(lines[1]).toContain(
    ',1,Chore 01,"",TODO,12345678901234567890.10,2026-01-31,"[""=1+1"",""a,b""]",',
  );
  expect(lines[3]).toContain(',3,Chore 03,,TODO,,,[],,');
});

it('shows a viewer all rows and explains why they are read-only', async () => {
  const { team, project } = await fullTracker(tessera);
  const page = await tessera.newPage({ as: team.viewer, at: opsIssues(project, '&sort=number') });
  const reason = 'Only developers, admins and owners can write rows. You are a viewer.';
  const add = page.getByRole('button', { name: 'Add row' });
  await rows(page).first().waitFor();
  expect(await add.getAttribute('aria-disabled')).toBe('true');
  await add.hover();
  await page.getByText(reason).locator('visible=true').waitFor();
  await screenshot(page, 'data-viewer');
  const title = cell(rows(page).first(), await columnOf(page, 'title'));
  await title.dblclick();
  expect(await grid(page).getByRole('textbox').count()).toBe(0);
  expect(await title.getAttribute('aria-readonly')).toBe('true');
  await rows(page).first().getByRole('checkbox').click();
  const remove = page.getByRole('button', { name: 'Delete selected' });
  expect(await remove.getAttribute('aria-disabled')).toBe('true');
  await rows(page).first().getByRole('link').first().click();
  const edit = openRow(page).getByRole('button', { name: 'Edit', exact: true });
  await edit.waitFor();
  expect(await edit.getAttribute('aria-disabled')).toBe('true');
  await expectAccessibleInBothThemes(page);
});

it('shows “not found” to other tenants, and an empty state if there is no schema or no row', async () => {
  const { project } = await fullTracker(tessera);
  const other = await tessera.seed.team('Globex');
  const page = await tessera.newPage({
    as: other.owner,
    at: `/projects/${project.ref}/data/Issue`,
  });
  await page.getByRole('heading', { name: 'Not found', level: 1 }).waitFor();

  const bare = await tessera.seed.project(other, { name: 'Bare' });
  await page.goto(`/projects/${bare.ref}/data`);
  await page.getByRole('heading', { name: 'No tables yet' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-no-schema');
  const schema = page.getByRole('link', { name: 'Go to the schema' });
  expect(await schema.getAttribute('href')).toBe(`/projects/${bare.ref}/schema`);

  const fresh = await tessera.seed.tracker(other, 'Fresh');
  await page.goto(`/projects/${fresh.ref}/data/Label`);
  await page.getByRole('heading', { name: 'Label has no rows yet' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-empty');
  await page.getByRole('button', { name: 'Add the first row' }).click();
  await page.getByRole('dialog', { name: 'Add a row to Label' }).waitFor();
});
