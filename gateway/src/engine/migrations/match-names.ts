interface Named {
  readonly name: string;
  readonly renamedFrom: string | null;
}

/**
 * Matches the types or fields of the next model with those of the current model.
 *
 * A pair matches if both names are equal, or if the next definition has `@rename(from:)` with the current name. A
 * rename is ignored if the current model already contains it (because an earlier plan performed it), if the old name
 * does not exist, or if another type or field keeps the new name.
 *
 * @returns a map from next names to current names
 */
export function matchNames(
  current: readonly Named[],
  next: readonly Named[],
): ReadonlyMap<string, string> {
  const existing = new Map(current.map((thing) => [thing.name, thing]));
  const renames = pendingRenames(existing, next);
  const taken = new Set(renames.values());
  const kept = next
    .filter(({ name }) => !renames.has(name) && existing.has(name) && !taken.has(name))
    .map(({ name }) => [name, name] as const);
  return new Map([...renames, ...kept]);
}

function pendingRenames(
  existing: ReadonlyMap<string, Named>,
  next: readonly Named[],
): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const { name, renamedFrom } of next) {
    if (renamedFrom === null || !existing.has(renamedFrom)) continue;
    if (existing.get(name)?.renamedFrom === renamedFrom) continue;
    renames.set(name, renamedFrom);
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
