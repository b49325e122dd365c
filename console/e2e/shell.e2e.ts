import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });
/** Opens the command palette with the keyboard and runs the first match. */
async function typeCommand(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect.poll(() => focused(page)).toBe('combobox');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Go to' }).waitFor({ state: 'hidden' });
}
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('role'));
const pathOf = (page: Page) => new URL(page.url()).pathname;

it('navigates to every page of a project and organization and shows the current page', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.tracker(team);
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${ref}` });
  const pages = page.getByRole('navigation', { name: 'Pages' });
  const trail = page.getByRole('navigation', { name: 'Breadcrumbs' });
  await heading(page, name).waitFor();

  const places: readonly (readonly [list: string, link: string, path: string])[] = [
    [name, 'Schema', `/projects/${ref}/schema`],
    [name, 'API explorer', `/projects/${ref}/explorer`],
    [name, 'API keys', `/projects/${ref}/keys`],
    [name, 'Settings', `/projects/${ref}/settings`],
    [name, 'Overview', `/projects/${ref}`],
    ['Acme', 'Members', `/orgs/${team.slug}/members`],
    ['Acme', 'Audit log', `/orgs/${team.slug}/audit`],
    ['Acme', 'Settings', `/orgs/${team.slug}/settings`],
    ['Acme', 'Projects', `/orgs/${team.slug}`],
  ];
  for (const [list, link, path] of places) {
    await pages.getByRole('list', { name: list }).getByRole('link', { name: link }).click();
    await trail.getByText(link, { exact: true }).waitFor();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(pathOf(page)).toBe(path);
    await expect.poll(() => page.title()).toContain('· Tessera');
    const current = pages.locator('[aria-current=page]');
    expect(await current.allInnerTexts()).toEqual([link]);
  }
  await page.goBack();
  await expect.poll(() => pathOf(page)).toBe(`/orgs/${team.slug}/settings`);
});

it('navigates and runs actions with the command palette', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.tracker(team);
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  await heading(page, 'Projects').waitFor();
  const palette = page.getByRole('dialog', { name: 'Go to' });

  await page.keyboard.press('Control+k');
  await palette.getByRole('option', { name }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'command-palette');
  await page.keyboard.type('tracker');
  await page.keyboard.press('Enter');
  await heading(page, name).waitFor();
  expect(pathOf(page)).toBe(`/projects/${ref}`);
  await palette.waitFor({ state: 'hidden' });

  // Now the palette also finds the models of this project.
  await page.keyboard.press('Control+k');
  await expect.poll(() => focused(page)).toBe('combobox');
  await page.keyboard.type('issue');
  await palette.getByRole('option', { name: 'Issue', exact: true }).waitFor();
  await screenshot(page, 'command-palette-models');
  await page.keyboard.press('Enter');
  await expect.poll(() => pathOf(page)).toBe(`/projects/${ref}/data/Issue`);
  await heading(page, 'Issue').waitFor();

  await page.getByRole('button', { name: 'Go to…' }).click();
  await expect.poll(() => focused(page)).toBe('combobox');
  await page.keyboard.type('zzzz');
  await palette.getByText('No results.').waitFor();
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'hidden' });
  await expect
    .poll(() => page.evaluate(() => document.activeElement?.textContent))
    .toContain('Go to…');

  await typeCommand(page, 'dark');
  await expect.poll(() => page.locator('html').getAttribute('data-theme')).toBe('dark');

  await typeCommand(page, 'new project');
  await page.getByRole('dialog', { name: 'New project' }).waitFor();
  await page.keyboard.press('Escape');

  await typeCommand(page, 'sign out');
  await expect.poll(() => pathOf(page)).toBe('/sign-in');
});

it('switches between projects and between organizations', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref } = await tessera.seed.tracker(team);
  const shop = await tessera.seed.project(team, { name: 'Web shop' });
  const { owner } = team;
  const created = await tessera.seed.ask<{ made: { organization: { slug: string } } }>(
    owner,
    `mutation { made: createOrganization(input: { name: "Umbrella" }) {
      ... on CreateOrganizationSuccess { organization { slug } }
    } }`,
  );
  const page = await tessera.newPage({ as: owner, at: `/projects/${ref}` });
  await page.getByRole('combobox', { name: 'Switch project' }).click();
  await page.getByRole('option', { name: 'Web shop' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'project-switcher');
  await page.keyboard.type('shop');
  await page.keyboard.press('Enter');
  await heading(page, 'Web shop').waitFor();
  expect(pathOf(page)).toBe(`/projects/${shop.ref}`);

  await page.getByRole('combobox', { name: 'Switch organization' }).click();
  await page.getByRole('option', { name: 'Umbrella' }).click();
  await heading(page, 'Projects').waitFor();
  await expect.poll(() => pathOf(page)).toBe(`/orgs/${created.made.organization.slug}`);

  // The next visit starts at this organization.
  await page.goto('/');
  await expect.poll(() => pathOf(page)).toBe(`/orgs/${created.made.organization.slug}`);
});

it('shows the navigation in a drawer on a phone', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.tracker(team);
  const page = await tessera.newPage({
    as: team.owner,
    at: `/projects/${ref}`,
    viewport: 'phone',
  });
  await heading(page, name).waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Open navigation' }).click();
  const drawer = page.getByRole('dialog', { name: 'Navigation' });
  await drawer.getByRole('link', { name: 'Schema' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'navigation-drawer');
  await drawer.getByRole('link', { name: 'Projects' }).click();
  await heading(page, 'Projects').waitFor();
  await drawer.waitFor({ state: 'hidden' });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

it("shows the same page for other tenants' resources and for nonexistent ones", async () => {
  const acme = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.tracker(acme);
  const stranger = await tessera.seed.team('Umbrella');
  const page = await tessera.newPage({ as: stranger.owner });
  const addresses = [
    `/projects/${ref}`,
    `/projects/${ref}/keys`,
    `/projects/${ref}/data/Issue`,
    `/projects/${ref}/explorer`,
    `/orgs/${acme.slug}`,
    `/orgs/${acme.slug}/members`,
    '/projects/aaaaaaaaaaaaaaaa',
    '/orgs/nobody-has-this',
    '/no/such/page',
  ];
  const texts = new Set<string>();
  for (const address of addresses) {
    await page.goto(address);
    await heading(page, 'Not found').waitFor();
    texts.add(await page.getByRole('main').innerText());
    expect(await page.locator('body').innerText()).not.toContain(name);
  }
  expect(texts.size).toBe(1);
  await expectAccessibleInBothThemes(page);
  await page.goto(`/projects/${ref}`);
  await heading(page, 'Not found').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'not-found');
  await page.getByRole('link', { name: 'Go to the home page' }).click();
  await expect.poll(() => pathOf(page)).toBe(`/orgs/${stranger.slug}`);
});

it('asks the user to sign in and then shows the requested page', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.tracker(team);
  const page = await tessera.newPage({ at: `/projects/${ref}?days=7` });
  await expect.poll(() => pathOf(page)).toBe('/sign-in');
  await page.getByLabel('Email').fill(team.owner.email);
  await page.getByLabel('Password', { exact: true }).fill(team.owner.password);
  await page.keyboard.press('Enter');
  await heading(page, name).waitFor();
  expect(new URL(page.url()).search).toBe('?days=7');
});

it('keeps the theme after a reload and in other tabs', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  const tab = await tessera.newTab(page, `/orgs/${team.slug}`);
  await heading(tab, 'Projects').waitFor();
  const themeOf = (of: Page) => of.locator('html').getAttribute('data-theme');
  await page.getByRole('button', { name: /Your account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=menu]' });
  await screenshot(page, 'user-menu');
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect.poll(() => themeOf(page)).toBe('dark');
  await expect.poll(() => themeOf(tab)).toBe('dark');
  await page.reload();
  expect(await themeOf(page)).toBe('dark');
});

it('reports an unreachable server and lets the user try again', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await tessera.newPage({ as: team.owner });
  tessera.allow(page, /ERR_FAILED|ApiError/);
  await page.route('**/graphql', (route) => route.abort());
  await page.goto(`/orgs/${team.slug}`);
  await heading(page, 'Server unreachable').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'out-of-reach');
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await heading(page, 'Projects').waitFor();
});

it('has a link that skips to the content', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  await heading(page, 'Projects').waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  expect(new URL(page.url()).hash).toBe('');
});

it('shows tooltips on hover and focus, including the first one', async () => {
  const ada = await tessera.seed.person('Ada');
  const page = await tessera.newPage({ at: '/sign-in' });
  const words = page.getByText('Show the password', { exact: true });
  const field = page.getByLabel('Password', { exact: true });
  await page.getByRole('button', { name: 'Show the password' }).hover();
  await words.waitFor();
  await field.hover();
  await words.waitFor({ state: 'hidden' });
  await field.focus();
  await page.keyboard.press('Tab');
  await words.waitFor();
  await page.keyboard.press('Tab');
  await words.waitFor({ state: 'hidden' });

  const other = await tessera.newPage({ as: ada, at: '/account' });
  await other.getByLabel('Current password', { exact: true }).focus();
  await other.keyboard.press('Tab');
  await other.getByText('Show the password', { exact: true }).waitFor();
});

it('opens the account menu with the keyboard and returns focus to the button', async () => {
  const ada = await tessera.seed.person('Ada');
  const page = await tessera.newPage({ as: ada, at: '/account' });
  const button = page.getByRole('button', { name: 'Your account: Ada' });
  const hasFocus = () => button.evaluate((element) => element === document.activeElement);
  // The first key press loads the menu. The second uses the loaded menu.
  for (const key of ['Enter', 'Space']) {
    await button.focus();
    await page.keyboard.press(key);
    // The menu handles keys from the moment it has the focus.
    await page.locator('[role=menu]:focus-within').waitFor();
    await page.keyboard.press('End');
    await page.locator('[role=menuitem]:focus', { hasText: 'Sign out' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await expect.poll(hasFocus).toBe(true);
  }
});
