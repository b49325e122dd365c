import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Gives text a colour, or leaves it as it is where nobody sees colours. */
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
