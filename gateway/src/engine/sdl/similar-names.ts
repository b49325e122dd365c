import { snakeCase } from './names.ts';

/**
 * Whether two names differ in few letters, have half of their words in common, or one has all the words of the other:
 * `photoUrl` and `photoLink`, `url` and `photoUrl`. Words of one or two letters, such as `is`, are ignored.
 */
export function areSimilar(one: string, other: string): boolean {
  const [a, b] = [words(one), words(other)];
  const shared = a.filter((word) => word.length > 2 && b.includes(word)).length;
  if (
    shared > 0 &&
    (shared === Math.min(a.length, b.length) || shared * 2 >= Math.max(a.length, b.length))
  ) {
    return true;
  }
  return distance(one, other) <= Math.max(one.length, other.length) * 0.4;
}

/** The candidate that is the most similar to a name. Null if none is similar. */
export function closest(name: string, candidates: readonly string[]): string | null {
  const [best = null] = candidates
    .filter((each) => areSimilar(name, each))
    .sort((a, b) => distance(name, a) - distance(name, b));
  return best;
}

/** A hint for an unknown name. @param known is not empty */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const similar = closest(name, known);
  if (similar !== null) return `A similar name is \`${similar}\`.`;
  const listed = known.slice(0, 10).join(', ');
  return `${what}: ${listed}${known.length > 10 ? ', …' : ''}.`;
}

function words(name: string): readonly string[] {
  return snakeCase(name).split('_').filter(Boolean);
}

/** The number of letters to insert, delete or replace (Levenshtein), without regard to case and underscores. */
export function distance(one: string, other: string): number {
  const [a, b] = [words(one).join(''), words(other).join('')];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const last = row;
    row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
  }
  return row.at(-1) ?? 0;
}
