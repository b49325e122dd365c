import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from './process.ts';

/** A fenced block of a page, with the comment `<!-- example: … -->` above it, if there is one. */
export interface Example {
  /** `schema`, `query`, `mutation`, `answer`; empty without a comment. */
  readonly kind: string;
  readonly language: string;
  readonly text: string;
  /** The code of the error that the comment below announces: `<!-- example: error CODE -->`. */
  readonly error: string | null;
}

/** @param page `guide/write` */
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

/** The cells of a table's rows below a heading, without the head. Backticks and marks are removed. */
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
