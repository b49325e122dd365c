export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Orders the renames in one namespace so that each new name is free when it is needed. In a cycle, such as a swap, one
 * object is first renamed to a temporary name.
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
      // Other names in a project's schema do not start with a colon.
      const aside = `:aside:${ordered.length}`;
      ordered.push({ from: first.from, to: aside });
      waiting = [...others, { from: aside, to: first.to }];
    }
  }
  return ordered;
}
