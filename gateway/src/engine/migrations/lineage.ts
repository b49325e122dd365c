import type { Model } from '../sdl/model.ts';

/** A name of a type or field, with the number of the first version that used it. 0 stands for the first known version. */
export interface NameEntry {
  readonly name: string;
  readonly since: number;
  /** Set if another type or field has had this name since then. */
  readonly reused?: true | undefined;
}

/** The names of one type or field, oldest first. The last one is the current name. */
export type Names = readonly NameEntry[];

/**
 * The names that the types and fields of a version have had, as plain JSON. A field that is not listed has had one name
 * since its type was created.
 */
export interface Lineage {
  readonly types: readonly { readonly names: Names; readonly fields: readonly Names[] }[];
  /** The enum values that have had another name. */
  readonly enums?: readonly EnumLineage[] | undefined;
}

interface EnumLineage {
  readonly name: string;
  readonly values: readonly Names[];
}

/** What a plan knows about earlier versions. */
export interface MigrationHistory {
  /** Null if the names in earlier versions are unknown. */
  readonly lineage: Lineage | null;
  /** The number of the earlier version whose SDL is applied again. Null if it is a new SDL. */
  readonly restored: number | null;
}

export const noHistory: MigrationHistory = { lineage: null, restored: null };

/** The history of the types of a model, or of the fields of a type. */
export interface NameHistory {
  readonly isRestored: boolean;
  /** Returns the name in the version that is restored. Null if no version is restored, or if it did not exist then. */
  restoredName(current: string): string | null;
  /** Returns the former names that nothing else has had since, with the version in which each was given up. */
  formerNames(current: string): readonly { readonly name: string; readonly until: number }[];
}

export interface ModelHistory {
  readonly types: NameHistory;
  /** @param type the current name of a type */
  fieldsOf(type: string): NameHistory;
  /** @param name the name of an enum */
  valuesOf(name: string): NameHistory;
}

export function createModelHistory({ lineage, restored }: MigrationHistory): ModelHistory {
  const types = new Map(lineage?.types.map((type) => [currentName(type.names), type]));
  return {
    types: nameHistory((name) => types.get(name)?.names ?? [{ name, since: 0 }], restored),
    fieldsOf: (type) => {
      const found = types.get(type);
      const fields = new Map(found?.fields.map((names) => [currentName(names), names]));
      const since = found?.names[0]?.since ?? 0;
      return nameHistory((name) => fields.get(name) ?? [{ name, since }], restored);
    },
    valuesOf: (enumName) => {
      const values = knownValues(lineage, enumName);
      return nameHistory((name) => values.get(name) ?? [{ name, since: 0 }], restored);
    },
  };
}

/** The names of the values of an enum that have had another name, by their current names. */
function knownValues(lineage: Lineage | null, enumName: string): ReadonlyMap<string, Names> {
  const found = lineage?.enums?.find(({ name }) => name === enumName);
  return new Map(found?.values.map((names) => [currentName(names), names]));
}

function nameHistory(namesOf: (current: string) => Names, restored: number | null): NameHistory {
  return {
    isRestored: restored !== null,
    restoredName: (current) =>
      restored === null
        ? null
        : (namesOf(current).findLast(({ since }) => since <= restored)?.name ?? null),
    formerNames: (current) =>
      namesOf(current).flatMap(({ name, reused }, index, all) => {
        const until = all[index + 1]?.since;
        return until === undefined || reused === true || name === current ? [] : [{ name, until }];
      }),
  };
}

/** Maps the names of the next model to current names, for types and fields whose rows and values are kept. */
export interface KeptNames {
  readonly types: ReadonlyMap<string, string>;
  /** Maps `Type.field` in the next model to the field's current name. */
  readonly fields: ReadonlyMap<string, string>;
  /** Maps `Enum.value` in the next model to the value's current name. */
  readonly values: ReadonlyMap<string, string>;
}

/** More former names than this are forgotten, oldest first. */
const maxNames = 20;

/** Returns the lineage of the next model after the plan is applied as `version`. */
export function nextLineage(
  lineage: Lineage | null,
  next: Model,
  { kept, version }: { readonly kept: KeptNames; readonly version: number },
): Lineage {
  const known = new Map(lineage?.types.map((type) => [currentName(type.names), type]));
  const types = next.types.map((type) => {
    const before = kept.types.get(type.name);
    const found = known.get(before ?? '');
    const names = continued(before, type.name, found?.names, { first: 0, version });
    const first = names[0]?.since ?? version;
    const fields = new Map(found?.fields.map((field) => [currentName(field), field]));
    return {
      names,
      fields: type.fields.map(({ name }) => {
        const old = kept.fields.get(`${type.name}.${name}`);
        return continued(old, name, fields.get(old ?? ''), { first, version });
      }),
    };
  });
  const enums = next.enums.flatMap(({ name, values }): readonly EnumLineage[] => {
    const before = knownValues(lineage, name);
    const all = values.map(({ name: value }) => {
      const old = kept.values.get(`${name}.${value}`);
      return continued(old, value, before.get(old ?? ''), { first: 0, version });
    });
    const renamed = markReused(all).filter((names) => names.length > 1);
    return renamed.length === 0 ? [] : [{ name, values: renamed }];
  });
  const marked = markReused(types.map(({ names }) => names));
  return {
    ...(enums.length > 0 && { enums }),
    types: types.map(({ fields }, index) => {
      const names = marked[index] ?? [];
      const first = names[0]?.since ?? 0;
      const isPlain = (field: Names) => field.length === 1 && field[0]?.since === first;
      return { names, fields: markReused(fields).filter((field) => !isPlain(field)) };
    }),
  };
}

function continued(
  before: string | undefined,
  name: string,
  known: Names | undefined,
  { first, version }: { readonly first: number; readonly version: number },
): Names {
  if (before === undefined) return [{ name, since: version }];
  const names = known ?? [{ name: before, since: first }];
  return before === name ? names : [...names, { name, since: version }].slice(-maxNames);
}

/** Marks the former names that are the current name of another type or field. */
function markReused(all: readonly Names[]): readonly Names[] {
  const taken = new Map(all.map((names) => [currentName(names), names]));
  return all.map((names) =>
    names.map((entry) => {
      const holder = taken.get(entry.name);
      return holder === undefined || holder === names ? entry : { ...entry, reused: true as const };
    }),
  );
}

function currentName(names: Names): string {
  return names.at(-1)?.name ?? '';
}
