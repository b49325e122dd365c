import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Colors text, or returns it unchanged if colors are off. */
export type Paint = (style: Style, text: string) => string;

/** `validateStream: false` because the caller has already decided whether the stream gets colors. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

export const plain: Paint = (_style, text) => text;

export interface ColourTarget {
  readonly isTTY?: boolean | undefined;
}

/**
 * Chooses whether to use colors. A terminal gets colors unless `TERM` is `dumb` or `NO_COLOR` is set
 * (https://no-color.org). Other targets get colors only with `FORCE_COLOR`, which many pipelines set because their
 * logs show colors.
 */
export function paintFor(
  target: ColourTarget,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const isSet = (name: string) => (env[name] ?? '') !== '';
  if (isSet('NO_COLOR')) return plain;
  if (isSet('FORCE_COLOR')) return env['FORCE_COLOR'] === '0' ? plain : coloured;
  return target.isTTY === true && env['TERM'] !== 'dumb' ? coloured : plain;
}

/**
 * Replaces control characters except tabs with a visible character. Text from other sources, such as a project's
 * name, could otherwise control the terminal.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '�');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The characters as a reader sees them: grapheme clusters. */
export function charactersOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * The width of a string in a terminal, not counting color escape codes. Every character counts as one column, which is
 * correct for the names in a schema.
 */
const widthOf = (text: string): number => charactersOf(stripVTControlCharacters(text)).length;

/** Pads cells so that columns are aligned. The last column is not padded. */
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
