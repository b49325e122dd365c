import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

import type { Console } from './kit/console.ts';
import type { Project, Team } from './kit/seed.ts';

export const rowCount = 65;

/** Creates a tracker project with a second board, whose 65 issues together contain every type of value. */
export async function fullTracker({ seed }: Console): Promise<{ team: Team; project: Project }> {
  const team = await seed.team('Acme');
  const project = await seed.tracker(team);
  const { createBoard } = await seed.askProject<{ createBoard: { id: string } }>(
    team.owner,
    project,
    'mutation { createBoard(data: { key: "OPS", name: "Operations" }) { id } }',
  );
  const data = Array.from({ length: rowCount }, (_, index) => ({
    boardId: createBoard.id,
    number: index + 1,
    title: `Chore ${String(index + 1).padStart(2, '0')}`,
    body: index === 0 ? '' : index === 1 ? 'A long story. '.repeat(20) : null,
    status: index % 2 === 0 ? 'TODO' : 'DONE',
    estimate: index === 0 ? '12345678901234567890.10' : null,
    due: index === 0 ? '2026-01-31' : null,
    tags: index === 0 ? ['=1+1', 'a,b'] : [],
    meta: index === 0 ? { deep: { er: [1, 'two'] } } : null,
  }));
  await seed.askProject(
    team.owner,
    project,
    'mutation ($data: [IssueCreateInput!]!) { createIssues(data: $data) { count } }',
    { data },
  );
  return { team, project };
}

/** Polls until the assertion passes, with a timeout that is long enough for busy machines. */
export const eventually = <T>(ask: () => T | Promise<T>) => expect.poll(ask, { timeout: 15_000 });
export const grid = (page: Page) => page.getByRole('grid');
export const rows = (page: Page) => grid(page).locator('tbody tr');
export const cell = (row: Locator, column: number) => row.getByRole('gridcell').nth(column);
export const columnOf = async (page: Page, name: string): Promise<number> => {
  const headers = await grid(page).getByRole('columnheader').allInnerTexts();
  return headers.findIndex((text) => text.split(/\s/)[0] === name);
};
export const texts = async (page: Page, name: string): Promise<string[]> => {
  const column = await columnOf(page, name);
  return rows(page)
    .locator(`td:nth-child(${column + 1})`)
    .allInnerTexts();
};
export const searchOf = (page: Page) => new URL(page.url()).searchParams;
const opsFilter = JSON.stringify([{ field: 'title', operator: 'startsWith', value: 'Chore' }]);
export const opsIssues = (project: Project, more = '') =>
  `/projects/${project.ref}/data/Issue?filters=${encodeURIComponent(opsFilter)}${more}`;

export const openRow = (page: Page) => page.getByRole('dialog');
export const field = (scope: Locator, name: string) =>
  scope.getByRole('textbox', { name: new RegExp(`^${name}\\b`) });
