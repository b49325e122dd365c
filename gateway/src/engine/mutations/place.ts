import type { InputIssue } from '../errors.ts';

/** Where in a field's arguments a value stands. A chain, so that the way is written out for issues only. */
export interface Place {
  readonly key: string | number;
  readonly parent: Place | null;
}

export function at(parent: Place | null, key: string | number): Place {
  return { key, parent };
}

/** `['createIssue', 'data', 'labels', 'create', 0]` */
export function pathOf(place: Place): InputIssue['path'] {
  const path: (string | number)[] = [];
  for (let here: Place | null = place; here !== null; here = here.parent) path.unshift(here.key);
  return path;
}
