import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();
const password = 'correct horse battery staple';

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const pathOf = (page: Page): string => new URL(page.url()).pathname;

/** Fills in form fields by label. */
async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

it('registers a user, verifies the email address, signs out and signs in again', async () => {
  const email = 'newcomer@example.org';
  const page = await tessera.newPage({ at: '/sign-in' });
  await page.getByRole('link', { name: 'Create an account' }).click();
  await heading(page, 'Create your account').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'register');

  await fill(page, { Name: 'Newcomer', Email: email, Password: password });
  await button(page, 'Create account').click();
  await page.waitForURL('**/welcome');
  const { link } = await tessera.mail.newest(email, /Verify/);

  await page.goto('/account');
  await page.getByText('Your email address is not verified').waitFor();
  await page.goto(link);
  await heading(page, 'Your email address is verified').waitFor();
  expect(page.url()).toBe(`${tessera.url}/verify-email`);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'verify-email');
  await page.reload();
  await heading(page, 'Open the link in your email').waitFor();

  await page.goto('/account');
  await page.getByText('Verified', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Your account: Newcomer' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await heading(page, 'Sign in').waitFor();

  await fill(page, { Email: email, Password: password });
  await button(page, 'Sign in').click();
  await heading(page, 'Account').waitFor();
});

it('rejects a wrong password without revealing whether the account exists', async () => {
  const { email } = await tessera.seed.person();
  const page = await tessera.newPage({ at: '/sign-in' });
  await heading(page, 'Sign in').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'sign-in');

  await button(page, 'Sign in').click();
  await page.getByText('Enter your email address.').waitFor();
  expect(await page.getByLabel('Email').evaluate((field) => field === document.activeElement)).toBe(
    true,
  );
  await expectAccessibleInBothThemes(page);

  const refusals: string[] = [];
  for (const address of [email, 'nobody@example.org']) {
    await fill(page, { Email: address, Password: 'not the password' });
    await button(page, 'Sign in').click();
    await page.getByRole('alert').getByText('is wrong').waitFor();
    refusals.push(await page.getByRole('alert').innerText());
  }
  expect(refusals[0]).toBe(refusals[1]);
  await screenshot(page, 'sign-in-refused');
});

it('shows registration errors next to the fields', async () => {
  const { email } = await tessera.seed.person();
  const page = await tessera.newPage({ at: '/register' });
  await fill(page, { Name: 'Ada', Email: email, Password: 'too short' });
  await button(page, 'Create account').click();
  await page.getByText('Use at least 12 characters.').waitFor();

  await fill(page, { Password: 'password1234' });
  await button(page, 'Create account').click();
  await page.getByText('This password is too common. Choose another one.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'register-refused');

  await fill(page, { Password: password });
  await button(page, 'Create account').click();
  await page.getByText('An account with this email address already exists.').waitFor();
  expect(await page.getByLabel('Email').getAttribute('aria-invalid')).toBe('true');
});

it('shows and hides the password', async () => {
  const page = await tessera.newPage({ at: '/sign-in' });
  const field = page.getByLabel('Password', { exact: true });
  await field.fill(password);
  await button(page, 'Show the password').click();
  expect(await field.getAttribute('type')).toBe('text');
  await button(page, 'Hide the password').click();
  expect(await field.getAttribute('type')).toBe('password');
});

it('resets a forgotten password by email and signs out other devices', async () => {
  const ada = await tessera.seed.person();
  const elsewhere = await tessera.newPage({ as: ada, at: '/account' });
  await heading(elsewhere, 'Account').waitFor();

  const page = await tessera.newPage({ at: '/sign-in' });
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await heading(page, 'Forgot your password?').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'forgot-password');
  await fill(page, { Email: 'nobody@example.org' });
  await button(page, 'Email me a link').click();
  await heading(page, 'Check your email').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'forgot-password-sent');
  await button(page, 'try another address').click();
  await fill(page, { Email: ada.email });
  await button(page, 'Email me a link').click();
  await heading(page, 'Check your email').waitFor();

  const { link } = await tessera.mail.newest(ada.email, /Reset/);
  await page.goto(link);
  await heading(page, 'Choose a new password').waitFor();
  expect(page.url()).toBe(`${tessera.url}/reset-password`);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'reset-password');
  await page.reload();
  await heading(page, 'Open the link in your email').waitFor();
  await page.goto(link);
  await heading(page, 'Choose a new password').waitFor();
  await fill(page, { 'New password': 'password1234' });
  await button(page, 'Save new password').click();
  await page.getByText('This password is too common. Choose another one.').waitFor();
  await fill(page, { 'New password': password });
  await button(page, 'Save new password').click();
  await heading(page, 'Password changed').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await fill(page, { Email: ada.email, Password: password });
  await button(page, 'Sign in').click();
  await page.waitForURL('**/welcome');

  tessera.allow(elsewhere, /status of 401/);
  await button(elsewhere, 'Save name').click();
  await heading(elsewhere, 'Sign in').waitFor();

  await page.goto(link);
  await heading(page, 'Choose a new password').waitFor();
  await fill(page, { 'New password': `${password} again` });
  await button(page, 'Save new password').click();
  await heading(page, 'This link no longer works').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'reset-password-used');
});

it('redirects to the requested page after sign-in but not to another origin', async () => {
  const team = await tessera.seed.team();
  const page = await tessera.newPage({ at: `/orgs/${team.slug}?none=1` });
  await heading(page, 'Sign in').waitFor();
  await fill(page, { Email: team.owner.email, Password: team.owner.password });
  await button(page, 'Sign in').click();
  await page.waitForURL(`**/orgs/${team.slug}**`);

  await page.goto('/sign-in?next=https://evil.example/');
  await page.waitForURL(`**/orgs/${team.slug}`);
  await page.goto('/sign-in?next=//evil.example/');
  await page.waitForURL(`**/orgs/${team.slug}`);
  expect(pathOf(page)).toBe(`/orgs/${team.slug}`);
});

it('shows how long to wait after too many attempts', async () => {
  const { email } = await tessera.seed.person();
  const page = await tessera.newPage({ at: '/forgot-password' });
  tessera.allow(page, /status of 429/);
  await expect
    .poll(
      async () => {
        await fill(page, { Email: email });
        await button(page, 'Email me a link').click();
        const isSent = await Promise.race([
          button(page, 'try another address')
            .waitFor()
            .then(() => true),
          page
            .getByRole('alert')
            .getByText(/Try again in \d+ (seconds|minutes)\./)
            .waitFor()
            .then(() => false),
        ]);
        if (isSent) await button(page, 'try another address').click();
        return isSent;
      },
      { timeout: 60_000 },
    )
    .toBe(false);
  await expectAccessibleInBothThemes(page);
});
