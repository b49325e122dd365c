import { describe, expect, it } from 'vitest';

import { actionsOf, allActions, roleHolds, roleMay, roles } from './actions.ts';

describe('roles', () => {
  it('includes the permissions of all lesser roles in each role', () => {
    for (const [index, role] of roles.entries()) {
      const own = new Set(actionsOf(role));
      for (const lesser of roles.slice(index + 1)) {
        expect(actionsOf(lesser).filter((action) => !own.has(action))).toEqual([]);
        expect(roleHolds(role, lesser)).toBe(true);
        expect(roleHolds(lesser, role)).toBe(false);
      }
    }
  });

  it('allows only owners to delete the organization and to manage owners', () => {
    expect(roles.filter((role) => roleMay(role, 'organization:delete'))).toEqual(['OWNER']);
    expect(roles.filter((role) => roleMay(role, 'owner:manage'))).toEqual(['OWNER']);
  });

  it('allows viewers only to read and to leave', () => {
    expect(actionsOf('VIEWER').filter((action) => !action.endsWith(':read'))).toEqual([
      'organization:leave',
    ]);
    expect(actionsOf('VIEWER')).not.toContain('audit:read');
  });

  it('allows developers to manage keys, schemas and data, but not members or projects', () => {
    const mayNot = allActions.filter((action) => !roleMay('DEVELOPER', action));
    expect(mayNot).toContain('member:invite');
    expect(mayNot).toContain('project:create');
    expect(actionsOf('DEVELOPER')).toEqual(
      expect.arrayContaining(['apiKey:create', 'schema:apply', 'data:write']),
    );
  });

  it('allows owners every action', () => {
    expect(actionsOf('OWNER')).toEqual(allActions);
  });
});
