import { LRUCache } from 'lru-cache';

import type { ApiAccess, ModelSet } from '../../engine/runtime.ts';

/** The scopes of API keys. A data scope can be limited to one model: `data.read:Issue`. */
export const keyScopes = ['data.read', 'data.write', 'schema.read', 'schema.apply'] as const;
export type KeyScope = (typeof keyScopes)[number];

const modelName = /^[A-Za-z][A-Za-z0-9_]{0,47}$/;

export interface ParsedKeyScope {
  readonly scope: KeyScope;
  /** The model to which the scope is limited, or null for all models. */
  readonly model: string | null;
}

/** Parses a scope: `data.read:Issue` → `{ scope: 'data.read', model: 'Issue' }`. Returns null for an invalid one. */
export function parseKeyScope(text: string): ParsedKeyScope | null {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const model = colon < 0 ? null : text.slice(colon + 1);
  const scope = keyScopes.find((known) => known === name);
  if (scope === undefined) return null;
  if (model === null) return { scope, model };
  return scope.startsWith('data.') && modelName.test(model) ? { scope, model } : null;
}

const maxCachedAccesses = 1_000;

/**
 * Returns a function that converts a key's scopes to its access to the project's API. Results are cached, so that equal
 * scopes share one object.
 */
export function createScopeAccess(): (scopes: readonly string[]) => ApiAccess {
  const cached = new LRUCache<string, ApiAccess>({ max: maxCachedAccesses });
  return (scopes) => {
    const text = scopes.toSorted().join();
    const known = cached.get(text);
    if (known !== undefined) return known;
    const access: ApiAccess = {
      read: modelsOf(scopes, 'data.read'),
      write: modelsOf(scopes, 'data.write'),
      introspect: scopes.includes('schema.read') || scopes.includes('schema.apply'),
      rules: null,
    };
    cached.set(text, access);
    return access;
  };
}

function modelsOf(scopes: readonly string[], wanted: 'data.read' | 'data.write'): ModelSet {
  const models = new Set<string>();
  for (const text of scopes) {
    const parsed = parseKeyScope(text);
    if (parsed?.scope !== wanted) continue;
    if (parsed.model === null) return 'ALL';
    models.add(parsed.model);
  }
  return models;
}
