import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot, viewports } from './kit/looks.ts';
import type { Person, Project } from './kit/seed.ts';

const tessera = useConsole();

async function explore(person: Person, { ref }: Project): Promise<Page> {
  const page = await tessera.newPage({ as: person, at: `/projects/${ref}/explorer` });
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return page;
}

const run = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();
const answer = (page: Page) => page.locator('.graphiql-response');

async function write(page: Page, query: string): Promise<void> {
  await page.locator('.graphiql-query-editor .monaco-editor').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(query);
}

it('sends operations as the signed-in member, even after the token expires', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const page = await explore(team.developer, tracker);
  await run(page);
  await answer(page).getByText('totalCount').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'explorer');

  tessera.allow(page, /status of 401/);
  tessera.passTime(11);
  await write(
    page,
    'query One { boards { nodes { name } } } query Two { boards { nodes { key } } }',
  );
  // If there are several operations, the execute button opens a menu once the editor has parsed them.
  await page.locator('.graphiql-execute-button[aria-haspopup=menu]').click();
  await page.getByRole('menuitem', { name: 'Two' }).click();
  await answer(page).getByText('ENG').waitFor();
  expect(await answer(page).innerText()).not.toContain('Engineering');

  const kept = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), location.href]),
  );
  expect(kept).toContain('query One');
  // JWTs start with `eyJ`.
  expect(kept).not.toContain('eyJ');
});

it("shows API errors and enforces the member's role", async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const page = await explore(team.viewer, tracker);
  await page.getByText('You have read-only access.').waitFor();
  tessera.allow(page, /status of 400/);
  await write(page, 'mutation { deleteBoards(where: {}, atMost: 9) { count } }');
  await run(page);
  await answer(page).getByText('GRAPHQL_VALIDATION_FAILED').waitFor();
});

it('shows the API documentation', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const page = await explore(team.owner, tracker);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Query', exact: true }).click();
  await page.getByRole('link', { name: 'boards', exact: true }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'explorer-docs');
});

it('runs an operation on a phone', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  const at = `/projects/${tracker.ref}/explorer`;
  const page = await tessera.newPage({ as: team.developer, at, viewport: 'phone' });
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await run(page);
  await answer(page).getByText('users').waitFor();
});

it.each(['operation', 'response'] as const)(
  'shows both panes on a phone after the %s was hidden on a wide screen',
  async (hidden) => {
    const team = await tessera.seed.team('Acme');
    const tracker = await tessera.seed.tracker(team);
    const page = await explore(team.developer, tracker);
    const panes = { operation: page.locator('.graphiql-editors'), response: answer(page) };
    const pane = panes[hidden];
    const bar = page.locator('#graphiql-session > .graphiql-horizontal-drag-bar');
    const start = await bar.boundingBox();
    const end = await pane.boundingBox();
    if (start === null || end === null) throw new Error('The bar and the pane are visible.');
    await page.mouse.move(start.x + start.width / 2, start.y + 100);
    await page.mouse.down();
    // To the outer edge of the pane.
    await page.mouse.move(end.x < start.x ? end.x + 10 : end.x + end.width - 10, start.y + 100);
    await page.mouse.up();
    await expect.poll(() => pane.evaluate(({ style }) => style.opacity)).toBe('0');

    await page.setViewportSize(viewports.phone);
    for (const each of Object.values(panes)) {
      const box = await each.boundingBox();
      expect(box?.x, 'the pane is on the screen').toBeGreaterThanOrEqual(0);
      expect(box?.height, 'the pane has room for its content').toBeGreaterThan(200);
    }
    await run(page);
    await answer(page).getByText('users').waitFor();
  },
);

it('shows an empty state for a project without a schema', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref } = await tessera.seed.project(team, { name: 'Web shop' });
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${ref}/explorer` });
  await page.getByText('No API yet').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'explorer-empty');
});
