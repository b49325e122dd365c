import type { Action } from './actions.ts';

/**
 * What an API key may be given. The data scopes may be narrowed to one model: `data.read:Issue`.
 */
export const keyScopes = ['data.read', 'data.write', 'schema.read', 'schema.apply'] as const;
export type KeyScope = (typeof keyScopes)[number];

const modelName = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

export interface ParsedKeyScope {
  readonly scope: KeyScope;
  /** The one model that the scope is narrowed to, or null for all. */
  readonly model: string | null;
}

/** `data.read:Issue` → `{ scope: 'data.read', model: 'Issue' }`; null for anything that is no scope. */
export function parseKeyScope(text: string): ParsedKeyScope | null {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const model = colon < 0 ? null : text.slice(colon + 1);
  const scope = keyScopes.find((known) => known === name);
  if (scope === undefined) return null;
  if (model === null) return { scope, model };
  return scope.startsWith('data.') && modelName.test(model) ? { scope, model } : null;
}

/** The scopes of which a key needs one to take an action on its own project; anything else it may not. */
const scopesForAction: Partial<Record<Action, readonly KeyScope[]>> = {
  'project:read': keyScopes,
  'schema:read': ['schema.read', 'schema.apply'],
  'schema:plan': ['schema.read', 'schema.apply'],
  'schema:apply': ['schema.apply'],
};

/** May a key with these scopes take `action` on its own project? */
export function keyMay(scopes: readonly string[], action: Action): boolean {
  const needed = scopesForAction[action] ?? [];
  return scopes.some((text) => {
    const parsed = parseKeyScope(text);
    return parsed !== null && needed.includes(parsed.scope);
  });
}
