import type { BrowserContext, Page } from 'playwright-core';

/**
 * Records problems in all pages of a browser context: requests to another origin, content security policy violations,
 * uncaught errors, errors in the browser's console, and crashes.
 */
export interface TroubleWatch {
  /** Ignores problems that match the pattern, such as `/status of 401/` after a token has expired. */
  allow(pattern: RegExp): void;
  /** The recorded problems that were not allowed. */
  found(): readonly string[];
}

export async function watchForTrouble(
  context: BrowserContext,
  origin: string,
): Promise<TroubleWatch> {
  const troubles: string[] = [];
  const allowed: RegExp[] = [];
  const note = (kind: string, text: string) => void troubles.push(`${kind}: ${text}`);

  await context.route(
    (url) => url.origin !== origin,
    async (route) => {
      note('request to another origin', route.request().url());
      await route.abort();
    },
  );
  await context.exposeBinding('reportPolicyViolation', (_source, text: string) =>
    note('content security policy', text),
  );
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      // `exposeBinding` above defines this function.
      (
        window as unknown as { reportPolicyViolation: (text: string) => void }
      ).reportPolicyViolation(
        `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      );
    });
  });
  context.on('weberror', (webError) => {
    const error = webError.error();
    note('uncaught error', error.stack ?? error.message);
  });
  context.on('console', (message) => {
    if (message.type() !== 'error') return;
    note('console error', `${message.text()} (${message.location().url})`);
  });
  context.on('page', (page: Page) => {
    page.on('crash', () => note('crash', page.url()));
  });
  return {
    allow: (pattern) => void allowed.push(pattern),
    found: () => troubles.filter((text) => !allowed.some((pattern) => pattern.test(text))),
  };
}
