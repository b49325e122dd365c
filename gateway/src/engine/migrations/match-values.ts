import type { EnumType, Model } from '../sdl/model.ts';
import type { ModelHistory } from './lineage.ts';
import { matchNames } from './match-names.ts';

/** An enum value that has another name in the next model. */
export interface ValueRename {
  readonly from: string;
  readonly to: string;
}

interface Models {
  readonly current: Model;
  readonly next: Model;
}

/** Maps `Enum.value` in the next model to the current name of the value. Enums are matched by their names. */
export function matchValues(
  { current, next }: Models,
  history: ModelHistory | null,
): ReadonlyMap<string, string> {
  return new Map(
    next.enums.flatMap((type) => {
      const before = current.enums.find(({ name }) => name === type.name);
      if (before === undefined) return [];
      const matched = matchIn(before, type, history);
      return [...matched].map(([value, from]) => [`${type.name}.${value}`, from] as const);
    }),
  );
}

/** Returns the renames in a column whose type was the enum `before` and becomes the enum `after`. */
export function renamesBetween(
  { current, next }: Models,
  { before, after }: { readonly before: string; readonly after: string },
  history: ModelHistory | null,
): readonly ValueRename[] {
  const from = current.enums.find(({ name }) => name === before);
  const to = next.enums.find(({ name }) => name === after);
  if (from === undefined || to === undefined) return [];
  return [...matchIn(from, to, history)]
    .map(([value, old]) => ({ from: old, to: value }))
    .filter((rename) => rename.from !== rename.to);
}

function matchIn(before: EnumType, after: EnumType, history: ModelHistory | null) {
  return matchNames(
    valuesToMatch(before),
    valuesToMatch(after),
    history === null ? undefined : history.valuesOf(before.name),
  );
}

export function valuesToMatch({ values }: EnumType) {
  return values.map(({ name, renamedFrom }) => ({ name, renamedFrom }));
}
