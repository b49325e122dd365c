import type { Page, Request } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Person } from './kit/seed.ts';

const tessera = useConsole();

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

const isRefresh = (request: Request): boolean =>
  request.postData()?.includes('mutation RefreshSession') === true;

/** Starts counting a page's token refreshes. */
function countRefreshes(page: Page): () => number {
  let count = 0;
  page.on('request', (request) => {
    if (isRefresh(request)) count += 1;
  });
  return () => count;
}

async function signOut(page: Page, { name }: Person): Promise<void> {
  await button(page, `Your account: ${name}`).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

async function rename(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(name);
  await button(page, 'Save name').click();
}

const nameOf = async ({ email }: Person): Promise<string> =>
  (await tessera.app.db.user.findUniqueOrThrow({ where: { email } })).name;

it('keeps two tabs signed in when both access tokens expire', async () => {
  const team = await tessera.seed.team();
  const project = await tessera.seed.tracker(team);
  const tab = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  tessera.allow(tab, /status of 401/);
  const other = await tessera.newTab(tab, '/account');
  await heading(other, 'Account').waitFor();
  await tab.getByRole('link', { name: project.name }).first().waitFor();

  const counts = [countRefreshes(tab), countRefreshes(other)];
  tessera.passTime(11);
  await Promise.all([
    tab.getByRole('link', { name: project.name }).first().click(),
    rename(other, 'Ada King'),
  ]);
  await heading(tab, project.name).waitFor();
  await other.getByText('Name saved.').waitFor();
  expect(counts.map((count) => count())).toEqual([1, 1]);
  expect(await nameOf(team.owner)).toBe('Ada King');

  // Both tabs' new tokens are valid, and so is the cookie from the later refresh.
  tessera.passTime(11);
  await rename(other, 'Ada Lovelace');
  await expect.poll(() => nameOf(team.owner), { timeout: 20_000 }).toBe('Ada Lovelace');
  await tab.reload();
  await heading(tab, project.name).waitFor();
});

it('signs out in all tabs and removes all content', async () => {
  const team = await tessera.seed.team();
  const tab = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  const other = await tessera.newTab(tab, '/account');
  await heading(other, 'Account').waitFor();
  await tab.getByText(team.name).first().waitFor();
  await button(tab, `Your account: ${team.owner.name}`).click();
  await tab.getByRole('menuitem', { name: 'Account' }).click();
  await heading(tab, 'Account').waitFor();

  await signOut(tab, team.owner);
  await heading(tab, 'Sign in').waitFor();
  await heading(other, 'Sign in').waitFor();
  await other.getByText('You signed out in another tab').waitFor();
  expect(await tab.getByText('signed out').count()).toBe(0);
  expect(await other.getByText(team.owner.email).count()).toBe(0);

  await tab.goBack();
  await heading(tab, 'Sign in').waitFor();
  expect(await tab.getByText(team.name).count()).toBe(0);
  expect(await tab.context().cookies()).toEqual([]);

  // Signing in again in one tab signs in the other tab too.
  await other.getByLabel('Email').fill(team.owner.email);
  await other.getByLabel('Password', { exact: true }).fill(team.owner.password);
  await button(other, 'Sign in').click();
  await heading(other, 'Account').waitFor();
  await button(tab, `Your account: ${team.owner.name}`).waitFor();
});

it('does not send requests as another user who signs in from the same browser', async () => {
  const [ada, grace] = [await tessera.seed.person('Ada'), await tessera.seed.person('Grace')];
  const page = await tessera.newPage({ as: ada, at: '/account' });
  tessera.allow(page, /status of 401/);
  await heading(page, 'Account').waitFor();

  // The tab does not receive the sign-in message, as if the browser had suspended the tab.
  await page.context().request.post(`${tessera.url}/graphql`, {
    headers: { origin: tessera.url },
    data: {
      query: `mutation ($input: LoginInput!) { login(input: $input) { __typename } }`,
      variables: { input: { email: grace.email, password: grace.password } },
    },
  });
  tessera.passTime(11);
  await rename(page, 'Changed');
  await page.waitForURL('**/welcome');
  await button(page, 'Your account: Grace').waitFor();
  expect(await nameOf(ada)).toBe('Ada');
  expect(await nameOf(grace)).toBe('Grace');
});

it('reloads the page when another user signs in from a different tab', async () => {
  const team = await tessera.seed.team();
  const grace = await tessera.seed.person('Grace');
  const tab = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  const other = await tessera.newTab(tab, '/account');
  await heading(other, 'Account').waitFor();
  await tab.getByText(team.name).first().waitFor();
  await signOut(other, team.owner);
  await heading(other, 'Sign in').waitFor();
  await heading(tab, 'Sign in').waitFor();
  await other.getByLabel('Email').fill(grace.email);
  await other.getByLabel('Password', { exact: true }).fill(grace.password);
  await button(other, 'Sign in').click();
  await button(other, 'Your account: Grace').waitFor();
  // Grace does not have access to the page that the tab was showing.
  await heading(tab, 'Not found').waitFor();
});

it('stays signed in while the server is unreachable', async () => {
  const ada = await tessera.seed.person('Ada');
  const page = await tessera.newPage({ as: ada, at: '/account' });
  tessera.allow(page, /status of 401|ERR_CONNECTION_REFUSED|The server cannot be reached/);
  await heading(page, 'Account').waitFor();
  tessera.passTime(11);
  await page.route('**/graphql', (route) =>
    isRefresh(route.request()) ? route.abort('connectionrefused') : route.continue(),
  );
  await rename(page, 'Ada King');
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  await page.unroute('**/graphql');
  await button(page, 'Save name').click();
  await page.getByText('Name saved.').waitFor();

  await page.route('**/graphql', (route) => route.abort('connectionrefused'));
  await page.reload();
  await page.getByText('Server unreachable').waitFor();
  await page.getByText('The console tries again every 5 seconds.').waitFor();
  await page.unroute('**/graphql');
  // The user does not press "Try again".
  await heading(page, 'Account').waitFor();
});

it('explains on the sign-in page why the session was lost', async () => {
  const ada = await tessera.seed.person('Ada');
  const page = await tessera.newPage({ as: ada, at: '/account' });
  tessera.allow(page, /status of 401/);
  await heading(page, 'Account').waitFor();
  const elsewhere = await tessera.newPage({ as: ada, at: '/account' });
  await button(elsewhere, 'Sign out other devices').click();
  await elsewhere
    .getByRole('alertdialog')
    .getByRole('button', { name: 'Sign out other devices' })
    .click();
  await elsewhere.getByText('signed out').first().waitFor();

  await rename(page, 'Ada King');
  await heading(page, 'Sign in').waitFor();
  await page.getByText('You were signed out').waitFor();
  await page.getByText('Your session was ended on another device').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'sign-in-revoked');

  await page.getByLabel('Email').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await button(page, 'Sign in').click();
  await heading(page, 'Account').waitFor();
  await tessera.app.db.session.updateMany({
    where: { user: { email: ada.email }, revokedAt: null },
    data: { expiresAt: new Date(Date.now() - 60_000) },
  });
  await page.reload();
  await heading(page, 'Sign in').waitFor();
  await page.getByText('Your session has expired').waitFor();
});

it('hides a page that the browser restores after the session has ended', async () => {
  const ada = await tessera.seed.person('Ada');
  const page = await tessera.newPage({ as: ada, at: '/account' });
  await heading(page, 'Account').waitFor();
  const dispatch = (type: 'pagehide' | 'pageshow') =>
    page.evaluate((name) => {
      window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
    }, type);

  // Playwright's Chromium has no back/forward cache, so dispatch the events directly.
  await dispatch('pagehide');
  expect(await heading(page, 'Account').isVisible()).toBe(false);
  await dispatch('pageshow');
  await heading(page, 'Account').waitFor();

  await dispatch('pagehide');
  await page.context().clearCookies();
  await dispatch('pageshow');
  await heading(page, 'Sign in').waitFor();
});

it('keeps tokens out of URLs, the history and browser storage', async () => {
  const email = 'careful@example.org';
  const password = 'correct horse battery staple';
  const page = await tessera.newPage({ at: '/register' });
  const tokens: string[] = [];
  page.on('response', (response) => {
    if (!response.url().endsWith('/graphql')) return;
    void response.text().then(
      (text) => {
        const token = /"accessToken":"([^"]+)"/.exec(text)?.[1];
        if (token !== undefined) tokens.push(token);
      },
      () => undefined,
    );
  });
  await page.getByLabel('Name').fill('Careful');
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Create account').click();
  await page.waitForURL('**/welcome');
  const { link } = await tessera.mail.newest(email, /Verify/);
  await page.goto(link);
  await heading(page, 'Your email address is verified').waitFor();
  await page.getByRole('link', { name: 'Continue to Tessera' }).click();
  await page.waitForURL('**/welcome');

  await expect.poll(() => tokens.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  const secrets = [...tokens, cookie?.value ?? '', new URL(link).hash.slice('#token='.length)];
  const kept = await page.evaluate(async () => {
    // TypeScript's DOM library does not define `navigation` yet.
    const { navigation } = window as unknown as { navigation: { entries(): { url: string }[] } };
    return JSON.stringify({
      local: Object.entries(localStorage),
      session: Object.entries(sessionStorage),
      cookie: document.cookie,
      state: history.state as unknown,
      addresses: navigation.entries().map(({ url }) => url),
      databases: await indexedDB.databases(),
    });
  });
  expect(secrets.filter((secret) => secret === '' || kept.includes(secret))).toEqual([]);
  expect(kept).not.toContain('token=');
});
