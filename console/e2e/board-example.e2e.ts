import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';

import { useApp } from '../../gateway/test/app.ts';
import { useBrowser } from '../../gateway/test/browser.ts';
import { inheritedEnv, projectRoot } from '../../gateway/test/process.ts';
import { makeProject, type TestProject } from '../../gateway/test/project-api.ts';
import { allowOrigins, createKey, trustIssuers } from '../../gateway/test/project-settings.ts';
import { expectAccessible } from './kit/accessible.ts';

// Runs examples/board as its README describes, with its own issuer.
/** Steps take this long only if they fail. */
const timeout = 30_000;
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** The tokens expire during the test. The app renews them after two thirds of this time. */
const tokenSeconds = 15;

const example = join(projectRoot, 'examples/board');
const app = useApp({ linksToItself: true, env: { EGRESS_ALLOW_PRIVATE: 'true' } });
const chromium = useBrowser();
const pages: Page[] = [];
let issuer: ChildProcess;
let project: TestProject;
let folder: string;
let origin: string;

/** Serves the built app on an origin of its own. */
const site = createServer((request, response) => {
  const path = request.url === '/' ? '/index.html' : (request.url ?? '');
  const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.css': 'text/css' };
  response.setHeader('content-type', types[extname(path)] ?? 'text/javascript');
  readFile(join(folder, 'dist', path)).then(
    (content) => response.end(content),
    () => response.writeHead(404).end(),
  );
});

async function startIssuer(): Promise<string> {
  const args = [join(example, 'issuer.mjs'), '--port', '0', '--seconds', String(tokenSeconds)];
  issuer = spawn(process.execPath, args, {
    env: inheritedEnv(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (issuer.stdout === null) throw new Error('The issuer has no output.');
  // An interface of lines emits each line as a text.
  const [line] = (await once(createInterface(issuer.stdout), 'line')) as [string];
  return line.replace('Issuer: ', '');
}

/** Builds the app as `npm run build` does, except for its types, which other checks read. */
async function buildApp(env: Readonly<Record<string, string>>): Promise<void> {
  const vite = join(projectRoot, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--outDir', join(folder, 'dist'), '--logLevel', 'warn'];
  const options = { cwd: example, env: { ...inheritedEnv(), ...env }, timeout: 120_000 };
  await promisify(execFile)(process.execPath, args, options);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-board-'));
  const issuerOrigin = await startIssuer();
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  // A server that listens on a port has an address with that port.
  origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  project = await makeProject(app, await readFile(join(example, 'schema.graphql'), 'utf8'));
  await trustIssuers(app, project, [
    {
      issuer: issuerOrigin,
      audience: 'board',
      jwksUrl: null,
      algorithms: ['ES256'],
      userClaim: 'sub',
      userField: 'subject',
      claims: [],
    },
  ]);
  await allowOrigins(app, project, [origin]);
  const key = await createKey(app, project, { kind: 'PUBLISHABLE' });
  await buildApp({
    VITE_TESSERA_ENDPOINT: project.endpoint,
    VITE_TESSERA_KEY: key,
    VITE_ISSUER: issuerOrigin,
  });
});
afterEach(async () => {
  await Promise.all(pages.splice(0).map((page) => page.context().close()));
});
afterAll(async () => {
  issuer.kill();
  site.closeAllConnections();
  site.close();
  await rm(folder, { recursive: true, force: true });
});

interface Visit {
  readonly page: Page;
  /** The number of WebSockets that the page has opened. */
  readonly sockets: () => number;
  /** The number of tokens that the page has fetched. */
  readonly tokens: () => number;
}

async function signIn(
  user: string,
  prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
): Promise<Visit> {
  const context = await chromium.browser.newContext({ viewport: { width: 1000, height: 640 } });
  const page = await context.newPage();
  pages.push(page);
  page.setDefaultTimeout(timeout);
  let [sockets, tokens] = [0, 0];
  page.on('websocket', () => (sockets += 1));
  page.on('request', (request) => {
    if (request.url().includes('/token?')) tokens += 1;
  });
  page.on('pageerror', (error) => expect.fail(error.message));
  await prepare(page);
  await page.goto(origin);
  await page.getByLabel('Name').fill(user);
  const signInButton = page.getByRole('button', { name: 'Sign in', exact: true });
  await signInButton.click();
  const state = page.locator('[role=status].live, [role=alert]');
  const shown = async () => {
    const texts = await state.allTextContents();
    // A gateway on a busy machine can refuse a request.
    if (texts.some((text) => text.includes('busy'))) await signInButton.click({ timeout: 1_000 });
    return texts;
  };
  // If the page shows another error, the failure contains it.
  await expect.poll(() => shown().catch(() => []), { timeout }).toEqual(['Live']);
  return { page, sockets: () => sockets, tokens: () => tokens };
}

async function enter(page: Page, label: string, text: string): Promise<void> {
  await page.getByLabel(label).fill(text);
  await page.keyboard.press('Enter');
}

/** The titles of the cards in a column. */
const cardsIn = (page: Page, stage: string) =>
  page.getByRole('list', { name: stage, exact: true }).locator('.card > span').allTextContents();

async function screenshot(page: Page, name: string): Promise<void> {
  const directory = join(projectRoot, 'console/e2e/screenshots');
  await mkdir(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${name}.png`) });
}

it('shows each member the changes of the others, until the membership ends', async () => {
  const [ada, bob] = [await signIn('ada'), await signIn('bob')];
  const hint = bob.page.getByText('You are not a member of a board.');
  await hint.waitFor();
  await enter(ada.page, 'New board', 'Trip');
  await ada.page.getByRole('heading', { name: 'Trip' }).waitFor();

  // The board appears for Bob when he is added.
  await enter(ada.page, 'Name of a user', 'bob');
  await bob.page.getByRole('heading', { name: 'Trip' }).waitFor();

  // Cards of one are shown to the other. They move and disappear.
  await enter(ada.page, 'New card', 'Book a hotel');
  await expect.poll(() => cardsIn(bob.page, 'To do'), { timeout }).toEqual(['Book a hotel']);
  await enter(bob.page, 'New card', 'Buy a map');
  await expect
    .poll(() => cardsIn(ada.page, 'To do'), { timeout })
    .toEqual(['Book a hotel', 'Buy a map']);
  await bob.page.getByLabel('Stage of Book a hotel').selectOption('Doing');
  await expect.poll(() => cardsIn(ada.page, 'Doing'), { timeout }).toEqual(['Book a hotel']);
  expect(await cardsIn(ada.page, 'To do')).toEqual(['Buy a map']);
  await expectAccessible(ada.page);
  await screenshot(ada.page, 'board-example');
  await ada.page.getByRole('button', { name: 'Delete Buy a map' }).click();
  await expect.poll(() => cardsIn(bob.page, 'To do'), { timeout }).toEqual([]);

  // Only the owner manages members.
  expect(await bob.page.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
  await ada.page.getByRole('button', { name: 'Remove bob' }).click();
  await hint.waitFor();
  expect(await bob.page.getByText('Book a hotel').count()).toBe(0);
  expect(await cardsIn(ada.page, 'Doing')).toEqual(['Book a hotel']);
  await screenshot(bob.page, 'board-example-without-membership');
});

it('renews the token of its connection, which stays open', async () => {
  const { page, sockets, tokens } = await signIn('cyd');
  await enter(page, 'New board', 'Plans');
  // The first token has expired when the third one is fetched.
  await expect.poll(tokens, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
  await enter(page, 'New card', 'Still here');
  await expect.poll(() => cardsIn(page, 'To do'), { timeout }).toEqual(['Still here']);
  expect(sockets()).toBe(1);
});

it('connects again after the connection was lost, and shows what has changed meanwhile', async () => {
  let isDown = false;
  const open: WebSocketRoute[] = [];
  const { page, sockets } = await signIn('dan', async (opened) => {
    await opened.routeWebSocket(/graphql$/, (socket) => {
      if (isDown) return void socket.close({ code: 1001 });
      open.push(socket);
      socket.connectToServer();
    });
  });
  await enter(page, 'New board', 'Garden');
  await page.getByRole('heading', { name: 'Garden' }).waitFor();
  isDown = true;
  await Promise.all(open.map((socket) => socket.close({ code: 1001 })));
  await page.getByText('Connecting…').waitFor();
  const { boards } = await project.data(
    '{ boards(where: { name: { eq: "Garden" } }) { nodes { id ownerId } } }',
  );
  // The document selects these fields.
  const [board] = (boards as { nodes: readonly { id: string; ownerId: string }[] }).nodes;
  await project.data('mutation ($data: CardCreateInput!) { createCard(data: $data) { id } }', {
    data: { title: 'Water the plants', boardId: board?.id, authorId: board?.ownerId },
  });
  expect(await cardsIn(page, 'To do')).toEqual([]);
  isDown = false;
  await expect.poll(() => cardsIn(page, 'To do'), { timeout }).toEqual(['Water the plants']);
  expect(sockets()).toBeGreaterThan(1);
});
