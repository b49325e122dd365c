import { expect } from 'vitest';

export type Saved = Readonly<Record<string, unknown>>;

/** The descriptions that can stand for a value in a case. Each one is an object with a single member. */
const descriptions: Readonly<Record<string, (operand: unknown, saved: Saved) => unknown>> = {
  // `{ "$repeat": ["a", 1000] }`: a long text, or a long list if the first item is a list.
  $repeat(operand, saved) {
    const [of, times] = pair(operand, saved);
    if (typeof of === 'string') return of.repeat(Number(times));
    if (Array.isArray(of))
      return Array.from({ length: Number(times) }, () => of as unknown[]).flat();
    throw new Error('$repeat takes a text or a list.');
  },
  // `{ "$list": [{ "name": "row {index}" }, 3] }`: a list of values that differ by their index.
  $list(operand, saved) {
    const [of, length] = pair(operand, saved);
    return Array.from({ length: Number(length) }, (_, index) => withIndex(of, index));
  },
  // `{ "$join": ["{ a(first: ", { "$saved": "n" }, ") }"] }`: a text in parts.
  $join: (operand, saved) => listOf(expand(operand, saved)).map(String).join(''),
  // `{ "$json": … }`: the value of a JSON text.
  $json: (operand, saved): unknown => JSON.parse(String(expand(operand, saved))),
  // `{ "$saved": "cursor" }`: a value that an earlier step saved.
  $saved(operand, saved) {
    const name = String(operand);
    if (!Object.hasOwn(saved, name)) throw new Error(`No step has saved "${name}".`);
    return saved[name];
  },
  // Only in expected values. `{ "$match": "^a" }`: a text that matches.
  $match: (operand) => expect.stringMatching(new RegExp(String(operand))) as unknown,
  // Only in expected values. `{ "$any": true }`: any value except null.
  $any: () => expect.anything() as unknown,
  // Only in expected values. `{ "$includes": [ … ] }`: a list that contains these items.
  $includes: (operand, saved) => expect.arrayContaining(listOf(expand(operand, saved))) as unknown,
};

/** Returns the value with all descriptions replaced. */
export function expand(value: unknown, saved: Saved): unknown {
  if (Array.isArray(value)) return value.map((each) => expand(each, saved));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1) {
    const description = descriptions[first[0]];
    if (description !== undefined) return description(first[1], saved);
  }
  return Object.fromEntries(entries.map(([name, each]) => [name, expand(each, saved)]));
}

function withIndex(value: unknown, index: number): unknown {
  if (typeof value === 'string') return value.replaceAll('{index}', String(index));
  if (Array.isArray(value)) return value.map((each) => withIndex(each, index));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, withIndex(each, index)]),
  );
}

function pair(operand: unknown, saved: Saved): readonly [unknown, unknown] {
  const [first, second] = listOf(expand(operand, saved));
  return [first, second];
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('A list is expected.');
  return value;
}
