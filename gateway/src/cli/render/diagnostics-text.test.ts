import { expect, it } from 'vitest';
import type { Diagnostic } from '../gateway/schema-api.ts';
import { diagnosticsText } from './diagnostics-text.ts';
import { coloured, plain } from './terminal.ts';

const at = (line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'UNKNOWN_TYPE',
  message: 'There is no type "Foo".',
  line,
  column,
  hint: 'Declare it.',
  ...more,
});

const text = (sdl: string, ...diagnostics: Diagnostic[]) =>
  diagnosticsText({ name: 'schema.graphql', sdl }, diagnostics, plain);

/** The text of the source line, starting at the caret's column. */
function markedBy(output: string): string {
  const lines = output.split('\n');
  const caret = lines.findIndex((line) => line.endsWith('^'));
  const column = (lines[caret]?.length ?? 0) - 1;
  return lines[caret - 1]?.slice(column) ?? '';
}

it('prints diagnostics in the format of a compiler', () => {
  const sdl = 'type A @model {\n  id: ID! @id\n  foo: Foo!\n}\n';
  expect(text(sdl, at(3, 8), at(1, 6, { code: 'OTHER', message: 'No.', hint: null }))).toBe(
    `schema.graphql:3:8 error UNKNOWN_TYPE There is no type "Foo".
    3 |   foo: Foo!
      |        ^
      = Declare it.

schema.graphql:1:6 error OTHER No.
    1 | type A @model {
      |      ^

2 errors in schema.graphql. Nothing was changed.
`,
  );
});

it.each([
  ['\r\n', 'a\r\n  b'],
  ['\r', 'a\r  b'],
  ['\n', 'a\n  b'],
])('counts lines that end in %j', (_end, sdl) => {
  expect(text(sdl, at(2, 3))).toContain('    2 |   b\n      |   ^\n');
});

it('keeps tabs so that the caret is below the right character', () => {
  expect(text('\tfoo: Foo', at(1, 7))).toContain('|\u0020\tfoo: Foo\n      | \t     ^\n');
});

it('counts a character that consists of several UTF-16 code units as one column', () => {
  const sdl = '"👩‍🚀 é" Foo';
  const [, source = '', caret = ''] = text(sdl, at(1, sdl.indexOf('Foo') + 1)).split('\n');
  const characters = Array.from(new Intl.Segmenter().segment(source), ({ segment }) => segment);
  expect(characters.slice(caret.length - 1).join('')).toBe('Foo');
});

it('shows only part of a very long line', () => {
  const sdl = `${'x'.repeat(5_000)}Foo${'y'.repeat(5_000)}`;
  const output = text(sdl, at(1, 5_001));
  expect(Math.max(...output.split('\n').map((line) => line.length))).toBeLessThan(140);
  expect(markedBy(output)).toMatch(/^Fooy+…$/);
});

it('prints no excerpt for a line that does not exist', () => {
  expect(text('', at(7, 1))).not.toContain('|');
  expect(text('a', at(1, 99))).toContain('      |  ^\n');
});

it('replaces control characters, which could control the terminal', () => {
  const output = text(
    'a \u001b[2J Foo',
    at(1, 8, { message: '\u001b]0;x\u0007', hint: '\u009b1m' }),
  );
  expect(output.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(output).toContain('�');
});

it('prints colors if they are enabled', () => {
  const output = diagnosticsText({ name: 'x', sdl: 'a' }, [at(1, 1)], coloured);
  expect(output).toContain('\u001b[31merror\u001b[39m');
});
