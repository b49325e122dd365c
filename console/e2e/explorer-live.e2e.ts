import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Person, Project, Team } from './kit/seed.ts';

const tessera = useConsole();

const sdl = `
  type User @model @user @live @allow(to: [READ]) { id: ID! @id  name: String! }
  type Task @model @live @allow(to: [READ]) { id: ID! @id  title: String!  size: BigInt }
  type Note @model { id: ID! @id  text: String! }
`;

let team: Team;
let project: Project;

beforeAll(async () => {
  team = await tessera.seed.team('Acme');
  project = await tessera.seed.project(team, { name: 'Tasks', sdl });
});

const create = (title: string) =>
  tessera.seed.askProject(
    team.owner,
    project,
    `mutation ($title: String!) { createTask(data: { title: $title }) { id } }`,
    { title },
  );

async function changeRole({ email }: Person, role: string): Promise<void> {
  const { organization } = await tessera.seed.ask<{
    organization: { members: { nodes: readonly { id: string; user: { email: string } }[] } };
  }>(
    team.owner,
    'query ($slug: String!) { organization(slug: $slug) { members { nodes { id user { email } } } } }',
    { slug: team.slug },
  );
  const member = organization.members.nodes.find(({ user }) => user.email === email);
  await tessera.seed.ask(
    team.owner,
    'mutation ($input: ChangeMemberRoleInput!) { result: changeMemberRole(input: $input) { ... on Error { code } } }',
    { input: { id: member?.id, role } },
  );
}

async function explore(person: Person): Promise<Page> {
  const page = await tessera.newPage({ as: person, at: `/projects/${project.ref}/explorer` });
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return page;
}

const run = (page: Page) => page.getByRole('button', { name: /Execute query/ }).click();
const stop = (page: Page) => page.getByRole('button', { name: /Stop query/ }).click();
const answer = (page: Page) => page.locator('.graphiql-response');
const status = (page: Page) => page.locator('.graphiql-footer').getByRole('status');

async function write(page: Page, query: string): Promise<void> {
  await page.locator('.graphiql-query-editor .monaco-editor').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(query);
}

const allTasks = 'subscription { tasks(orderBy: [{ title: ASC }]) { nodes { title } totalCount } }';

it('shows the results of a live query until the member stops it, also after the token expires', async () => {
  const page = await explore(team.viewer);
  let sockets = 0;
  page.on('websocket', () => (sockets += 1));
  await write(page, allTasks);
  await run(page);
  await answer(page).getByText('totalCount').waitFor();
  await status(page).getByText('Subscribed. 1 result so far.').waitFor();
  await create('Alpha');
  await answer(page).getByText('Alpha').waitFor();
  await status(page).getByText('Subscribed. 2 results so far.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'explorer-live');

  // The gateway closes the connection when the role changes. The next one needs a new token, because this one has expired.
  tessera.allow(page, /status of 401/);
  tessera.passTime(11);
  await changeRole(team.viewer, 'DEVELOPER');
  await expect.poll(() => sockets, { timeout: 30_000 }).toBeGreaterThan(1);
  await create('Beta');
  await answer(page).getByText('Beta').waitFor();

  await stop(page);
  await status(page)
    .getByText(/^The subscription has ended after \d+ results\.$/)
    .waitFor();
  await create('Gamma');
  await write(page, 'query Count { tasks { totalCount } }');
  await run(page);
  await expect.poll(() => answer(page).innerText(), { timeout: 20_000 }).toContain('3');
  expect(await answer(page).innerText()).not.toContain('Gamma');
});

it('shows the changes of a stream, and why a subscription is not possible', async () => {
  const page = await explore(team.viewer);
  await write(page, 'subscription { taskChanges { operation changed node { title } } }');
  await run(page);
  await status(page).getByText('Subscribed. Waiting for the first result.').waitFor();
  await create('Delta');
  await answer(page).getByText('CREATED').waitFor();
  await stop(page);

  await write(page, 'subscription { notes { totalCount } }');
  await run(page);
  await answer(page).getByText('GRAPHQL_VALIDATION_FAILED').waitFor();
  await status(page).getByText('The subscription has ended after 0 results.').waitFor();
});

it('says that subscriptions cannot run as another caller', async () => {
  const page = await explore(team.developer);
  await page.getByRole('button', { name: 'View as…' }).click();
  const dialog = page.getByRole('dialog', { name: 'View as another caller' });
  await dialog.getByRole('button', { name: 'View', exact: true }).click();
  await page.getByText('Viewing as a signed-out caller.').waitFor();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await write(page, allTasks);
  await run(page);
  await answer(page).getByText('Subscriptions cannot run as another caller.').waitFor();
});

it('says that the connection was lost, and opens it again', async () => {
  const page = await tessera.newPage({ as: team.viewer });
  let isDown = false;
  const close: (() => Promise<void>)[] = [];
  await page.routeWebSocket(/graphql$/, (socket) => {
    if (isDown) {
      void socket.close({ code: 1013, reason: 'Too many connections' });
      return;
    }
    close.push(() => socket.close({ code: 1012, reason: 'Restarting' }));
    socket.connectToServer();
  });
  await page.goto(`/projects/${project.ref}/explorer`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await write(page, allTasks);
  await run(page);
  await status(page)
    .getByText(/^Subscribed/)
    .waitFor();
  isDown = true;
  await Promise.all(close.splice(0).map((end) => end()));
  await status(page).getByText('The connection was lost. Connecting again…').waitFor();
  await create('Omega');
  isDown = false;
  await answer(page).getByText('Omega').waitFor();

  // If it stays lost, the reason is shown.
  isDown = true;
  await Promise.all(close.splice(0).map((end) => end()));
  await answer(page).getByText('Too many connections').waitFor({ timeout: 90_000 });
});

it('subscribes with an API key', async () => {
  const key = await tessera.seed.key(team, project, 'Live', ['schema.read', 'data.read']);
  const page = await tessera.newPage({ at: `/p/${project.ref}/graphql` });
  await page.getByLabel('API key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Explore the API' }).click();
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  await write(page, allTasks);
  await run(page);
  await answer(page).getByText('totalCount').waitFor();
  await create('Zulu');
  await answer(page).getByText('Zulu').waitFor();
});
