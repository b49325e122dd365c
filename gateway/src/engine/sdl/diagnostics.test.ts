import { describe, expect, it } from 'vitest';
import { problems } from './diagnostics.ts';
import { diagnosticCases as cases } from '../../../test/engine/diagnostic-cases.ts';
import { readSdl } from './read-sdl.ts';

describe('diagnostics', () => {
  it.each(cases)('%s: %s', (code, _, marked) => {
    const { text, places } = unmark(marked);
    const reading = readSdl(text);
    const diagnostics = reading.ok ? [] : reading.diagnostics;
    const found = diagnostics.filter((diagnostic) => diagnostic.code === code);
    if (places.length > 0) {
      expect(found.map(({ line, column }) => ({ line, column }))).toEqual(places);
    }
    expect(found.length).toBeGreaterThan(0);
    // A mistake must not cause diagnostics with other codes.
    if (code !== 'TOO_MANY_DIAGNOSTICS') expect(diagnostics).toEqual(found);
    for (const { message, hint } of diagnostics) {
      expect(message).toMatch(/^\S.*[^\s]$/);
      expect(hint).toMatch(/^\S.*\.$/s);
      expect(message.length + hint.length).toBeLessThan(600);
    }
  });

  it('have at least one test case for each code, except codes that depend on the current schema', () => {
    const planned = ['BAD_KEY_CHANGE', 'USER_FIELD_IN_USE'];
    expect(new Set([...cases.map(([code]) => code), ...planned])).toEqual(
      new Set(Object.keys(problems)),
    );
  });

  it('are reported together, in the order in which they appear in the SDL', () => {
    const reading = readSdl(`
      scalar Money
      type Issue { title: Strng }
      type Board @model { id: ID! @id, issues: [Issue!]!, size: Int @default(value: "x") }
    `);
    expect(
      reading.ok ? [] : reading.diagnostics.map(({ code, line }) => `${line} ${code}`),
    ).toEqual([
      '2 UNSUPPORTED_DEFINITION',
      '3 NOT_A_MODEL',
      '3 MISSING_ID',
      '3 UNKNOWN_TYPE',
      '4 ONE_SIDED_RELATION',
      '4 BAD_DEFAULT',
    ]);
  });
});

/** Removes the marks. Lines and columns start at 1 and refer to the text without marks. */
function unmark(marked: string): {
  readonly text: string;
  readonly places: readonly { readonly line: number; readonly column: number }[];
} {
  const parts = marked.split('«');
  const places = parts.slice(1).map((_, index) => {
    const before = parts.slice(0, index + 1).join('');
    const lines = before.split('\n');
    return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  });
  return { text: parts.join(''), places };
}
