import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

import { inBothThemes, settle } from './looks.ts';

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * Runs all axe rules (WCAG A and AA, contrast, best practices) on the current page.
 * @param options.within a selector that limits the check to part of the page
 */
export async function expectAccessible(
  page: Page,
  { within }: { readonly within?: string } = {},
): Promise<void> {
  await settle(page);
  // The script runs as if it were typed into the developer tools, because the page's content security policy blocks
  // injected scripts.
  await page.evaluate(await readFile(axeFile, 'utf8'));
  const violations = await page.evaluate(async (selector) => {
    // The script above defines `axe`.
    const { axe } = window as unknown as {
      axe: { run: (where: unknown, options: unknown) => Promise<AxeResults> };
    };
    const results = await axe.run(selector ?? document, { resultTypes: ['violations'] });
    return results.violations.flatMap(({ id, help, nodes }) => [
      `${id}: ${help}`,
      ...nodes.map(
        ({ target, failureSummary }) => `  ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    ]);
  }, within);
  const { pathname } = new URL(page.url());
  expect(violations, `axe on ${pathname}:\n${violations.join('\n')}`).toEqual([]);
}

/** Runs `expectAccessible` in the light and dark themes. */
export const expectAccessibleInBothThemes = (
  page: Page,
  options: Parameters<typeof expectAccessible>[1] = {},
): Promise<void> => inBothThemes(page, () => expectAccessible(page, options));
