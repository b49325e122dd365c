import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const readme = join(import.meta.dirname, '../../README.md');

/** Reads the README's schema and example query. */
async function readExample(): Promise<{ sdl: string; query: string }> {
  const text = await readFile(readme, 'utf8');
  const [sdl, query] = [...text.matchAll(/^```graphql\n([^]*?)^```/gm)].map(([, block]) => block);
  if (sdl === undefined || query === undefined) throw new Error('The README has no example.');
  return { sdl, query };
}

const rows = `mutation {
  createBoard(data: {
    name: "Launch"
    issues: { create: [
      { title: "Publish the price list" }
      { title: "Answer the first support mail" }
      { title: "Announce the beta", done: true }
    ] }
  }) { name }
}`;

/** A change with several kinds of steps, for the screenshot: a new model, a new field and a stricter rule. */
const change = (sdl: string) =>
  sdl
    .replace('maxLength: 200', 'maxLength: 120')
    .replace('  board: Board!', '  labels: [Label!]!\n  due: Date\n  board: Board!')
    .concat(
      '\ntype Label @model {\n  id: ID! @id\n  name: String! @unique\n  issues: [Issue!]!\n}\n',
    );

// `npm run docs:pictures` copies the screenshot to docs/images.
it("runs the README's query and plans a change to its schema", async () => {
  const { sdl, query } = await readExample();
  const team = await tessera.seed.team('Northwind');
  const project = await tessera.seed.project(team, { name: 'Launch', sdl });
  await tessera.seed.askProject(team.owner, project, rows);
  expect(await tessera.seed.askProject(team.owner, project, query)).toEqual({
    board: {
      issues: {
        nodes: [{ title: 'Answer the first support mail' }, { title: 'Publish the price list' }],
        totalCount: 2,
      },
    },
  });

  const at = `/projects/${project.ref}/schema`;
  const page = await tessera.newPage({ as: team.owner, at });
  await page.getByRole('textbox', { name: 'Schema, in GraphQL SDL' }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(change(sdl));
  await page.getByRole('button', { name: 'Apply as version 2' }).waitFor();
  await page.getByRole('list', { name: 'Steps' }).waitFor();
  // Move the pointer away from the editor, because the editor's hints would otherwise cover the plan.
  await page.mouse.move(0, 0);
  await page.getByRole('tooltip').waitFor({ state: 'hidden' });
  await screenshot(page, 'readme');
});
