import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole({ env: { EMAIL_VERIFICATION: 'required', REGISTRATION: 'open' } });
const password = 'correct horse battery staple';

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
}

it('lets a user sign in only after the email address was verified', async () => {
  const email = 'careful@example.org';
  const page = await tessera.newPage({ at: '/register' });
  await fill(page, { Name: 'Careful', Email: email, Password: password });
  await button(page, 'Create account').click();
  await heading(page, 'Check your inbox').waitFor();
  await page.getByText(`We sent an email to ${email}`).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'check-inbox');
  const first = await tessera.mail.newest(email, /Verify/);

  await page.getByRole('link', { name: 'Continue to sign in' }).click();
  await heading(page, 'Sign in').waitFor();
  await fill(page, { Email: email, Password: password });
  await button(page, 'Sign in').click();
  await page.getByText('Your account is not active yet.').waitFor();
  await button(page, 'Send the link again').click();
  await page.getByRole('status').getByText('A new link is on its way.').waitFor();
  await expect
    .poll(async () => (await tessera.mail.newest(email, /Verify/)).link, { timeout: 20_000 })
    .not.toBe(first.link);
  await screenshot(page, 'check-inbox-sign-in');

  await page.goto((await tessera.mail.newest(email, /Verify/)).link);
  await heading(page, 'Your email address is verified').waitFor();
  await page.getByRole('link', { name: 'Sign in' }).click();
  await fill(page, { Email: email, Password: password });
  await button(page, 'Sign in').click();
  await page.waitForURL('**/welcome');

  const again = await tessera.newPage({ at: '/register' });
  await fill(again, { Name: 'Somebody', Email: email, Password: 'another long password' });
  await button(again, 'Create account').click();
  await heading(again, 'Check your inbox').waitFor();
  await tessera.mail.newest(email, /You already have an account/);
});
