import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';
import type { Project } from './kit/seed.ts';

const tessera = useConsole();

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 });

/** Records requests for the given number of days, ending today. */
async function use(project: Project, days: number): Promise<void> {
  const today = Math.floor(Date.now() / 86_400_000);
  await tessera.app.db.projectUsageDay.createMany({
    data: Array.from({ length: days }, (_, ago) => ({
      projectId: project.id,
      day: new Date((today - ago) * 86_400_000),
      requests: 100 + ((ago * 37) % 60),
      errors: ago % 5,
    })),
  });
}

it('shows the projects with their latest activity', async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.project(team, { name: 'Issues' });
  await use(tracker, 7);
  await tessera.seed.project(team, { name: 'Web shop' });
  await tessera.seed.project(team, {
    name: 'Support desk',
    sdl: 'type Ticket @model { id: ID! @id }',
  });
  const page = await tessera.newPage({ as: team.viewer, at: `/orgs/${team.slug}` });
  const card = (name: string) => page.getByRole('listitem').filter({ hasText: name });
  await card('Issues').getByText('Last request today').waitFor();
  // 100 + 0, 37, 14, 51, 28, 5, 42.
  expect(await card('Issues').innerText()).toContain('877 requests in the last 7 days');
  expect(await card('Web shop').innerText()).toMatch(/No schema[^]*0 requests[^]*Created/);
  expect(await card('Support desk').innerText()).toMatch(/Schema v1[^]*Schema applied/);

  const create = page.getByRole('button', { name: 'New project' });
  await create.hover();
  const reason = 'Only admins and owners can create projects. You are a viewer.';
  await page.getByText(reason).and(page.locator(':visible')).waitFor();
  await create.click({ force: true });
  expect(await page.getByRole('dialog').count()).toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'dashboard');

  await card('Web shop').getByRole('link').click();
  await heading(page, 'Web shop').waitFor();
});

it('creates a project with a derived or a custom slug', async () => {
  const team = await tessera.seed.team('Acme');
  const page = await tessera.newPage({ as: team.admin, at: `/orgs/${team.slug}` });
  await page.getByText('No projects yet').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'dashboard-empty');

  await page.getByRole('button', { name: 'New project' }).click();
  const dialog = page.getByRole('dialog', { name: 'New project' });
  const slug = dialog.getByLabel('Slug');
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await dialog.getByText('Enter a name.').waitFor();
  await dialog.getByLabel('Name').fill('Café Zoë');
  expect(await slug.inputValue()).toBe('cafe-zoe');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'project-new');
  await dialog.getByLabel('Name').press('Enter');
  await heading(page, 'Café Zoë').waitFor();

  // The dialog has its own URL. The form rejects an invalid slug and a slug that is already taken.
  await page.goto(`/orgs/${team.slug}?create=true`);
  await dialog.getByLabel('Name').fill('Another');
  await slug.fill('Not One');
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await dialog.getByText(/3 to 48 lowercase letters/).waitFor();
  await slug.fill('cafe-zoe');
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await dialog.getByText(/cafe-zoe/).waitFor();
  await slug.fill('another-cafe');
  await dialog.getByRole('button', { name: 'Create project' }).click();
  await heading(page, 'Another').waitFor();
  const { organization } = await tessera.seed.ask<{
    organization: { projects: { nodes: { slug: string }[] } };
  }>(
    team.owner,
    `query ($slug: String!) {
    organization(slug: $slug) { projects(first: 10) { nodes { slug } } }
  }`,
    { slug: team.slug },
  );
  expect(organization.projects.nodes.map((one) => one.slug)).toEqual(['cafe-zoe', 'another-cafe']);
});

it('pages through projects and keeps the page in the URL', async () => {
  const team = await tessera.seed.team('Acme');
  for (let number = 1; number <= 21; number += 1) {
    await tessera.seed.project(team, { name: `Project ${number}` });
  }
  const page = await tessera.newPage({ as: team.owner, at: `/orgs/${team.slug}` });
  const last = page.getByRole('link', { name: 'Project 21' });
  await page.getByRole('link', { name: 'Project 20' }).waitFor();
  expect(await last.count()).toBe(0);
  await page.getByRole('button', { name: 'Next page' }).click();
  await last.waitFor();
  expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
  await page.reload();
  await last.waitFor();
  await page.getByRole('button', { name: 'Previous page' }).click();
  await page.getByRole('link', { name: 'Project 1', exact: true }).waitFor();
});

it('shows the next steps for an empty project', async () => {
  const team = await tessera.seed.team('Acme');
  const { ref, name } = await tessera.seed.project(team, { name: 'Web shop' });
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${ref}` });
  await heading(page, name).waitFor();
  await page.getByRole('heading', { name: 'Next steps' }).waitFor();
  await page.getByText('No requests in the last 30 days.').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'overview-empty');
  await page.getByRole('link', { name: 'Start from a template' }).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe(`/projects/${ref}/schema`);
});

it("shows a project's first request, usage and latest changes", async () => {
  const team = await tessera.seed.team('Acme');
  const tracker = await tessera.seed.tracker(team);
  await use(tracker, 60);
  const page = await tessera.newPage({ as: team.owner, at: `/projects/${tracker.ref}` });
  await page.getByText(/requests in the last 30 days, \d+ refused or failed/).waitFor();
  await page.locator('.recharts-bar-rectangle').first().waitFor();
  await page
    .getByText(/applied/)
    .first()
    .waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'overview');

  await page.getByRole('radio', { name: '7 days' }).click();
  await page.getByText(/^\d+ requests in the last 7 days/).waitFor();
  expect(new URL(page.url()).searchParams.get('days')).toBe('7');
  await page.getByText('Show as a table').click();
  const table = page.getByRole('table', { name: 'Requests by day' });
  expect(await table.getByRole('row').count()).toBe(8);
  await expectAccessibleInBothThemes(page);

  await page.getByRole('button', { name: 'Copy the endpoint' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(tracker.endpoint);

  const viewer = await tessera.newPage({ as: team.viewer, at: `/projects/${tracker.ref}` });
  await viewer
    .getByText('Only admins and owners can read the audit log. You are a viewer.')
    .waitFor();
});
