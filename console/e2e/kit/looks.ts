import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const viewports = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
export type Viewport = keyof typeof viewports;

const directory = join(import.meta.dirname, '../screenshots');

/** Draws the page as the system of somebody who prefers that theme asks for. */
async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name;
  }, theme);
  await settle(page);
}

/** Until nothing moves: fonts are there, and transitions have ended. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ending = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity)
      .map((animation) => animation.finished.catch(() => undefined));
    await Promise.all(ending);
  });
}

const themeOf = (page: Page): Promise<Theme> =>
  page.evaluate(() =>
    document.documentElement.dataset['theme'] === 'dark' ? ('dark' as const) : ('light' as const),
  );

/** Does something in each theme, and leaves the page in the one that it had. */
export async function inBothThemes(
  page: Page,
  look: (theme: Theme) => Promise<void>,
): Promise<void> {
  const before = await themeOf(page);
  for (const theme of themes) {
    await show(page, theme);
    await look(theme);
  }
  await show(page, before);
}

/**
 * Writes `console/e2e/screenshots/<name>-<theme>-<desktop|phone>.png`: four pictures of the page as it stands,
 * which it still does afterwards.
 */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const before = page.viewportSize();
  for (const viewport of Object.keys(viewports) as Viewport[]) {
    await page.setViewportSize(viewports[viewport]);
    await inBothThemes(page, async (theme) => {
      await page.screenshot({ path: join(directory, `${name}-${theme}-${viewport}.png`) });
    });
  }
  if (before !== null) await page.setViewportSize(before);
}
