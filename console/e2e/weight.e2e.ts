import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { useConsole } from './kit/console.ts';

const tessera = useConsole();

/** The maximum size of the compressed JavaScript that a first visit loads to show the sign-in page. */
const mostBytes = 175_000;
/** The maximum size for a signed-in user, including the app layout and the dashboard. */
const mostBytesSignedIn = 175_000;

/** The paths of all scripts that are loaded before the page shows its content. */
async function scriptsOf(page: Page, open: () => Promise<void>): Promise<string[]> {
  const paths = new Set<string>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.endsWith('.js')) paths.add(pathname);
  });
  await open();
  await page.waitForLoadState('networkidle');
  return [...paths];
}

async function weigh(paths: readonly string[], encoding: string): Promise<number> {
  const sizes = await Promise.all(
    paths.map(async (path) => {
      const headers = { 'accept-encoding': encoding };
      const response = await fetch(`${tessera.url}${path}`, { method: 'HEAD', headers });
      expect(response.status, path).toBe(200);
      return Number(response.headers.get('content-length'));
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function expectLight(what: string, paths: readonly string[], most: number): Promise<void> {
  const [brotli, gzip] = await Promise.all([weigh(paths, 'br'), weigh(paths, 'gzip')]);
  const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(
    `${what}: ${paths.length} scripts, ${inKilobytes(brotli)} br, ${inKilobytes(gzip)} gzip`,
  );
  expect(paths.length).toBeGreaterThan(0);
  // All current browsers accept Brotli.
  expect(brotli, paths.join('\n')).toBeLessThanOrEqual(most);
}

it('limits the size of the scripts that every page loads', async () => {
  const page = await (await fetch(tessera.url)).text();
  const paths = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path = '']) => path);
  await expectLight('entry', paths, mostBytes);
});

it('limits the size of the sign-in page', async () => {
  const page = await tessera.newPage();
  const paths = await scriptsOf(page, async () => {
    await page.goto('/sign-in');
    await page.getByLabel('Email').waitFor();
  });
  await expectLight('/sign-in', paths, mostBytes);
});

it('limits the size of the start page for a signed-in user', async () => {
  const team = await tessera.seed.team();
  await tessera.seed.project(team);
  const page = await tessera.newPage({ as: team.owner });
  const paths = await scriptsOf(page, async () => {
    await page.goto('/');
    await page.getByText('Tracker').first().waitFor();
  });
  await expectLight('/', paths, mostBytesSignedIn);
});

it('measures the time until the sign-in page is interactive on a slow CPU', async () => {
  const page = await tessera.newPage();
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('input[type=email]') === null) return;
      performance.mark('interactive');
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill('ada@example.org');
  const milliseconds = await page.evaluate(
    () => performance.getEntriesByName('interactive')[0]?.startTime ?? NaN,
  );
  // Logged instead of asserted, because the time depends on the machine.
  console.log(
    `/sign-in is interactive after ${Math.round(milliseconds)} ms on a CPU slowed down 4×`,
  );
  expect(milliseconds).toBeGreaterThan(0);
});
