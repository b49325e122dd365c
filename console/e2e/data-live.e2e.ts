import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';

import { eventually, rows, texts } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Project, Team } from './kit/seed.ts';

const tessera = useConsole();

const sdl = `
  type List @model @live { id: ID! @id  name: String!  tasks: [Task!]! }
  type Task @model @live { id: ID! @id  title: String!  list: List }
  type Seat @model @live @id(fields: ["row", "place"]) { row: String!  place: Int! }
  type Note @model { id: ID! @id  text: String! }
`;

let team: Team;
let project: Project;

beforeAll(async () => {
  team = await tessera.seed.team('Acme');
  project = await tessera.seed.project(team, { name: 'Tasks', sdl });
});

/** Changes rows as another member. */
const change = <Data>(mutation: string) =>
  tessera.seed.askProject<Data>(team.owner, project, `mutation { ${mutation} }`);

async function open(model: string, search = ''): Promise<Page> {
  const at = `/projects/${project.ref}/data/${model}${search}`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('heading', { name: model, level: 1 }).waitFor();
  return page;
}

const titles = (page: Page) => texts(page, 'title');
const load = (page: Page) => page.getByRole('button', { name: 'Load changes' });

it('says what others have changed, and loads it when the member asks', async () => {
  await change('createTasks(data: [{ title: "one" }, { title: "two" }]) { count }');
  const page = await open('Task', '?sort=title');
  await eventually(() => titles(page)).toEqual(['one', 'two']);
  const notice = page.getByRole('status').filter({ has: load(page) });

  await change('createTasks(data: [{ title: "a" }, { title: "b" }, { title: "c" }]) { count }');
  await notice.getByText('3 new rows').waitFor();
  expect(await titles(page)).toEqual(['one', 'two']);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-changes');
  await load(page).click();
  await eventually(() => titles(page)).toEqual(['a', 'b', 'c', 'one', 'two']);
  await eventually(() => load(page).count()).toBe(0);

  await change(
    'updateTasks(where: { title: { eq: "a" } }, data: { title: "z" }, atMost: 1) { count }',
  );
  await notice.getByText('1 row changed').waitFor();
  await change('deleteTasks(where: { title: { eq: "b" } }, atMost: 1) { count }');
  await notice.getByText('1 row changed, 1 row removed').waitFor();
  expect(await titles(page)).toEqual(['a', 'b', 'c', 'one', 'two']);
  await load(page).click();
  await eventually(() => titles(page)).toEqual(['c', 'one', 'two', 'z']);
  expect(await page.getByText('does not follow changes').count()).toBe(0);
});

it('counts only rows that match the filters, and not those that the member has added', async () => {
  const filters = JSON.stringify([{ field: 'title', operator: 'startsWith', value: 'x' }]);
  const page = await open('Task', `?filters=${encodeURIComponent(filters)}`);
  await page.getByText('No rows match').waitFor();
  await page.getByRole('button', { name: 'Add row' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('textbox', { name: /^title/ }).fill('x of mine');
  await form.getByRole('button', { name: 'Add row' }).click();
  await page.getByRole('dialog', { name: 'x of mine' }).waitFor();
  await page.keyboard.press('Escape');
  await eventually(() => titles(page)).toEqual(['x of mine']);
  await change('createTasks(data: [{ title: "y" }, { title: "x" }]) { count }');
  await page.getByText('1 new row', { exact: true }).waitFor();
});

it('follows the list of another row and keys of several fields', async () => {
  const { list } = await change<{ list: { id: string } }>(
    'list: createList(data: { name: "Home", tasks: { create: [{ title: "first" }] } }) { id }',
  );
  const within = JSON.stringify({ type: 'List', field: 'tasks', id: list.id });
  const page = await open('Task', `?within=${encodeURIComponent(within)}`);
  await eventually(() => titles(page)).toEqual(['first']);
  await change(`createTask(data: { title: "second", listId: "${list.id}" }) { id }`);
  await page.getByText('Rows have changed', { exact: true }).waitFor();

  const seats = await open('Seat');
  await seats.getByText('Seat has no rows yet').waitFor();
  await change('createSeats(data: [{ row: "A", place: 1 }, { row: "A", place: 2 }]) { count }');
  await seats.getByText('2 new rows').waitFor();
  await load(seats).click();
  await eventually(() => rows(seats).count()).toBe(2);
});

it('says so if changes cannot be followed anymore', async () => {
  const page = await tessera.newPage({ as: team.developer });
  await page.routeWebSocket(/graphql$/, (socket) => {
    void socket.close({ code: 4400, reason: 'Not today' });
  });
  await page.goto(`/projects/${project.ref}/data/Task`);
  await page
    .getByText('Changes are not followed anymore: The connection was closed: Not today')
    .waitFor();
});

it('subscribes again if the gateway is busy', async () => {
  await change('createList(data: { name: "busy" }) { id }');
  const page = await tessera.newPage({ as: team.developer });
  let refused = 0;
  await page.routeWebSocket(/graphql$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      // graphql-ws sends only messages of the protocol.
      const { type, id } = JSON.parse(String(text)) as { type: string; id?: string };
      if (type !== 'subscribe' || refused >= 2) {
        server.send(text);
        return;
      }
      refused += 1;
      const payload = [{ message: 'Busy', extensions: { code: 'OVERLOADED' } }];
      socket.send(JSON.stringify({ type: 'error', id, payload }));
    });
  });
  await page.goto(`/projects/${project.ref}/data/List`);
  await eventually(() => texts(page, 'name')).toContain('busy');
  await change('createList(data: { name: "later" }) { id }');
  await page.getByText('1 new row', { exact: true }).waitFor();
  expect(refused).toBe(2);
});

it('offers to add @live to a model without it, as one change of the schema', async () => {
  const page = await open('Note');
  let sockets = 0;
  page.on('websocket', () => (sockets += 1));
  await page.getByText('This list does not follow changes.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'data-not-live');
  await change('createNote(data: { text: "unseen" }) { id }');
  await page.getByRole('button', { name: 'Refresh' }).click();
  await eventually(() => texts(page, 'text')).toEqual(['unseen']);
  expect(sockets).toBe(0);

  await page.getByRole('link', { name: 'Add @live to Note' }).click();
  await page.getByText('type Note @model @live {').waitFor();
  await page.getByText('Log the changes of Note.', { exact: true }).waitFor();
  expect(await page.locator('main').innerText()).toContain('1 step');
  expect(new URL(page.url()).search).toBe('');
  await screenshot(page, 'schema-add-live');
  await page
    .getByRole('button', { name: /^Apply/ })
    .first()
    .click();

  const viewer = await tessera.newPage({
    as: team.viewer,
    at: `/projects/${project.ref}/data/Note`,
  });
  await viewer.getByRole('heading', { name: 'Note', level: 1 }).waitFor();
  await eventually(() => texts(viewer, 'text')).toEqual(['unseen']);
  expect(await viewer.getByText('Add @live').count()).toBe(0);
});

it('shows live models in the diagram, and changes @live in the form of a model', async () => {
  const at = `/projects/${project.ref}/schema?view=picture`;
  const page = await tessera.newPage({ as: team.developer, at });
  await page.getByRole('button', { name: /^Go to type Task\s*, live/ }).waitFor();
  await page.getByRole('button', { name: 'Access rules of Task' }).first().click();
  const panel = page.getByRole('dialog', { name: 'Access to Task' });
  const live = panel.getByRole('checkbox', { name: 'Live' });
  await eventually(() => live.isChecked()).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'schema-live-form');
  await live.click();
  await eventually(() => live.isChecked()).toBe(false);
  await live.click();
  await eventually(() => live.isChecked()).toBe(true);
  await page.keyboard.press('Escape');
  await page.getByText('type Task @model @live {').waitFor();
});
