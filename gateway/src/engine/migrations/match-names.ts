import type { NameHistory } from './lineage.ts';

interface Named {
  readonly name: string;
  readonly renamedFrom: string | null;
  /** Another name that `@rename(from:)` can use: the name of a relation's foreign key. */
  readonly alias?: string | null;
  /** The name in the database. Names that differ only in case share it. */
  readonly stored?: string;
}

/**
 * Matches the types or fields of the next model with those of the current model. The first of these rules that applies
 * to a pair matches it:
 *
 * 1. In the version that is restored, the current one had the next name.
 * 2. The next definition has `@rename(from:)` with the current name.
 * 3. Both names are equal.
 * 4. No version is restored, and the current one had the next name most recently. This inverts a rename.
 * 5. Both have the same name in the database.
 *
 * A rename is ignored if it was performed before, if the old name does not exist, or if another type or field keeps the
 * new name.
 *
 * @param history omitted to match as earlier versions of Tessera did, only by rules 2 and 3
 * @returns a map from next names to current names
 */
export function matchNames(
  current: readonly Named[],
  next: readonly Named[],
  history?: NameHistory,
): ReadonlyMap<string, string> {
  const match = new Map<string, string>();
  const claimed = new Set<string>();
  const claim = (name: string, from: string) => {
    if (match.has(name) || claimed.has(from)) return;
    match.set(name, from);
    claimed.add(from);
  };
  const rest = (things: readonly Named[], taken: { has(name: string): boolean }) =>
    things.filter(({ name }) => !taken.has(name));

  const wanted = new Set(next.map(({ name }) => name));
  for (const { name } of history === undefined ? [] : current) {
    const restored = history?.restoredName(name) ?? null;
    if (restored !== null && wanted.has(restored)) claim(restored, name);
  }
  const existing = new Map(rest(current, claimed).map((thing) => [thing.name, thing]));
  for (const [name, from] of pendingRenames(existing, rest(next, match), history))
    claim(name, from);
  for (const { name } of rest(next, match)) if (existing.has(name)) claim(name, name);
  if (history === undefined) return match;

  // What had the name in the version that is restored was matched by rule 1, or was dropped since.
  const inverses = history.isRestored ? [] : inverseRenames(rest(current, claimed), history);
  for (const { name, from } of inverses) if (wanted.has(name)) claim(name, from);
  const stored = new Map(rest(current, claimed).map((thing) => [thing.stored, thing.name]));
  for (const thing of rest(next, match)) {
    const from = thing.stored === undefined ? undefined : stored.get(thing.stored);
    if (from !== undefined) claim(thing.name, from);
  }
  return match;
}

function pendingRenames(
  existing: ReadonlyMap<string, Named>,
  next: readonly Named[],
  history: NameHistory | undefined,
): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const { name, renamedFrom } of next) {
    const from = origin(renamedFrom, existing);
    if (from === null || from === name) continue;
    if (isDone(existing.get(name), renamedFrom, history)) continue;
    renames.set(name, from);
  }
  // A new name is free if nothing uses it, or if the type or field that uses it is renamed. Ignoring a rename can make
  // the new name of another rename unavailable, so the loop repeats until nothing changes.
  for (let before = -1; before !== renames.size;) {
    before = renames.size;
    const leaving = new Set(renames.values());
    for (const name of [...renames.keys()]) {
      if (existing.has(name) && !leaving.has(name)) renames.delete(name);
    }
  }
  return renames;
}

/** Returns the current name that `@rename(from:)` refers to, or null. */
function origin(from: string | null, existing: ReadonlyMap<string, Named>): string | null {
  if (from === null || existing.has(from)) return from;
  return [...existing.values()].find(({ alias }) => alias === from)?.name ?? null;
}

/** Whether an earlier plan performed the rename. */
export function isDone(
  existing: Named | undefined,
  renamedFrom: string | null,
  history: NameHistory | undefined,
): boolean {
  if (existing === undefined) return false;
  if (existing.renamedFrom === renamedFrom) return true;
  const former = history?.formerNames(existing.name) ?? [];
  return former.some(({ name }) => name === renamedFrom);
}

/** Returns former names with their current names, beginning with the most recent ones. */
function inverseRenames(current: readonly Named[], history: NameHistory) {
  return current
    .flatMap(({ name: from }) =>
      history.formerNames(from).map(({ name, until }) => ({ name, from, until })),
    )
    .sort((a, b) => b.until - a.until);
}
