import { compareDecimals, parseDecimal } from '../../src/engine/sdl/decimal.ts';
import { ExactNumber } from '../../src/graphql/exact-number.ts';
import type { JsonValue } from '../../src/engine/sdl/model.ts';
import type { Cursors } from './cursors.ts';

/**
 * Returns the path of the first difference between two results, such as `issues.nodes.0.title`, or null. Keys must be
 * in the same order. Where the oracle has a cursor, any string is accepted and recorded.
 */
export function findDifference(
  theirs: JsonValue,
  ours: JsonValue,
  cursors: Cursors,
  path = 'data',
): string | null {
  if (cursors.isIssued(ours)) {
    if (typeof theirs !== 'string') return path;
    cursors.learn(theirs, ours);
    return null;
  }
  if (isLeaf(ours) || isLeaf(theirs)) {
    return isSame(theirs, ours) ? null : path;
  }
  if (Array.isArray(ours) !== Array.isArray(theirs)) return path;
  const [left, right] = [Object.entries(theirs), Object.entries(ours)] as const;
  if (left.length !== right.length) return path;
  for (const [at, [name, value]] of right.entries()) {
    const entry: readonly [string, JsonValue] | undefined = left[at];
    if (entry?.[0] !== name) return `${path}.${name}`;
    const difference = findDifference(entry[1], value, cursors, `${path}.${name}`);
    if (difference !== null) return difference;
  }
  return null;
}

function isLeaf(value: JsonValue): value is string | number | boolean | null | ExactNumber {
  return typeof value !== 'object' || value === null || value instanceof ExactNumber;
}

/** Returns whether two values are equal, apart from the last digits of floats and trailing zeros of decimals. */
function isSame(theirs: JsonValue, ours: JsonValue): boolean {
  if (theirs === ours) return true;
  if (theirs instanceof ExactNumber && ours instanceof ExactNumber) {
    return theirs.text === ours.text;
  }
  if (typeof theirs === 'number' && typeof ours === 'number') {
    return Math.abs(theirs - ours) <= 1e-12 * Math.abs(ours);
  }
  if (typeof theirs !== 'string' || typeof ours !== 'string') return false;
  const [left, right] = [parseDecimal(theirs), parseDecimal(ours)];
  return left !== null && right !== null && compareDecimals(left, right) === 0;
}
