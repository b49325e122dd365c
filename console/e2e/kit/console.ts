import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, expect, vi } from 'vitest';

import { bundleConsole, consoleDirectory } from '../../../gateway/scripts/lib/console.mjs';
import { useApp, type TestApp } from '../../../gateway/test/app.ts';
import { useBrowser } from '../../../gateway/test/browser.ts';
import { viewports, type Theme, type Viewport } from './looks.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { createSeeds, type Person, type Seeds } from './seed.ts';
import { watchForTrouble, type TroubleWatch } from './trouble.ts';

export interface PageOptions {
  /** The user who is signed in. By default, no user is signed in. */
  readonly as?: Person;
  /** The path to open. By default, the page is blank. */
  readonly at?: string;
  readonly theme?: Theme;
  readonly viewport?: Viewport;
  /** The browser's time zone, such as `Europe/Berlin`. By default, the time zone of the machine. */
  readonly timeZone?: string;
}

/** The console in a browser, with a separate gateway and database for each test file. */
export interface Console {
  readonly app: TestApp;
  /** The gateway's origin: `http://127.0.0.1:54321`. */
  readonly url: string;
  readonly seed: Seeds;
  readonly mail: Mailbox;
  /** Moves the gateway's clock forward. After 11 minutes, all earlier access tokens have expired. */
  passTime(minutes: number): void;
  /** Opens a page in a new browser context, without cookies or storage. */
  newPage(options?: PageOptions): Promise<Page>;
  /** Opens another tab in the same browser context. */
  newTab(page: Page, at?: string): Promise<Page>;
  /**
   * Ignores problems in the page's browser context that would otherwise fail the test, if they match a pattern such as
   * `/status of 401/`.
   */
  allow(page: Page, trouble: RegExp): void;
}

/** The timeout of a journey. Journeys have dozens of steps and can run on busy machines. */
const journeyTimeoutMs = 180_000;
/** The timeout of one step. A step takes this long only if it fails. */
const stepTimeoutMs = 20_000;

/**
 * Starts the console for the journeys in a file. After each test, the test's pages are closed, and the test fails if an
 * unexpected problem occurred in them (see `trouble.ts`).
 */
export function useConsole(
  options: {
    /** Environment variables of the gateway that replace those of the test kit. */
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Console {
  vi.setConfig({ testTimeout: journeyTimeoutMs, hookTimeout: journeyTimeoutMs });
  let minutesPassed = 0;
  const build = useBuild();
  const app = useApp({
    consoleDirectory: build,
    linksToItself: true,
    ...options,
    clock: () => new Date(Date.now() + minutesPassed * 60_000),
  });
  const chromium = useBrowser();
  const watches = new Map<BrowserContext, TroubleWatch>();

  afterEach(async () => {
    const found = [...watches.values()].flatMap((watch) => watch.found());
    await Promise.all([...watches.keys()].map((context) => context.close()));
    watches.clear();
    expect(found, 'problems in the pages of this test').toEqual([]);
  });

  const newTab: Console['newTab'] = async (page, at) => {
    const tab = await page.context().newPage();
    if (at !== undefined) await tab.goto(at);
    return tab;
  };

  return {
    app,
    get url() {
      return app.url;
    },
    seed: createSeeds(app),
    mail: createMailbox(() => app.mailDirectory),
    passTime: (minutes) => void (minutesPassed += minutes),
    newTab,
    async newPage({ as, at, theme = 'light', viewport = 'desktop', timeZone } = {}) {
      const context = await chromium.browser.newContext({
        baseURL: app.url,
        viewport: viewports[viewport],
        colorScheme: theme,
        // Animations would make screenshots unstable.
        reducedMotion: 'reduce',
        ...(timeZone !== undefined && { timezoneId: timeZone }),
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      context.setDefaultTimeout(stepTimeoutMs);
      watches.set(context, await watchForTrouble(context, app.url));
      if (as !== undefined) await signInto(context, app.url, as);
      const page = await context.newPage();
      if (at !== undefined) await page.goto(at);
      return page;
    },
    allow(page, trouble) {
      watches.get(page.context())?.allow(trouble);
    },
  };
}

/** Copies the console's build, because a new build might replace the original while the tests run. */
function useBuild(): () => Promise<string> {
  let copy: string | null = null;
  afterAll(async () => {
    if (copy !== null) await rm(copy, { recursive: true, force: true });
  });
  return async () => {
    await bundleConsole();
    copy = await mkdtemp(join(tmpdir(), 'tessera-console-'));
    await cp(consoleDirectory, copy, { recursive: true });
    return copy;
  };
}

const login = `mutation ($input: LoginInput!) {
  login(input: $input) { ... on LoginSuccess { session { accessTokenExpiresAt } } ... on Error { code message } }
}`;

/** Signs in through the API, which sets the session cookie in the browser context. */
async function signInto(context: BrowserContext, origin: string, person: Person): Promise<void> {
  const { email, password } = person;
  const response = await context.request.post(`${origin}/graphql`, {
    headers: { origin },
    data: { query: login, variables: { input: { email, password } } },
  });
  const cookies = await context.cookies(origin);
  if (cookies.length === 0) throw new Error(`No session for ${email}: ${await response.text()}`);
}
