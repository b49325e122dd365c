import { expect, it } from 'vitest';

import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { screenshot } from './kit/looks.ts';

const tessera = useConsole();

it('shows how much space a project uses, and explains why a full project rejects writes', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.tracker(team);
  const { projectStorage } = tessera.app.db;
  const at = `/projects/${project.ref}`;
  const page = await tessera.newPage({ as: team.viewer, at });
  const fact = page.locator('dt', { hasText: 'Space used' }).locator('..');
  await fact.getByText('Not measured yet').waitFor();

  await tessera.app.measureStorage();
  await page.reload();
  await expect.poll(() => fact.innerText()).toMatch(/\d kB$/);
  expect(await page.getByRole('meter').count()).toBe(0);

  const where = { projectId: project.id };
  await projectStorage.update({ where, data: { usedBytes: 830_000, quotaBytes: 1_000_000 } });
  await page.reload();
  const meter = page.getByRole('meter', { name: 'Space used' });
  await meter.waitFor();
  expect(await meter.getAttribute('aria-valuetext')).toBe('830 kB of 1.00 MB');
  expect(await page.getByText('reached its maximum size').count()).toBe(0);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'storage');

  await projectStorage.update({ where, data: { usedBytes: 1_200_000 } });
  await page.reload();
  await page.getByText('The project has reached its maximum size').waitFor();
  expect(await fact.innerText()).toContain('1.20 MB of 1.00 MB');
  expect(await page.getByRole('link', { name: 'How space is freed' }).getAttribute('href')).toBe(
    '/docs/guide/troubleshoot.html#a-project-is-full',
  );
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'storage-full');
});
