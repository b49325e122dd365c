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
  /** Who is signed in; nobody if left out. */
  readonly as?: Person;
  /** Where it opens; a blank page if left out. */
  readonly at?: string;
  readonly theme?: Theme;
  readonly viewport?: Viewport;
}

/** The console in a browser, on a gateway and a database of the test file's own. */
export interface Console {
  readonly app: TestApp;
  /** Such as `http://127.0.0.1:54321`. */
  readonly url: string;
  readonly seed: Seeds;
  readonly mail: Mailbox;
  /** Moves the gateway's clock forward: after 11 minutes every access token so far has expired. */
  passTime(minutes: number): void;
  /** A page in a browser of its own: with no cookies, and nothing stored. */
  newPage(options?: PageOptions): Promise<Page>;
  /** Another tab of the same browser. */
  newTab(page: Page, at?: string): Promise<Page>;
  /** What may happen in a page's browser that otherwise fails the test, such as `/status of 401/`. */
  allow(page: Page, trouble: RegExp): void;
}

/** A journey does dozens of things, on machines that do other things meanwhile. */
const journeyTimeoutMs = 180_000;
/** For one step of it. Nothing waits that long unless it is broken. */
const stepTimeoutMs = 20_000;

/**
 * The console for the journeys of a file. Each test ends with a look at what went wrong in its pages beside
 * what it asserts (see `trouble.ts`), and with its pages closed.
 */
export function useConsole(): Console {
  vi.setConfig({ testTimeout: journeyTimeoutMs, hookTimeout: journeyTimeoutMs });
  let minutesPassed = 0;
  const build = useBuild();
  const app = useApp({
    consoleDirectory: build,
    linksToItself: true,
    clock: () => new Date(Date.now() + minutesPassed * 60_000),
  });
  const chromium = useBrowser();
  const watches = new Map<BrowserContext, TroubleWatch>();

  afterEach(async () => {
    const found = [...watches.values()].flatMap((watch) => watch.found());
    await Promise.all([...watches.keys()].map((context) => context.close()));
    watches.clear();
    expect(found, 'trouble in the pages of this test').toEqual([]);
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
    async newPage({ as, at, theme = 'light', viewport = 'desktop' } = {}) {
      const context = await chromium.browser.newContext({
        baseURL: app.url,
        viewport: viewports[viewport],
        colorScheme: theme,
        // So that what is looked at does not still move.
        reducedMotion: 'reduce',
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

/** A copy of the build, since somebody may build anew while these tests run. */
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

/** Puts the cookie of a new session into the browser, as the page for signing in would. */
async function signInto(context: BrowserContext, origin: string, person: Person): Promise<void> {
  const { email, password } = person;
  const response = await context.request.post(`${origin}/graphql`, {
    headers: { origin },
    data: { query: login, variables: { input: { email, password } } },
  });
  const cookies = await context.cookies(origin);
  if (cookies.length === 0) throw new Error(`No session for ${email}: ${await response.text()}`);
}
