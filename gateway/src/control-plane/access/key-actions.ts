import { keyScopes, parseKeyScope, type KeyScope } from '../../data-plane/callers/key-scopes.ts';
import type { Action } from './actions.ts';

/** The scopes of which a key needs one to take an action on its own project. No key may take other actions. */
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
