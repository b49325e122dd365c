import { stripVTControlCharacters } from 'node:util';
import { charactersOf } from './characters.ts';

/** How wide text stands in a terminal, as far as the names of a schema go: colours take no place. */
const widthOf = (text: string): number => charactersOf(stripVTControlCharacters(text)).length;

/** Pads cells so that each column stands under itself. The last column is not padded. */
export function inColumns(
  rows: readonly (readonly string[])[],
  alignment: readonly ('left' | 'right')[],
): readonly string[] {
  const widths = alignment.map((_side, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
        return alignment[column] === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}
