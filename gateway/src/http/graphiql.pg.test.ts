import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { useBrowser } from '../../test/browser.ts';
import { useTracker } from '../../test/project-api.ts';

const app = useApp();
const chromium = useBrowser();
const tracker = useTracker(app);

describe('GraphiQL without external network access', () => {
  let page: Page;
  let foreignRequests: string[];
  let ownFiles: string[];
  let complaints: string[];

  beforeEach(async () => {
    [foreignRequests, ownFiles, complaints] = [[], [], []];
    page = await chromium.browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.route('**', (route) => {
      const url = new URL(route.request().url());
      if (url.origin === app.url) {
        ownFiles.push(url.pathname);
        return route.continue();
      }
      foreignRequests.push(url.href);
      return route.abort();
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // Violations of the content security policy are logged to the console as errors.
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${app.url}/graphql`);
  });
  afterEach(() => page.close());

  const execute = async () => {
    await page.getByRole('button', { name: /^Execute query/ }).click();
  };
  const answerShows = (text: string) =>
    page.locator('.result-window').getByText(text).first().waitFor();

  it('runs a query and loads only files from its own origin', async () => {
    await execute();
    await answerShows('currentApiKey');
    // The editor's workers have started.
    await expect.poll(() => ownFiles.some((path) => path.endsWith('/graphql.js'))).toBe(true);
    expect(foreignRequests).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('sends the headers that the user enters', async () => {
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool .monaco-editor').last().click();
    await page.keyboard.insertText('{ "Authorization": "Bearer not-a-good-one" }');
    await execute();
    await answerShows('UNAUTHENTICATED');
    expect(foreignRequests).toEqual([]);
  });

  it("shows the schema's documentation", async () => {
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).click();
    await page.getByRole('link', { name: 'createProject', exact: true }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('does not run an injected script', async () => {
    const ran = await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.injected = true';
      document.body.append(script);
      return 'injected' in window;
    });
    expect(ran).toBe(false);
    expect(complaints.join()).toContain('Content Security Policy');
  });

  it("queries a project's API with the entered key and shows its documentation", async () => {
    await page.goto(tracker().endpoint);
    // The headers editor is open and contains a placeholder.
    const headers = page.locator('.graphiql-editor-tool .monaco-editor').last();
    await headers.getByText('paste-an-API-key-here').waitFor();
    await headers.click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(`{ "Authorization": "Bearer ${tracker().key}" }`);
    await page.getByRole('button', { name: 'Re-fetch GraphQL schema' }).click();
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await page.getByRole('link', { name: 'Mutation', exact: true }).click();
    await page.getByRole('link', { name: 'createIssue', exact: true }).waitFor();
    await page.locator('.graphiql-query-editor .monaco-editor').first().click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText('{ boards { totalCount } }');
    await execute();
    await answerShows('totalCount');
    expect(foreignRequests).toEqual([]);
    // The first introspection ran without a key and was rejected.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('returns the same page whether or not the project exists', async () => {
    const html = { headers: { accept: 'text/html' } };
    const pages = await Promise.all(
      [tracker().endpoint, `${app.url}/p/${'0'.repeat(16)}/graphql`].map(async (url) => {
        const { status, headers, text } = await fetch(url, html).then(async (response) => ({
          status: response.status,
          headers: [...response.headers].filter(
            ([name]) => !['date', 'x-request-id'].includes(name),
          ),
          text: await response.text(),
        }));
        return { status, headers, text };
      }),
    );
    expect(pages[0]).toMatchObject({
      status: 200,
      text: expect.stringContaining('GraphiQL') as string,
    });
    expect(pages[1]).toEqual(pages[0]);
  });
});
