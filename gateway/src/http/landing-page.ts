import { html, RawHtml } from './html.ts';
import { contentSecurityPolicy, sourceHash } from './security-headers.ts';
import { createAssetSender, type SendAsset } from './static-assets.ts';

const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f7f7f4, #141615);
  --card: light-dark(#fff, #1c1f1e);
  --ink: light-dark(#1a2421, #e8ece9);
  --quiet: light-dark(#5c6863, #9aa7a1);
  --line: light-dark(#e2e5e0, #2c312f);
  --accent: light-dark(#0b6e62, #58d1bf);
}
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif;
}
main { width: min(36rem, 100vw - 3rem); padding: 3rem 0; }
.mark { display: grid; grid-template-columns: repeat(3, 1rem); gap: 0.25rem; margin-bottom: 1.5rem; }
.mark i { height: 1rem; border-radius: 0.2rem; background: var(--accent); }
.mark i:nth-child(2n) { opacity: 0.45; }
.mark i:nth-child(3n) { opacity: 0.2; }
h1 { margin: 0 0 0.5rem; font-size: 2.25rem; line-height: 1.2; letter-spacing: -0.03em; }
p { margin: 0 0 1.5rem; color: var(--quiet); }
nav { border: 1px solid var(--line); border-radius: 0.75rem; background: var(--card); overflow: hidden; }
nav a { display: block; padding: 0.9rem 1.25rem; color: inherit; text-decoration: none; }
nav a + a { border-top: 1px solid var(--line); }
nav a:hover, nav a:focus-visible { background: var(--paper); }
nav strong { display: block; color: var(--accent); font-weight: 600; }
nav span { color: var(--quiet); font-size: 0.9rem; }
h2 { margin: 2rem 0 0.5rem; font-size: 0.9rem; font-weight: 600; }
pre {
  margin: 0; padding: 1rem 1.25rem; overflow: auto; border: 1px solid var(--line);
  border-radius: 0.75rem; background: var(--card);
  font: 0.85rem/1.6 ui-monospace, Menlo, Consolas, monospace;
}
`;

/** What a browser finds at `/`: what this is, and where to go on. */
export function createLandingPage(publicUrl: URL): SendAsset {
  const firstCall = `curl ${publicUrl.origin}/graphql \\
  -H 'Content-Type: application/json' \\
  -d '{"query":"{ viewer { name } }"}'`;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tessera</title>
        <link rel="icon" href="data:," />
        ${new RawHtml(`<style>${style}</style>`)}
      </head>
      <body>
        <main>
          <div class="mark" aria-hidden="true"><i></i><i></i><i></i><i></i><i></i><i></i></div>
          <h1>Tessera</h1>
          <p>
            A self-hosted backend as a service: organizations, projects and API keys on PostgreSQL,
            through one GraphQL API. This server is running.
          </p>
          <nav>
            <a href="/graphql">
              <strong>GraphiQL</strong>
              <span>Try the management API in the browser, with its documentation.</span>
            </a>
            <a href="/readyz">
              <strong>Readiness</strong>
              <span>Whether this server and its database can work.</span>
            </a>
          </nav>
          <h2>A first call</h2>
          <pre><code>${firstCall}</code></pre>
        </main>
      </body>
    </html> `;
  return createAssetSender({
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from(page),
    isImmutable: false,
    headers: {
      'content-security-policy': contentSecurityPolicy({
        'style-src': [sourceHash(style)],
        'img-src': ['data:'],
      }),
    },
  });
}
