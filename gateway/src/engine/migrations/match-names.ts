interface Named {
  readonly name: string;
  readonly renamedFrom: string | null;
}

/**
 * Which thing of the next model continues which of the current one.
 *
 * Things with the same name are the same thing, and so is a thing with `@rename(from:)` and the one with that name.
 * A rename is followed once. It is ignored when the current model has it too (it was followed by an earlier
 * plan), when nothing has the old name, and when something else keeps the new name.
 *
 * @returns the current name by the next name
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
  // A name is free if nothing has it, or if what has it is renamed away. Dropping one rename can
  // occupy the name of another, so this goes on until nothing changes.
  for (let before = -1; before !== renames.size;) {
    before = renames.size;
    const leaving = new Set(renames.values());
    for (const name of [...renames.keys()]) {
      if (existing.has(name) && !leaving.has(name)) renames.delete(name);
    }
  }
  return renames;
}
