import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('styles.css', import.meta.url), 'utf8');

/** The color tokens that a CSS rule defines: `ink` and its value. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const start = css.indexOf(`${selector} {`);
  const rule = css.slice(start, css.indexOf('}', start));
  return new Map(
    Array.from(rule.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g), ([, name = '', value = '']) => [
      name,
      value,
    ]),
  );
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['paper', 'surface', 'sunken'];
const tones = ['accent', 'danger', 'warning', 'success', 'info'];
const texts = [
  ...['ink', 'quiet', ...tones, 'accent-strong', 'danger-strong'].flatMap((text) =>
    grounds.map((ground) => [text, ground]),
  ),
  ...tones.flatMap((tone) => [tone, 'ink', 'quiet'].map((text) => [text, `${tone}-soft`])),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-strong'],
  ['paper', 'ink'],
];
/** Borders and focus outlines of controls. */
const marks = ['line-strong', 'accent', 'danger'].flatMap((mark) =>
  grounds.map((ground) => [mark, ground]),
);

describe.each([':root', "[data-theme='dark']"])('the colors in %s', (selector) => {
  const tokens = tokensOf(selector);
  const between = ([one = '', other = '']: readonly string[]) =>
    contrast(tokens.get(one) ?? '', tokens.get(other) ?? '');

  it.each(texts)('%s text has a contrast of at least 4.5:1 on %s', (...pair) => {
    expect(between(pair)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(marks)('%s has a contrast of at least 3:1 on %s', (...pair) => {
    expect(between(pair)).toBeGreaterThanOrEqual(3);
  });
});
