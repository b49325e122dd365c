/** A set of characters: inclusive ranges of code points, sorted and not adjacent. */
export type CodePoints = readonly (readonly [from: number, to: number])[];

const last = 0x10ffff;
export const everything: CodePoints = [[0, last]];

export function codePoints(ranges: CodePoints): CodePoints {
  const merged: [number, number][] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1);
    if (before !== undefined && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function complement(set: CodePoints): CodePoints {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [from, to] of set) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= last) gaps.push([next, last]);
  return gaps;
}

/** The union of two sets, with adjacent ranges joined; null if a character is in both. Takes linear time. */
export function disjointUnion(a: CodePoints, b: CodePoints): CodePoints | null {
  const joined: [number, number][] = [];
  let [atA, atB] = [0, 0];
  for (;;) {
    const [nextA, nextB] = [a[atA], b[atB]];
    const isA = nextB === undefined || (nextA !== undefined && nextA[0] < nextB[0]);
    const next = isA ? nextA : nextB;
    if (next === undefined) return joined;
    if (isA) atA += 1;
    else atB += 1;
    const [from, to] = next;
    const before = joined.at(-1);
    if (before === undefined || from > before[1] + 1) joined.push([from, to]);
    else if (from <= before[1]) return null;
    else before[1] = to;
  }
}
