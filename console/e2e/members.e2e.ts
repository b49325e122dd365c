import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Person, Team } from './kit/seed.ts';

const tessera = useConsole();

async function membersPage(team: Team, as: Person, search = ''): Promise<Page> {
  const page = await tessera.newPage({ as, at: `/orgs/${team.slug}/members${search}` });
  await page.getByRole('heading', { name: 'Members', level: 1 }).waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });
const member = (page: Page, { name }: Person) =>
  page.getByRole('table', { name: 'Members' }).getByRole('row', { name });
/** The accessible description of a button. */
const description = (page: Page, name: string) =>
  button(page, name).evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  );

it('lets an admin invite a user, copy a link, send another email and revoke the invitation', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await membersPage(team, team.admin);
  expect(await page.title()).toBe('Members · Acme · Tessera');
  await page.getByRole('heading', { name: 'No pending invitations' }).waitFor();

  await button(page, 'Invite').click();
  const dialog = page.getByRole('dialog', { name: 'Invite to Acme' });
  const email = dialog.getByRole('textbox', { name: 'Email address' });
  await email.fill('nobody');
  await email.press('Enter');
  await dialog.getByText('Enter a valid email address').waitFor();
  await email.fill(team.viewer.email);
  await email.press('Enter');
  await dialog.getByText(`${team.viewer.email} is already a member`).waitFor();
  expect(await email.getAttribute('aria-invalid')).toBe('true');
  // An admin cannot invite owners.
  const owner = dialog.getByRole('radio', { name: 'Owner' });
  expect(await owner.isDisabled()).toBe(true);
  await dialog
    .getByText('Only owners can add, change or remove owners. You are an admin.')
    .waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'members-invite');

  const invited = 'katherine@example.org';
  await email.fill(invited);
  await dialog.getByRole('radio', { name: 'Viewer' }).click();
  await button(page, 'Send invitation').click();
  await dialog.waitFor({ state: 'hidden' });
  const row = page.getByRole('table', { name: 'Pending invitations' }).getByRole('row', {
    name: invited,
  });
  await row.getByText('Viewer').waitFor();
  const first = await tessera.mail.newest(invited);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'members');

  await button(page, `Copy link for ${invited}`).click();
  const linkDialog = page.getByRole('dialog', { name: `Invitation link for ${invited}` });
  const copied = await linkDialog.getByRole('textbox', { name: 'Link' }).inputValue();
  expect(copied).toMatch(/\/accept-invitation#token=[\w-]{43}$/);
  expect(copied).not.toBe(first.link);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'members-link');
  await linkDialog.getByRole('button', { name: 'Copy link' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(copied);
  await linkDialog.getByRole('button', { name: 'Done' }).click();
  await linkDialog.waitFor({ state: 'hidden' });
  expect(await page.content()).not.toContain(copied);
  for (const at of [copied, first.link]) {
    const visitor = await tessera.newPage({ at });
    await visitor.getByRole('heading', { level: 1, name: 'Join Acme' }).waitFor();
  }

  await button(page, `Send again to ${invited}`).click();
  await page.getByText('New link sent to').waitFor();
  await expect.poll(async () => (await tessera.mail.newest(invited)).link).not.toBe(first.link);

  await button(page, `Revoke the invitation for ${invited}`).click();
  await button(page, 'Revoke invitation').click();
  await page.getByRole('heading', { name: 'No pending invitations' }).waitFor();
  const { link } = await tessera.mail.newest(invited);
  const guest = await tessera.newPage({ at: link });
  await guest.getByRole('heading', { level: 1 }).waitFor();
  expect(await guest.getByRole('heading', { level: 1 }).innerText()).not.toContain('Join');
});

it('changes roles and prevents changes to the last owner', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await membersPage(team, team.owner);
  const own = `Role of ${team.owner.name}: Owner`;
  expect(await description(page, own)).toContain('You are the last owner.');
  expect(await description(page, 'Leave')).toContain('Make another member an owner first.');

  await button(page, `Role of ${team.developer.name}: Developer`).click();
  await page.getByRole('menuitem', { name: /^Owner/ }).waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=menu]' });
  await screenshot(page, 'members-role');
  // Select with the keyboard.
  await page.getByRole('menuitem', { name: /^Viewer/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByText(`${team.developer.name} is now a viewer.`).waitFor();
  await button(page, `Role of ${team.developer.name}: Viewer`).waitFor();

  // When there is a second owner, the first owner can lower their own role but cannot raise it again.
  await button(page, `Role of ${team.admin.name}: Admin`).click();
  await page.getByRole('menuitem', { name: /^Owner/ }).click();
  await button(page, `Role of ${team.admin.name}: Owner`).waitFor();
  await button(page, own).click();
  await page.getByRole('menuitem', { name: /^Developer/ }).click();
  await button(page, 'Change to developer').click();
  await page.getByText('You are now a developer.').waitFor();
  expect(await description(page, `Role of ${team.owner.name}: Developer`)).toBe(
    'Only admins and owners can change roles. You are a developer.',
  );
  await page
    .getByRole('heading', { name: 'Pending invitations', exact: true })
    .waitFor({ state: 'hidden' });
});

it('removes a member, who then loses access', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await membersPage(team, team.admin);
  expect(await description(page, `Remove ${team.owner.name}`)).toContain('Only owners');
  const removed = await membersPage(team, team.developer);

  await button(page, `Remove ${team.developer.name}`).click();
  const dialog = page.getByRole('alertdialog', { name: `Remove ${team.developer.name}?` });
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await dialog.getByRole('button', { name: 'Remove member' }).click();
  await member(page, team.developer).waitFor({ state: 'hidden' });
  await page.getByRole('heading', { name: '3 members' }).waitFor();

  await removed.reload();
  await removed.getByRole('heading', { name: 'Not found', level: 1 }).waitFor();
});

it('lets a viewer see the members and leave, and explains disabled buttons', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await membersPage(team, team.viewer);
  const reason = 'Only admins and owners can invite people. You are a viewer.';
  expect(await description(page, 'Invite')).toBe(reason);
  await button(page, 'Invite').focus();
  await page.getByText(reason).filter({ visible: true }).waitFor();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('dialog').count()).toBe(0);
  expect(await page.getByRole('heading', { name: /invitations$/ }).count()).toBe(0);
  await member(page, team.viewer).getByText('You', { exact: true }).waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'members-viewer');

  await button(page, 'Leave').click();
  await button(page, 'Leave organization').click();
  await page.getByText('Your membership in Acme has ended.').waitFor();
  await page.waitForURL('**/welcome');
});

it('keeps the role filter and the page in the URL', async () => {
  const team = await tessera.seed.team('Acme');
  for (let place = 1; place <= 24; place += 1) {
    const number = String(place).padStart(2, '0');
    const user = await tessera.app.db.user.create({
      data: {
        email: `crew-${number}-${team.slug}@example.org`,
        name: `Crew ${number}`,
        // No password matches this hash.
        passwordHash: `$2b$04$${'.'.repeat(53)}`,
      },
    });
    await tessera.app.db.membership.create({
      data: { organizationId: team.id, userId: user.id, role: 'VIEWER' },
    });
  }
  const page = await membersPage(team, team.owner, '?role=VIEWER');
  await page.getByRole('heading', { name: '25 viewers' }).waitFor();
  expect(await page.getByText(team.admin.email).count()).toBe(0);
  await button(page, 'Next page').click();
  await page.getByText('Crew 24').waitFor();
  expect(await page.getByText('Crew 01').count()).toBe(0);

  // The URL restores the same page.
  const again = await tessera.newTab(page, page.url());
  await again.getByText('Crew 24').waitFor();
  await button(again, 'Previous page').click();
  await again.getByText('Crew 01').waitFor();

  await page.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'All roles' }).click();
  await page.getByRole('heading', { name: '28 members' }).waitFor();
  expect(new URL(page.url()).search).toBe('');
});
