import { keyScopes, parseKeyScope, type KeyScope } from '../../data-plane/callers/key-scopes.ts';
import type { Action } from './actions.ts';

/**
 * The scopes that allow a key to perform an action on its own project. One of them is enough. Actions that are not
 * listed are never allowed.
 */
const scopesForAction: Partial<Record<Action, readonly KeyScope[]>> = {
  'project:read': keyScopes,
  'schema:read': ['schema.read', 'schema.apply'],
  'schema:plan': ['schema.read', 'schema.apply'],
  'schema:apply': ['schema.apply'],
};

/** Reports whether these scopes allow a key to perform `action` on its own project. */
export function keyMay(scopes: readonly string[], action: Action): boolean {
  const needed = scopesForAction[action] ?? [];
  return scopes.some((text) => {
    const parsed = parseKeyScope(text);
    return parsed !== null && needed.includes(parsed.scope);
  });
}
