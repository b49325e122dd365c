import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Team } from './kit/seed.ts';

const tessera = useConsole();
const password = 'correct horse battery staple';

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Invites an address as the owner, and returns the link from the email. */
async function invite(team: Team, email: string, role: string): Promise<string> {
  await tessera.seed.ask(
    team.owner,
    `mutation ($input: InviteMemberInput!) {
      result: inviteMember(input: $input) {
        ... on InviteMemberSuccess { invitation { id } }
        ... on Error { code message }
      }
    }`,
    { input: { organizationId: team.id, email, role } },
  );
  return (await tessera.mail.newest(email, new RegExp(`Invitation to ${team.name}`))).link;
}

const roleOf = async (team: Team, email: string): Promise<string | undefined> =>
  (
    await tessera.app.db.membership.findFirst({
      where: { organizationId: team.id, user: { email } },
    })
  )?.role;

it('lets an invited person create an account and join the organization', async () => {
  const team = await tessera.seed.team('Acme Works');
  const email = 'newcomer@example.org';
  const link = await invite(team, email, 'DEVELOPER');
  const page = await tessera.newPage({ at: link });
  await heading(page, 'Join Acme Works').waitFor();
  expect(page.url()).toBe(`${tessera.url}/accept-invitation`);
  await page.getByText('Ada Lovelace invited you').waitFor();
  await page.getByText('a developer').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'accept-invitation');

  // The page keeps the token only in memory.
  await page.reload();
  await heading(page, 'Open the link in your email').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'mailed-link-missing');
  await page.goto(link);
  await heading(page, 'Join Acme Works').waitFor();

  expect(await page.getByLabel('Email').inputValue()).toBe(email);
  await page.getByLabel('Name').fill('Newcomer');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await button(page, 'Create account').click();
  await button(page, 'Accept invitation').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'accept-invitation-signed-in');
  await button(page, 'Accept invitation').click();
  await page.waitForURL(`**/orgs/${team.slug}`);
  await page.getByText('Invitation to Acme Works accepted.').waitFor();
  expect(await roleOf(team, email)).toBe('DEVELOPER');

  await page.goto('/account');
  // The link was sent by email, so accepting it verifies the address.
  await page.getByText('Verified', { exact: true }).waitFor();
});

it('shows a signed-in user the open invitations, to accept or decline them', async () => {
  const teams = [
    await tessera.seed.team('Acme Works'),
    await tessera.seed.team('Northwind'),
  ] as const;
  const grace = await tessera.seed.person('Grace');
  const { email } = grace;
  for (const team of teams) await invite(team, email, 'DEVELOPER');
  const page = await tessera.newPage({ as: grace, at: '/welcome' });
  const list = page.getByRole('region', { name: 'Invitations' });
  // Anybody could have registered with this address.
  await page.getByText('verify this address to see your invitations here').waitFor();
  expect(await list.count()).toBe(0);

  await tessera.app.db.user.update({ where: { email }, data: { emailVerifiedAt: new Date() } });
  await page.reload();
  await list.getByText('Ada Lovelace invited you to Acme Works as a developer.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'received-invitations');

  await button(page, 'Decline the invitation to Northwind').click();
  await button(page, 'Decline invitation').click();
  await page.getByText('Invitation to Northwind declined.').waitFor();
  expect(await list.getByRole('listitem').count()).toBe(1);
  await page.getByRole('link', { name: 'Tessera' }).first().waitFor();
  await page.goto('/account');
  await button(page, 'Accept the invitation to Acme Works').click();
  await page.waitForURL(`**/orgs/${teams[0].slug}`);
  await page.getByText('Invitation to Acme Works accepted.').waitFor();
  expect(await list.count()).toBe(0);
  expect(await roleOf(teams[0], email)).toBe('DEVELOPER');
  expect(await roleOf(teams[1], email)).toBeUndefined();
});

it('lets only the invited account accept the invitation', async () => {
  const team = await tessera.seed.team();
  const [ada, grace] = [await tessera.seed.person('Ada'), await tessera.seed.person('Grace')];
  const link = await invite(team, grace.email, 'VIEWER');
  const page = await tessera.newPage({ as: ada, at: link });
  await page.getByText('This invitation is for another account').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'accept-invitation-other-account');
  await button(page, 'Sign out and switch accounts').click();

  await page.getByText('I have an account').click();
  expect(await page.getByLabel('Email').inputValue()).toBe(grace.email);
  await page.getByLabel('Password', { exact: true }).fill(grace.password);
  await button(page, 'Sign in').click();
  await button(page, 'Accept invitation').click();
  await page.waitForURL(`**/orgs/${team.slug}`);
  expect(await roleOf(team, grace.email)).toBe('VIEWER');
  expect(await roleOf(team, ada.email)).toBeUndefined();

  await page.goto(link);
  await heading(page, 'This invitation is no longer valid').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'accept-invitation-not-open');
});

it('shows a message to a user who is already a member', async () => {
  const team = await tessera.seed.team();
  const grace = await tessera.seed.person('Grace');
  const link = await invite(team, grace.email, 'VIEWER');
  const { id: userId } = await tessera.app.db.user.findUniqueOrThrow({
    where: { email: grace.email },
  });
  await tessera.app.db.membership.create({
    data: { organizationId: team.id, userId, role: 'DEVELOPER' },
  });
  const page = await tessera.newPage({ as: grace, at: link });
  await button(page, 'Accept invitation').click();
  await page.getByText('You are already a member').waitFor();
  await expectAccessibleInBothThemes(page);
  expect(await roleOf(team, grace.email)).toBe('DEVELOPER');
});

it('rejects an invitation that is older than seven days', async () => {
  const team = await tessera.seed.team();
  const link = await invite(team, 'late@example.org', 'VIEWER');
  tessera.passTime(7 * 24 * 60 + 1);
  const page = await tessera.newPage({ at: link });
  await heading(page, 'This invitation is no longer valid').waitFor();
});
