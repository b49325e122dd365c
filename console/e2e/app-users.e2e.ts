import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { useApp } from '../../gateway/test/app.ts';
import { useBrowser } from '../../gateway/test/browser.ts';
import { useLocalIssuer } from '../../gateway/test/local-issuer.ts';
import { makeNotes, type NotesProject } from '../../gateway/test/notes-project.ts';
import { allowOrigins, createKey, trustIssuers } from '../../gateway/test/project-settings.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const app = useApp({ linksToItself: true, env: { EGRESS_ALLOW_PRIVATE: 'true' } });
const issuer = useLocalIssuer();
const chromium = useBrowser();

/** An app without a server: a page that gets the key and the token in its address, and uses only `fetch`. */
const html = `<!doctype html>
<html lang="en">
  <meta charset="utf-8" />
  <title>Notes</title>
  <h1>Notes</h1>
  <ul></ul>
  <form>
    <label>Text <input name="text" /></label>
    <label>Note <input name="id" /></label>
    <label>Owner <input name="owner" /></label>
    <button>Save</button>
  </form>
  <p role="status"></p>
  <script type="module">
    const { endpoint, key, token } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    const list = document.querySelector('ul');
    const form = document.querySelector('form');
    const status = document.querySelector('p');

    async function ask(query, variables) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': key,
          ...(token === null ? {} : { authorization: 'Bearer ' + token }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = await response.json();
      if (errors !== undefined) throw new Error(errors[0].extensions.code);
      return data;
    }

    async function show() {
      const { notes } = await ask('{ notes(orderBy: [{ text: ASC }]) { nodes { id text } } }');
      list.replaceChildren(
        ...notes.nodes.map(({ id, text }) => {
          const item = document.createElement('li');
          item.textContent = text;
          item.id = id;
          return item;
        }),
      );
      return notes.nodes.length + ' notes';
    }

    const create =
      'mutation ($data: NoteCreateInput!) { createNote(data: $data) { id } }';
    const update =
      'mutation ($id: ID!, $data: NoteUpdateInput!) { updateNote(where: { id: $id }, data: $data) { id } }';

    async function save() {
      const { text, id, owner } = Object.fromEntries(new FormData(form));
      if (id !== '') await ask(update, { id, data: { text } });
      else {
        const other = owner === '' ? {} : { owner: { connect: { id: owner } } };
        await ask(create, { data: { text, open: false, ...other } });
      }
      return show();
    }

    async function tell(work) {
      status.textContent = 'Working';
      try {
        status.textContent = await work();
      } catch (error) {
        status.textContent = error.message;
      }
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      tell(save);
    });
    tell(show);
  </script>
</html>`;

/** Serves the page on another port, and therefore on another origin. */
const site = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.end(html);
});

let project: NotesProject;
let publishable: string;
let port = 0;
const pages: Page[] = [];

beforeAll(async () => {
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  // A server that listens on a port has an address with that port.
  ({ port } = site.address() as AddressInfo);
  project = await makeNotes(app);
  await trustIssuers(app, project, [issuer.trusted({ userField: 'handle' })]);
  await allowOrigins(app, project, [`http://127.0.0.1:${port}`]);
  publishable = await createKey(app, project, { kind: 'PUBLISHABLE' });
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

interface Visit {
  /** The signed-in user. By default, no user is signed in. */
  readonly user?: string;
  /** @default the publishable key */
  readonly key?: string;
  /** @default an allowed one */
  readonly host?: string;
}

async function visit({ user, key = publishable, host = '127.0.0.1' }: Visit): Promise<Page> {
  const token = user === undefined ? null : await issuer.token({ claims: { sub: user } });
  const settings = JSON.stringify({ endpoint: project.endpoint, key, token });
  const context = await chromium.browser.newContext();
  const page = await context.newPage();
  pages.push(page);
  await page.goto(`http://${host}:${port}/#${encodeURIComponent(settings)}`);
  return page;
}

const shown = async (page: Page, status: string) => {
  // If the page shows an error, the failure names it.
  await expect.poll(() => page.getByRole('status').innerText(), { timeout: 30_000 }).toBe(status);
  return page.getByRole('listitem').allTextContents();
};

/** Fills the form, submits it and waits until the page shows the status. */
async function save(
  page: Page,
  {
    text,
    id = '',
    owner = '',
  }: { readonly text: string; readonly id?: string; readonly owner?: string },
  status: string,
): Promise<readonly string[]> {
  await page.getByLabel('Text').fill(text);
  await page.getByLabel('Note').fill(id);
  await page.getByLabel('Owner').fill(owner);
  await page.getByRole('button', { name: 'Save' }).click();
  return shown(page, status);
}

const idOf = (page: Page, text: string) =>
  page.getByRole('listitem').getByText(text, { exact: true }).getAttribute('id');

it('shows each user and a visitor their notes, and saves what each of them may write', async () => {
  const [ada, bob, visitor] = await Promise.all([
    visit({ user: 'ada' }),
    visit({ user: 'bob' }),
    visit({}),
  ]);
  expect(await shown(ada, '2 notes')).toEqual(['of ada', 'open']);
  expect(await shown(bob, '2 notes')).toEqual(['of bob', 'open']);
  expect(await shown(visitor, '1 notes')).toEqual(['open']);

  // Each user creates notes, which belong to this user.
  const plan = ['of ada', 'open', 'plan'];
  expect(await save(ada, { text: 'plan' }, '3 notes')).toEqual(plan);
  await bob.reload();
  expect(await shown(bob, '2 notes')).toEqual(['of bob', 'open']);
  await save(bob, { text: 'for ada', owner: project.adaId }, 'BAD_USER_INPUT');
  await save(visitor, { text: 'from outside' }, 'GRAPHQL_VALIDATION_FAILED');

  // A user can change only own notes. Others are answered like notes that do not exist.
  const [planId, openId] = [await idOf(ada, 'plan'), await idOf(bob, 'open')];
  const changed = ['new plan', 'of ada', 'open'];
  expect(await save(ada, { text: 'new plan', id: planId ?? '' }, '3 notes')).toEqual(changed);
  for (const id of [planId, openId, '00000000-0000-7000-8000-000000000000']) {
    await save(bob, { text: 'changed by bob', id: id ?? '' }, 'NOT_FOUND');
  }
  await save(visitor, { text: 'changed', id: openId ?? '' }, 'GRAPHQL_VALIDATION_FAILED');
  await ada.reload();
  expect(await shown(ada, '3 notes')).toEqual(changed);
  expect(await project.data('{ notes { totalCount } }')).toEqual({ notes: { totalCount: 4 } });
});

it('shows nothing to a page of an origin that is not allowed', async () => {
  const page = await visit({ user: 'ada', host: 'localhost' });
  expect(await shown(page, 'Failed to fetch')).toEqual([]);
});

it('refuses a secret key in a page, and the page can read why', async () => {
  const secret = await createKey(app, project, { kind: 'SECRET', scopes: ['data.read'] });
  for (const user of [undefined, 'ada']) {
    const page = await visit({ key: secret, ...(user !== undefined && { user }) });
    expect(await shown(page, 'FORBIDDEN')).toEqual([]);
  }
});
