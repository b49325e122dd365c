export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Orders renames within one namespace so that each target is free when its turn comes. In a circle, such
 * as a swap, one thing first steps aside to a name of its own.
 */
export function orderRenames(renames: readonly Rename[]): readonly Rename[] {
  const ordered: Rename[] = [];
  let waiting = renames.filter(({ from, to }) => from !== to);
  while (waiting.length > 0) {
    const occupied = new Set(waiting.map(({ from }) => from));
    const free = waiting.filter(({ to }) => !occupied.has(to));
    const [first, ...others] = waiting;
    if (free.length > 0) {
      ordered.push(...free);
      waiting = waiting.filter((rename) => !free.includes(rename));
    } else if (first !== undefined) {
      // No name of ours starts with a colon.
      const aside = `:aside:${ordered.length}`;
      ordered.push({ from: first.from, to: aside });
      waiting = [...others, { from: aside, to: first.to }];
    }
  }
  return ordered;
}
