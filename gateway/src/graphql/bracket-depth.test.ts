import { describe, expect, it } from 'vitest';

import { bracketDepth } from './bracket-depth.ts';

describe('the depth of brackets', () => {
  it.each([
    ['', 0],
    ['{ a { b } c(d: [1, { e: 2 }]) }', 4],
    ['{ a } { b }', 1],
    ['{ a } # {{{\n{ b { c } }', 2],
    ['{ a(b: "{{{ \\" {{{") { c } }', 2],
    ['{ a(b: """{{{ "" \\""" {{{""") { c } }', 2],
    ['{ a(b: "") { c } }', 2],
    ['"never closed {{{', 0],
    ['"closed by the line {\n{{', 2],
    ['"""never closed {{{', 0],
    ['}}}{', 0],
  ])('of %j is %i', (text, depth) => {
    expect(bracketDepth(text, 10)).toBe(depth);
  });

  it('is not determined beyond the limit', () => {
    expect(bracketDepth('{'.repeat(100_000), 10)).toBe(11);
    expect(bracketDepth(`${'{'.repeat(10)}${'}'.repeat(10)}`, 10)).toBe(10);
  });
});
