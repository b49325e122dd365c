import { createHash } from 'node:crypto';

import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole({ env: { REGISTRATION: 'invited', EMAIL_VERIFICATION: 'required' } });
const password = 'correct horse battery staple';

const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

it('offers registration only to invited users', async () => {
  const page = await tessera.newPage({ at: '/sign-in' });
  await heading(page, 'Sign in').waitFor();
  expect(await page.getByRole('link', { name: 'Create an account' }).count()).toBe(0);
  await page.goto('/register');
  await heading(page, 'Registration requires an invitation').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'registration-invited');

  const { db } = tessera.app;
  const token = 'a'.repeat(43);
  const email = 'invited@example.org';
  const organization = await db.organization.create({ data: { name: 'Acme', slug: 'acme' } });
  await db.invitation.create({
    data: {
      organizationId: organization.id,
      email,
      role: 'DEVELOPER',
      expiresAt: new Date(Date.now() + 60 * 60_000),
      tokenHash: createHash('sha256').update(token).digest(),
    },
  });
  await page.goto(`/accept-invitation#token=${token}`);
  await heading(page, 'Join Acme').waitFor();
  await page.getByLabel('Name', { exact: true }).fill('Invited');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Create account').click();
  await button(page, 'Accept invitation').click();
  await page.waitForURL('**/orgs/acme');
  await page.goto('/account');
  await page.getByText('Verified', { exact: true }).waitFor();
});
