/** The models that a permission applies to. `ALL` includes models that are added later. */
export type Reach = 'ALL' | readonly string[];

/** A key's permissions, as the form presents them. */
export interface Grant {
  readonly read: Reach;
  readonly write: Reach;
  readonly schemaRead: boolean;
  readonly schemaApply: boolean;
}

/**
 * Converts a key's scopes to a grant.
 *
 * @example grantOf(['data.read:Issue', 'schema.read']) // { read: ['Issue'], write: [], schemaRead: true, … }
 */
export function grantOf(scopes: readonly string[]): Grant {
  const reach = (scope: string): Reach =>
    scopes.includes(scope)
      ? 'ALL'
      : scopes.filter((text) => text.startsWith(`${scope}:`)).map(modelOf);
  return {
    read: reach('data.read'),
    write: reach('data.write'),
    schemaRead: scopes.includes('schema.read'),
    schemaApply: scopes.includes('schema.apply'),
  };
}

export function scopesOf({ read, write, schemaRead, schemaApply }: Grant): string[] {
  const data = (scope: string, reach: Reach): readonly string[] =>
    reach === 'ALL' ? [scope] : reach.map((model) => `${scope}:${model}`);
  return [
    ...data('data.read', read),
    ...data('data.write', write),
    ...(schemaRead ? ['schema.read'] : []),
    ...(schemaApply ? ['schema.apply'] : []),
  ];
}

const modelOf = (scope: string): string => scope.slice(scope.indexOf(':') + 1);

export const reaches = (reach: Reach, model: string): boolean =>
  reach === 'ALL' || reach.includes(model);

/** Adds or removes one model. Removing a model from `ALL` results in a list of the other `models`. */
export function withModel(
  reach: Reach,
  model: string,
  isIn: boolean,
  models: readonly string[],
): Reach {
  const named = (reach === 'ALL' ? models : reach).filter((name) => name !== model);
  return isIn ? [...named, model] : named;
}

/** The models that the scopes name, including models that are no longer in the schema. */
export const modelsNamed = (scopes: readonly string[]): readonly string[] =>
  Array.from(new Set(scopes.filter((scope) => scope.includes(':')).map(modelOf)));

export const presets = {
  READ: ['data.read'],
  FULL: ['data.read', 'data.write'],
  CI: ['schema.read', 'schema.apply'],
} as const;

export type Preset = keyof typeof presets;

/** The preset with exactly these scopes, in any order; null if there is none. */
export function presetOf(scopes: readonly string[]): Preset | null {
  const sorted = (list: readonly string[]) => [...list].sort().join(' ');
  // The keys of a const object are exactly its presets.
  const names = Object.keys(presets) as Preset[];
  return names.find((name) => sorted(presets[name]) === sorted(scopes)) ?? null;
}
