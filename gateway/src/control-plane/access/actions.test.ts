import { describe, expect, it } from 'vitest';

import { actionsOf, allActions, roleHolds, roleMay, roles } from './actions.ts';

describe('role permissions', () => {
  it('include the permissions of all lower roles', () => {
    for (const [index, role] of roles.entries()) {
      const own = new Set(actionsOf(role));
      for (const lesser of roles.slice(index + 1)) {
        expect(actionsOf(lesser).filter((action) => !own.has(action))).toEqual([]);
        expect(roleHolds(role, lesser)).toBe(true);
        expect(roleHolds(lesser, role)).toBe(false);
      }
    }
  });

  it('allow only owners to delete the organization and to manage owners', () => {
    expect(roles.filter((role) => roleMay(role, 'organization:delete'))).toEqual(['OWNER']);
    expect(roles.filter((role) => roleMay(role, 'owner:manage'))).toEqual(['OWNER']);
  });

  it('allow viewers only to read data and to leave the organization', () => {
    expect(actionsOf('VIEWER').filter((action) => !action.endsWith(':read'))).toEqual([
      'organization:leave',
    ]);
    expect(actionsOf('VIEWER')).not.toContain('audit:read');
  });

  it('allow developers to manage keys, schemas and data, but not members or projects', () => {
    const mayNot = allActions.filter((action) => !roleMay('DEVELOPER', action));
    expect(mayNot).toContain('member:invite');
    expect(mayNot).toContain('project:create');
    expect(actionsOf('DEVELOPER')).toEqual(
      expect.arrayContaining(['apiKey:create', 'schema:apply', 'data:write']),
    );
  });

  it('allow owners to perform every action', () => {
    expect(actionsOf('OWNER')).toEqual(allActions);
  });
});
