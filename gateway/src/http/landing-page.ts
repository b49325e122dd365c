import { html, RawHtml } from './html.ts';
import { contentSecurityPolicy, sourceHash } from './security-headers.ts';
import { createAssetSender, type SendAsset } from './static-assets.ts';

const style = `
  :root { color-scheme: light dark; --accent: #0d7a6f; --line: #8884; --soft: #8881; }
  @media (prefers-color-scheme: dark) { :root { --accent: #5fd4c4; } }
  body { font: 16px/1.6 system-ui, sans-serif; margin: 0; display: grid; min-height: 100vh;
    place-items: center; }
  main { max-width: 36rem; padding: 2rem 1.5rem; }
  h1 { font-size: 2rem; margin: 0; letter-spacing: -0.02em; }
  .mark { display: grid; grid-template-columns: repeat(2, 0.9rem); gap: 0.2rem; margin-bottom: 1.25rem; }
  .mark i { height: 0.9rem; border-radius: 0.2rem; background: var(--accent); }
  .mark i:nth-child(2) { opacity: 0.55; } .mark i:nth-child(3) { opacity: 0.3; }
  .mark i:nth-child(4) { opacity: 0.75; }
  ul { list-style: none; padding: 0; margin: 1.5rem 0; border-top: 1px solid var(--line); }
  li { border-bottom: 1px solid var(--line); padding: 0.75rem 0; }
  a { color: var(--accent); font-weight: 600; }
  small { display: block; opacity: 0.75; font-size: 0.875rem; }
  pre { background: var(--soft); border-radius: 0.5rem; padding: 1rem; overflow: auto; font-size: 0.875rem; }
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
        <style>
          ${new RawHtml(style)}
        </style>
      </head>
      <body>
        <main>
          <div class="mark" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
          <h1>Tessera</h1>
          <p>
            A self-hosted backend as a service: organizations, projects and API keys, over
            PostgreSQL, through one GraphQL API. This server is running.
          </p>
          <ul>
            <li>
              <a href="/graphql">GraphiQL</a
              ><small>Try the management API and read its documentation.</small>
            </li>
            <li><a href="/readyz">Readiness</a><small>Whether the database answers.</small></li>
          </ul>
          <p>A first call:</p>
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
