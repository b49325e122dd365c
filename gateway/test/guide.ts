import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from './process.ts';

/** A fenced code block on a page. A comment `<!-- example: … -->` above it is optional. */
export interface Example {
  /** `schema`, `query`, `mutation` or `answer`. Empty if there is no comment. */
  readonly kind: string;
  readonly language: string;
  readonly text: string;
  /** The error code from the comment below the block: `<!-- example: error CODE -->`. */
  readonly error: string | null;
}

/**
 * Reads the Markdown source of a documentation page.
 * @param page path without extension, such as `guide/write`
 */
export function readPage(page: string): string {
  return readFileSync(join(projectRoot, 'docs', `${page}.md`), 'utf8');
}

export function examplesOf(page: string): readonly Example[] {
  const fence =
    /(?:<!-- example: (\w+) -->\n\n)?^```(\w+)\n([^]*?)^```$(?:\n\n<!-- example: error (\w+) -->)?/gm;
  return [...readPage(page).matchAll(fence)].map(
    ([, kind = '', language = '', text = '', error = null]) => ({ kind, language, text, error }),
  );
}

/** Returns the cells of the table rows below a heading, without the header row. */
export function tableBelow(page: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readPage(page).split(`## ${heading}\n`, 2);
  const [own = ''] = section.split(/^## /m, 1);
  return own
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
