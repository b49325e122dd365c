import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Person, Team } from './kit/seed.ts';

const tessera = useConsole();

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: true });
const log = (page: Page) => page.getByRole('table', { name: 'Audit log' });
const entries = (page: Page) => page.getByText(/^\d+ (entry|entries)$/);

async function auditPage(team: Team, as: Person, search = ''): Promise<Page> {
  const page = await tessera.newPage({ as, at: `/orgs/${team.slug}/audit${search}` });
  await page.getByRole('heading', { name: 'Audit log', level: 1 }).waitFor();
  return page;
}

it('shows every change with its details and keeps the filters in the URL', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.tracker(team, 'Tracker');
  await tessera.seed.project(team, { name: 'Web shop' });
  await tessera.seed.key(team, project, 'Backend');
  const page = await auditPage(team, team.admin);
  expect(await page.title()).toBe('Audit log · Acme · Tessera');
  await log(page).getByText('created the project Web shop').waitFor();
  await log(page).getByText('applied schema version 1 to Tracker').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'audit');

  await button(page, 'Details: created the key Backend').click();
  const details = page.getByRole('region', { name: 'Details of apiKey.create' });
  // The API returns audit entries of this type.
  const entry = JSON.parse(await details.innerText()) as { action: string; details: unknown };
  expect(entry).toMatchObject({ action: 'apiKey.create', details: { name: 'Backend' } });
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'audit-details');

  await page.getByRole('combobox', { name: 'Action' }).click();
  await page.getByRole('option', { name: 'Project created' }).click();
  await page.getByText('2 entries').waitFor();
  await page.getByRole('combobox', { name: 'Project' }).fill('web');
  await page.getByRole('option', { name: 'Web shop' }).click();
  await page.getByText('1 entry').waitFor();
  const { searchParams } = new URL(page.url());
  expect(searchParams.get('action')).toBe('project.create');

  const again = await tessera.newTab(page, page.url());
  await again.getByText('1 entry').waitFor();
  expect(await again.getByRole('combobox', { name: 'Action' }).inputValue()).toBe(
    'Project created',
  );
  expect(await again.getByRole('combobox', { name: 'Project' }).inputValue()).toBe('Web shop');

  // An empty result shows a button that clears the filters.
  await again.getByRole('combobox', { name: 'Who' }).fill('Barbara');
  await again.getByRole('option', { name: team.viewer.name }).click();
  await again.getByRole('heading', { name: 'No matching entries' }).waitFor();
  await expectAccessibleInBothThemes(again);
  await screenshot(again, 'audit-nothing');
  await button(again, 'Show all entries').click();
  await log(again).waitFor();
  expect(new URL(again.url()).search).toBe('');

  // An actor's link shows all of the actor's entries.
  await log(again).getByRole('link', { name: team.owner.email }).first().click();
  await expect
    .poll(() => again.getByRole('combobox', { name: 'Who' }).inputValue())
    .toBe(team.owner.name);
});

it('filters by date and keeps the page in the URL when paging in both directions', async () => {
  const team = await tessera.seed.team('Acme');
  const at = (day: string, place: number) => new Date(Date.parse(`${day}T12:00:00Z`) + place);
  const days = ['2026-01-10', '2026-01-11', '2026-01-12'];
  await tessera.app.db.auditEntry.createMany({
    data: days.flatMap((day) =>
      Array.from({ length: 20 }, (_, place) => ({
        id: idAt(at(day, place)),
        at: at(day, place),
        organizationId: team.id,
        actorKind: 'SYSTEM' as const,
        action: 'project.update',
        targetKind: 'project',
        targetLabel: `Change ${place + 1} of ${day}`,
      })),
    ),
  });
  const page = await auditPage(team, team.owner, '?since=2026-01-11&until=2026-01-12');
  await page.getByText('40 entries').waitFor();
  await page.getByText('Change 20 of 2026-01-12').waitFor();
  await button(page, 'Next page').click();
  await page.getByText('Change 1 of 2026-01-11', { exact: false }).first().waitFor();
  expect(await page.getByText('of 2026-01-10').count()).toBe(0);
  expect(await button(page, 'Next page').getAttribute('aria-disabled')).toBe('true');

  const again = await tessera.newTab(page, page.url());
  await button(again, 'Previous page').click();
  await again.getByText('Change 20 of 2026-01-12').waitFor();

  await again.getByLabel('To', { exact: true }).fill('2026-01-11');
  await again.getByText('20 entries').waitFor();
  await again.getByRole('combobox', { name: 'When' }).click();
  await again.getByRole('option', { name: 'Last 7 days' }).click();
  await expect.poll(() => entries(again).innerText()).not.toBe('20 entries');
  expect(new URL(again.url()).search).toBe('?span=7d');
});

it('hides the audit log from developers and shows which roles can read it', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await auditPage(team, team.developer);
  await page
    .getByText('Only admins and owners can read the audit log. You are a developer.')
    .waitFor();
  expect(await log(page).count()).toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'audit-developer');
});

let idCount = 0;

/** A UUIDv7 with this timestamp. The gateway sorts the log by id. */
function idAt(date: Date): string {
  idCount += 1;
  const time = date.getTime().toString(16).padStart(12, '0');
  const counter = idCount.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-8000-${'0'.repeat(12)}`;
}
