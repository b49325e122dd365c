import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

const atSettings = (page: Page) =>
  page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
const pathname = (page: Page) => new URL(page.url()).pathname;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** The accessible description of a button. */
const description = (page: Page, name: string) =>
  button(page, name).evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  );

it('renames an organization and shows errors for an invalid or taken slug', async () => {
  const team = await tessera.seed.team('Acme');
  const other = await tessera.seed.team('Globex');
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}/settings` });
  await atSettings(page);
  expect(await page.title()).toBe('Settings · Acme · Tessera');
  expect(await description(page, 'Save changes')).toBe('No changes to save.');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'settings-organization');

  const name = page.getByRole('textbox', { name: 'Name' });
  const slug = page.getByRole('textbox', { name: 'Slug' });
  await name.fill(' ');
  await slug.fill('No');
  await slug.press('Enter');
  await page.getByText('Enter a name.').waitFor();
  await page.getByText('Use 3 to 48 lowercase letters, digits and hyphens.').waitFor();
  await expect.poll(() => name.evaluate((input) => input === document.activeElement)).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'settings-organization-errors');

  await name.fill('Acme Works');
  await slug.fill(other.slug);
  await page.getByText(`Links to /orgs/${team.slug} will stop working`).waitFor();
  await slug.press('Enter');
  await page.getByText(`The slug "${other.slug}" is already taken.`).waitFor();
  expect(await slug.getAttribute('aria-invalid')).toBe('true');

  const free = `${team.slug}-works`;
  await slug.fill(free);
  await button(page, 'Save changes').click();
  await page.getByText('Saved.').waitFor();
  await page.waitForURL(`**/orgs/${free}/settings`);
  await expect.poll(() => page.title()).toBe('Settings · Acme Works · Tessera');
  expect(await name.inputValue()).toBe('Acme Works');

  await page.goto(`/orgs/${team.slug}/settings`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(await page.getByRole('heading', { level: 1 }).innerText()).not.toBe('Settings');
});

it('deletes an organization after the user types its name', async () => {
  const team = await tessera.seed.team('Acme');
  await tessera.seed.project(team);
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}/settings` });
  await atSettings(page);
  await button(page, 'Delete organization…').click();
  const dialog = page.getByRole('alertdialog', { name: 'Delete Acme?' });
  const confirmation = dialog.getByRole('textbox', { name: 'Type Acme to confirm' });
  await confirmation.fill('acme');
  await confirmation.press('Enter');
  await dialog.getByText('The text does not match.').waitFor();
  expect(await confirmation.evaluate((input) => input === document.activeElement)).toBe(true);
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await screenshot(page, 'settings-organization-delete');

  // Escape closes the dialog and returns focus to the button.
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect
    .poll(() =>
      button(page, 'Delete organization…').evaluate((it) => it === document.activeElement),
    )
    .toBe(true);
  await page.keyboard.press('Enter');
  expect(await confirmation.inputValue()).toBe('');
  await confirmation.fill('Acme');
  await confirmation.press('Enter');
  await page.getByText('Acme deleted.').waitFor();
  await page.waitForURL('**/welcome');
  expect(await tessera.app.db.organization.count({ where: { id: team.id } })).toBe(0);
});

it('lets a member leave, but not the last owner', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}/settings` });
  await atSettings(page);
  await button(page, 'Leave…').click();
  await button(page, 'Leave organization').click();
  await page
    .getByRole('alert')
    .getByText('An organization must have at least one owner.')
    .waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await button(page, 'Cancel').click();
  await page.getByRole('alertdialog').waitFor({ state: 'hidden' });

  const member = await tessera.newPage({ as: team.developer, at: `/orgs/${team.slug}/settings` });
  await atSettings(member);
  await button(member, 'Leave…').click();
  await button(member, 'Leave organization').click();
  await member.getByText('Your membership in Acme has ended.').waitFor();
  await member.waitForURL('**/welcome');
});

it('explains to a viewer why buttons are disabled', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop' });
  const page = await tessera.newPage({ as: team.viewer, at: `/orgs/${team.slug}/settings` });
  await atSettings(page);
  expect(await description(page, 'Save changes')).toBe(
    'Only admins and owners can update the organization. You are a viewer.',
  );
  expect(await page.getByRole('textbox', { name: 'Name' }).isEditable()).toBe(false);

  const reason = 'Only owners can delete the organization. You are a viewer.';
  expect(await description(page, 'Delete organization…')).toBe(reason);
  // A tooltip shows the description when the button is focused or pressed.
  await button(page, 'Leave…').focus();
  await page.keyboard.press('Tab');
  await page.getByText(reason).filter({ visible: true }).waitFor();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('alertdialog').count()).toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'settings-organization-viewer');

  await page.goto(`/projects/${project.ref}/settings`);
  await atSettings(page);
  expect(await description(page, 'Save changes')).toMatch(/^Only admins and owners/);
  expect(await description(page, 'Delete project…')).toMatch(/^Only admins and owners/);
  await expectAccessibleInBothThemes(page);
});

it('renames a project, copies its endpoint and deletes it after the user types its name', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop' });
  const taken = await tessera.seed.project(team, { name: 'Stock' });
  const page = await tessera.newPage({
    as: team.admin,
    at: `/projects/${project.ref}/settings`,
  });
  await atSettings(page);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'settings-project');

  await button(page, 'Copy the API endpoint').click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(project.endpoint);

  const name = page.getByRole('textbox', { name: 'Name' });
  const slug = page.getByRole('textbox', { name: 'Slug' });
  await name.fill('Web shop');
  await slug.fill(taken.slug);
  await slug.press('Enter');
  await page.getByText(`The slug "${taken.slug}" is already taken.`).waitFor();
  await slug.fill('web-shop');
  await slug.press('Enter');
  await page.getByText('Saved.').waitFor();
  await expect.poll(() => page.title()).toBe('Settings · Web shop · Tessera');

  await button(page, 'Delete project…').click();
  const confirmation = page.getByRole('textbox', { name: 'Type Web shop to confirm' });
  await confirmation.fill('Shop');
  await button(page, 'Delete project').click();
  await page.getByText('The text does not match.').waitFor();
  await confirmation.fill('Web shop');
  await button(page, 'Delete project').click();
  await page.getByText('Web shop deleted.').waitFor();
  await page.waitForURL(`**/orgs/${team.slug}`);
  await page.getByText('Stock').first().waitFor();
  expect(await page.getByRole('link', { name: 'Web shop' }).count()).toBe(0);
  expect(pathname(page)).toBe(`/orgs/${team.slug}`);
});
