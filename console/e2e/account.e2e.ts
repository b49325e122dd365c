import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();
const password = 'correct horse battery staple';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const devices = (page: Page) => page.getByRole('region', { name: 'Devices' });

it('shows the profile and changes the name', async () => {
  const ada = await tessera.seed.person('Ada Lovelace');
  const page = await tessera.newPage({ as: ada, at: '/account' });
  await heading(page, 'Account').waitFor();
  expect(await page.title()).toBe('Account · Tessera');
  await devices(page).getByText('Chrome on Linux').waitFor();
  await devices(page).getByText('This device').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'account');

  const name = page.getByLabel('Name', { exact: true });
  await name.fill('  ');
  await button(page, 'Save name').click();
  await page.getByText('Enter your name.').waitFor();
  await name.fill('Ada King');
  await name.press('Enter');
  await page.getByText('Name saved.').waitFor();
  await button(page, 'Your account: Ada King').waitFor();
});

it('shows the activity of the account in pages', async () => {
  const ada = await tessera.seed.person('Ada Lovelace');
  const other = await tessera.newPage();
  for (let attempt = 0; attempt < 11; attempt += 1) {
    await other.request.post(`${tessera.url}/graphql`, {
      headers: { origin: tessera.url },
      data: {
        query: 'mutation ($input: LoginInput!) { login(input: $input) { __typename } }',
        variables: { input: { email: ada.email, password: 'not the right password' } },
      },
    });
  }
  const page = await tessera.newPage({ as: ada, at: '/account' });
  const activity = page.getByRole('region', { name: 'Activity' });
  await activity.getByText('Sign-in refused: wrong password').first().waitFor();
  expect(await activity.getByRole('listitem').count()).toBe(10);
  await activity.getByText('14 entries').waitFor();
  await activity.scrollIntoViewIfNeeded();
  await screenshot(page, 'account-activity');
  await button(page, 'Next page').click();
  await activity.getByText('Account created').waitFor();
  expect(await activity.getByRole('listitem').count()).toBe(4);
  await expectAccessibleInBothThemes(page);
  await button(page, 'Previous page').click();
  await activity.getByText('Sign-in refused: wrong password').first().waitFor();
});

it('sends a new verification link', async () => {
  const ada = await tessera.seed.person();
  const page = await tessera.newPage({ as: ada, at: '/account' });
  const first = await tessera.mail.newest(ada.email, /Verify/);
  await button(page, 'Send the link again').click();
  await page.getByRole('status').getByText('A new link is on its way.').waitFor();
  await expect
    .poll(async () => (await tessera.mail.newest(ada.email, /Verify/)).link, { timeout: 20_000 })
    .not.toBe(first.link);
  const { link } = await tessera.mail.newest(ada.email, /Verify/);
  await page.goto(link);
  await page.getByRole('link', { name: 'Continue to Tessera' }).waitFor();
  await page.goto('/account');
  await page.getByText('Verified', { exact: true }).waitFor();
  expect(await button(page, 'Send the link again').count()).toBe(0);

  await page.goto(link);
  await heading(page, 'This link no longer works').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'verify-email-used');
});

it('changes the password and signs out other devices', async () => {
  const ada = await tessera.seed.person();
  const elsewhere = await tessera.newPage({ as: ada, at: '/account' });
  await heading(elsewhere, 'Account').waitFor();
  tessera.allow(elsewhere, /status of 401/);
  const page = await tessera.newPage({ as: ada, at: '/account' });

  await page.getByLabel('Current password').fill('not my password');
  await page.getByLabel('New password').fill(password);
  await button(page, 'Change password').click();
  await page.getByText('The current password is wrong.').waitFor();
  expect(await page.getByLabel('Current password').getAttribute('aria-invalid')).toBe('true');
  await page.getByLabel('Current password').fill(ada.password);
  await page.getByLabel('New password').fill(ada.email);
  await button(page, 'Change password').click();
  await page
    .getByText('The password must not consist mainly of your email address or name.')
    .waitFor();
  await expectAccessibleInBothThemes(page);
  await page.getByLabel('New password').fill(password);
  await button(page, 'Change password').click();
  await page.getByText('Password changed.').waitFor();
  expect(await page.getByLabel('New password').inputValue()).toBe('');

  await button(elsewhere, 'Save name').click();
  await heading(elsewhere, 'Sign in').waitFor();
  await elsewhere.getByLabel('Email').fill(ada.email);
  await elsewhere.getByLabel('Password', { exact: true }).fill(password);
  await button(elsewhere, 'Sign in').click();
  await heading(elsewhere, 'Account').waitFor();
});

it('signs out another device and then all others', async () => {
  const ada = await tessera.seed.person();
  const page = await tessera.newPage({ as: ada, at: '/account' });
  const phone = await tessera.newPage({ as: ada, at: '/account', viewport: 'phone' });
  await heading(phone, 'Account').waitFor();
  tessera.allow(phone, /status of 401/);
  await page.reload();
  const rows = devices(page).getByRole('listitem');
  // The third session belongs to the program that created the account.
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(3);
  await rows.first().getByText('This device').waitFor();
  await devices(page).scrollIntoViewIfNeeded();
  await screenshot(page, 'account-devices');

  await button(page, 'Sign out Chrome on Linux').click();
  await page.getByText('Chrome on Linux was signed out.').waitFor();
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(2);
  await button(phone, 'Save name').click();
  await heading(phone, 'Sign in').waitFor();

  await button(page, 'Sign out other devices').click();
  const dialog = page.getByRole('alertdialog', { name: 'Sign out all other devices?' });
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'account-sign-out-others');
  await dialog.getByRole('button', { name: 'Sign out other devices' }).click();
  await page.getByText('Your other devices were signed out.').waitFor();
  await expect.poll(() => rows.count(), { timeout: 20_000 }).toBe(1);
  await heading(page, 'Account').waitFor();
});
