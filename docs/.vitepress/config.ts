import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type DefaultTheme } from 'vitepress';

const root = join(import.meta.dirname, '..');

/** The first heading of a page. */
function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? file;
}

function pages(folder: string, names: readonly string[]): DefaultTheme.SidebarItem[] {
  return names.map((name) => ({
    text: titleOf(`${folder}/${name}.md`),
    link: `/${folder}/${name}`,
  }));
}

const decisions = readdirSync(join(root, 'decisions'))
  .filter((name) => /^\d{4}-.*\.md$/.test(name))
  .sort()
  .map((name) => name.replace('.md', ''));

const sidebar: DefaultTheme.SidebarItem[] = [
  {
    text: 'Guide',
    items: pages('guide', [
      'start',
      'model-your-data',
      'query',
      'write',
      'let-users-in',
      'use-the-api',
      'migrate',
      'keys',
      'console',
      'deploy',
      'back-up',
      'upgrade',
      'troubleshoot',
    ]),
  },
  {
    text: 'Reference',
    items: pages('reference', [
      'schema-language',
      'generated-api',
      'management-api',
      'errors',
      'configuration',
      'cli',
      'http',
      'postgresql',
    ]),
  },
  {
    text: 'Internals',
    collapsed: true,
    items: pages('internals', [
      'architecture',
      'walks',
      'access-rules',
      'glossary',
      'performance',
      'testing',
      'releasing',
    ]),
  },
  { text: 'Decisions', collapsed: true, items: pages('decisions', decisions) },
];

/** Inline scripts by the name of the file that replaces each. */
const scripts = new Map<string, string>();

/** The gateway's content security policy allows no inline scripts, so each becomes a file. */
function withoutInlineScripts(html: string): string {
  return html.replace(/<script(?: id="[^"]*")?>([^]*?)<\/script>/g, (_whole, text: string) => {
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
    const name = `inline.${hash}.js`;
    scripts.set(name, text);
    return `<script src="/docs/assets/${name}"></script>`;
  });
}

/** The documentation as a site. The gateway serves the build at `/docs/`. */
export default defineConfig({
  title: 'Tessera',
  description: 'A self-hosted, multi-tenant backend as a service',
  base: '/docs/',
  outDir: join(root, '../dist/docs'),
  cacheDir: join(root, '../.cache/docs'),
  cleanUrls: false,
  lastUpdated: false,
  ignoreDeadLinks: 'localhostLinks',
  transformHtml: withoutInlineScripts,
  buildEnd({ outDir }) {
    mkdirSync(join(outDir, 'assets'), { recursive: true });
    for (const [name, text] of scripts) writeFileSync(join(outDir, 'assets', name), text);
  },
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    nav: [
      { text: 'Guide', link: '/guide/start' },
      { text: 'Reference', link: '/reference/schema-language' },
    ],
  },
});
