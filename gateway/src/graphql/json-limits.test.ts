import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { exceededLimit, JsonMeter, type JsonLimits } from './json-limits.ts';

const limits: JsonLimits = { depth: 3, members: 4, values: 12 };
const exceeded = (text: string) => exceededLimit(Buffer.from(text), limits);

describe('JSON text', () => {
  it.each([
    ['is nested as deeply as allowed', '[[[1]]]', null],
    ['is nested too deeply', '[[[[1]]]]', 'depth'],
    ['mixes objects and lists', '{"a":[{"b":[1]}]}', 'depth'],
    ['has as many members as allowed', '{"a":1,"b":2,"c":3,"d":4}', null],
    ['has too many members', '{"a":1,"b":2,"c":3,"d":4,"e":5}', 'members'],
    [
      'has as many members as allowed in each object',
      '[{"a":1,"b":2,"c":3,"d":4},{"a":1,"b":2}]',
      null,
    ],
    ['has a list that is longer than an object can be', '[1,2,3,4,5,6]', null],
    ['has too many values', '[1,2,3,4,5,6,7,8,9,10,11,12,13]', 'values'],
    ['has brackets and commas in strings', '["[[[[,,,,,,,,,,,,,,,,", "{{{{"]', null],
    ['has escaped quotes', String.raw`["\"[[[[\"", "\\", [[1]]]`, null],
    ['has a backslash at the end of a string', String.raw`["\\", [[[1]]]]`, 'depth'],
    ['ends in a string', '["[[[[', null],
    ['closes more than it opens', ']]]]]]]][[[1]]]', null],
  ] as const)('that %s', (_case, text, limit) => {
    expect(exceeded(text)).toBe(limit);
  });

  it('has the same depth as its parsed value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 7 }), (value, depth) => {
        const wide = { depth, members: 1_000_000, values: 1_000_000 };
        const isDeeper = exceededLimit(Buffer.from(JSON.stringify(value)), wide) === 'depth';
        expect(isDeeper).toBe(depthOf(value) > depth);
      }),
    );
  });
});

describe('a meter', () => {
  it('finds the same in chunks as in the whole text', () => {
    const character = fc.constantFrom('[', ']', '{', '}', ',', '"', '\\', 'a');
    const chunks = fc.array(fc.string({ unit: character, minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(chunks, (texts) => {
        const meter = new JsonMeter(limits);
        const found = texts.map((text) => meter.scan(Buffer.from(text)));
        expect(found.find((limit) => limit !== null) ?? null).toBe(exceeded(texts.join('')));
      }),
      { numRuns: 5_000 },
    );
  });
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}
