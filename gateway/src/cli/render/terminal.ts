import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Colors text, or returns it unchanged where colors are off. */
export type Paint = (style: Style, text: string) => string;

/** Whether to colour was decided by the caller, so Node need not look at the streams again. */
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

export const plain: Paint = (_style, text) => text;

export interface ColourTarget {
  readonly isTTY?: boolean | undefined;
}

/**
 * A terminal gets colours, unless it is a dumb one or `NO_COLOR` is set (https://no-color.org); anything else
 * only with `FORCE_COLOR`, which many pipelines set because their logs show colours.
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
 * Text from elsewhere (a project's name, a message that quotes somebody) in which nothing commands the
 * terminal: each control character becomes a visible stand-in. A tab may stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\t]/gu, '�');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a reader takes for one character each, whatever it is made of. */
export function charactersOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** How wide text stands in a terminal, as far as the names of a schema go: colours take no place. */
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
