import { expect, it } from 'vitest';

import { commentsIn, testNamesIn, textsIn } from './texts.mjs';

const source = `
import { a } from 'a module with spaces';
// A comment on
// two lines.
/** Returns the page. */
export function Page({ count }: { count: number }) {
  const titleClass = 'flex items-center gap-2';
  const query = sql\`SELECT one FROM two\`;
  if (count < 0) throw new Error('The count ' + count + ' is too small.');
  return (
    <main className="grid gap-4" aria-label="Rows">
      Shows <b>{count}</b> rows. {count === 1 ? 'There is one row.' : null}
      <Button title="Delete" onClick={() => run('SELECT 1 FROM t')} />
    </main>
  );
}
`;

const texts = (found: readonly { text: string }[]) => found.map(({ text }) => text);

it('finds the strings that users see, and no code', () => {
  expect(texts(textsIn('page.tsx', source))).toEqual([
    'The count {…} is too small.',
    'Shows <{…}> rows. {…}',
    'Rows',
    'There is one row.',
    'Delete',
  ]);
});

it('finds comments with their lines, and joins consecutive line comments', () => {
  expect(commentsIn('page.tsx', source)).toMatchObject([
    { line: 3, text: 'A comment on\ntwo lines.' },
    { line: 5, text: 'Returns the page.' },
  ]);
});

it('finds the names of tests', () => {
  const tests = `describe('a page', () => { it.each([1])('has %i rows', () => {}); });`;
  expect(texts(testNamesIn('page.test.ts', tests))).toEqual(['a page', 'has %i rows']);
});
