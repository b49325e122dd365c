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

/**
 * Waits until fonts are loaded and no transition runs. An inherited color changes one level of elements a frame, as
 * each level starts a transition of its own when its parent's has ended, so one look is not enough.
 */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const running = () =>
      document
        .getAnimations()
        .filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
    await document.fonts.ready;
    for (let quietFrames = 0; quietFrames < 3; quietFrames += 1) {
      const animations = running();
      if (animations.length > 0) quietFrames = 0;
      await Promise.all(animations.map((animation) => animation.finished.catch(() => undefined)));
      await nextFrame();
    }
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
