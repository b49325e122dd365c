import type { Model } from '../sdl/model.ts';

/** Which type and field of the next model continues which of the current one. */
export interface Match {
  /** Current name by next name. */
  readonly types: ReadonlyMap<string, string>;
  /** Current name by `Type.field` of the next model. */
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Things of the same name are the same, and `@rename(from:)` says so for others. A rename is followed
 * once: in the next plan, whose current model has it too, it means nothing; nor does it when there is
 * nothing of the old name, or already something of the new one that is not itself renamed away.
 *
 * A type whose id is another field than before is another type, since nothing that points to the old
 * rows could point to the new ones.
 */
export function matchModels(current: Model, next: Model): Match {
  const currentTypes = new Map(current.types.map((type) => [type.name, type]));
  const types = new Map<string, string>();
  const fields = new Map<string, string>();
  const byName = matchNames(current.types, next.types);
  for (const type of next.types) {
    const before = currentTypes.get(byName.get(type.name) ?? '');
    if (before === undefined) continue;
    const fieldsBefore = matchNames(before.fields, type.fields);
    if (fieldsBefore.get(type.idField) !== before.idField) continue;
    types.set(type.name, before.name);
    for (const [name, old] of fieldsBefore) fields.set(`${type.name}.${name}`, old);
  }
  return { types, fields };
}

interface Named {
  readonly name: string;
  readonly renamedFrom: string | null;
}

/** Current name by next name. */
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
