import { LRUCache } from 'lru-cache';

import type { ApiAccess } from '../../engine/runtime.ts';
import { roleMay, type Role } from '../../control-plane/access/actions.ts';
import { keyMay, parseKeyScope } from '../../control-plane/access/key-scopes.ts';

/** What a member may use of a project's API. */
export function accessOfRole(role: Role): ApiAccess {
  return memberAccess[role];
}

const ofRole = (role: Role): ApiAccess => ({
  read: roleMay(role, 'data:read') ? 'ALL' : new Set(),
  write: roleMay(role, 'data:write') ? 'ALL' : new Set(),
  introspect: roleMay(role, 'schema:read'),
});

const memberAccess: Readonly<Record<Role, ApiAccess>> = {
  OWNER: ofRole('OWNER'),
  ADMIN: ofRole('ADMIN'),
  DEVELOPER: ofRole('DEVELOPER'),
  VIEWER: ofRole('VIEWER'),
};

const keptAccesses = 1_000;

/** What a key may use of its project's API; the same object for the same scopes, as long as it is kept. */
export function createKeyAccess(): (scopes: readonly string[]) => ApiAccess {
  const known = new LRUCache<string, ApiAccess>({ max: keptAccesses });
  return (scopes) => {
    const text = scopes.toSorted().join();
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const access: ApiAccess = {
      read: modelsOf(scopes, 'data.read'),
      write: modelsOf(scopes, 'data.write'),
      introspect: keyMay(scopes, 'schema:read'),
    };
    known.set(text, access);
    return access;
  };
}

function modelsOf(
  scopes: readonly string[],
  wanted: 'data.read' | 'data.write',
): ApiAccess['read'] {
  const models = new Set<string>();
  for (const text of scopes) {
    const parsed = parseKeyScope(text);
    if (parsed?.scope !== wanted) continue;
    if (parsed.model === null) return 'ALL';
    models.add(parsed.model);
  }
  return models;
}
