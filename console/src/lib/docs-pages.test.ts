import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { docsPages } from './docs-pages.ts';

const docs = join(import.meta.dirname, '../../../docs');

/** The heading anchors, as VitePress derives them for ASCII text. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
  );

it.each(Object.entries(docsPages))('the page %s exists: %s', async (_name, address) => {
  const [, path = '', anchor] = /^\/docs\/([^#]*)(?:#(.+))?$/.exec(address) ?? [];
  const file = path === '' ? 'index.md' : path.replace(/\.html$/, '.md');
  const markdown = await readFile(join(docs, file), 'utf8');
  if (anchor !== undefined) expect(anchorsOf(markdown)).toContain(anchor);
});
