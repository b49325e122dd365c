import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Locator, Page } from 'playwright-core';

export const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const viewports = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
export type Viewport = keyof typeof viewports;

const directory = join(import.meta.dirname, '../screenshots');

/** Switches the page to a theme, and sets the browser's preferred color scheme to match. */
async function show(page: Page, theme: Theme): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.evaluate((name) => {
    document.documentElement.dataset['theme'] = name;
  }, theme);
  await settle(page);
}

/**
 * Waits until fonts are loaded and no animation has run for three frames. A single check is not sufficient: with an
 * inherited color, each element starts its transition when its parent's transition has ended. The promises of animations
 * are not awaited: those in the hidden content of a `<details>` never settle.
 */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const isAnimating = () =>
      document
        .getAnimations()
        .some(
          ({ playState, effect }) =>
            playState === 'running' && effect?.getComputedTiming().endTime !== Infinity,
        );
    await document.fonts.ready;
    for (let quietFrames = 0; quietFrames < 3;) {
      quietFrames = isAnimating() ? 0 : quietFrames + 1;
      await nextFrame();
    }
  });
}

const themeOf = (page: Page): Promise<Theme> =>
  page.evaluate(() =>
    document.documentElement.dataset['theme'] === 'dark' ? ('dark' as const) : ('light' as const),
  );

/** Runs `look` in each theme and then restores the original theme. */
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
 * Writes four screenshots of the page to `console/e2e/screenshots/<name>-<theme>-<desktop|phone>.png` and then restores
 * the original theme and viewport.
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

/** Whether a user sees the beginning of an element without scrolling: nothing covers it or cuts it off. */
export const isInView = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => {
    const { left, top } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + 2, top + 2));
  });
