import { describe, expect, it } from 'vitest';

import { actionsOf, allActions, roleHolds, roleMay, roles } from './actions.ts';

describe('roles', () => {
  it('each hold the rights of those after them', () => {
    for (const [index, role] of roles.entries()) {
      const own = new Set(actionsOf(role));
      for (const lesser of roles.slice(index + 1)) {
        expect(actionsOf(lesser).filter((action) => !own.has(action))).toEqual([]);
        expect(roleHolds(role, lesser)).toBe(true);
        expect(roleHolds(lesser, role)).toBe(false);
      }
    }
  });

  it('let only an owner delete the organization and manage owners', () => {
    expect(roles.filter((role) => roleMay(role, 'organization:delete'))).toEqual(['OWNER']);
    expect(roles.filter((role) => roleMay(role, 'owner:manage'))).toEqual(['OWNER']);
  });

  it('let a viewer read and leave, and nothing else', () => {
    expect(actionsOf('VIEWER').filter((action) => !action.endsWith(':read'))).toEqual([
      'organization:leave',
    ]);
    expect(actionsOf('VIEWER')).not.toContain('audit:read');
  });

  it('let a developer handle keys, schema and data, but no members or projects', () => {
    const mayNot = allActions.filter((action) => !roleMay('DEVELOPER', action));
    expect(mayNot).toContain('member:invite');
    expect(mayNot).toContain('project:create');
    expect(actionsOf('DEVELOPER')).toEqual(
      expect.arrayContaining(['apiKey:create', 'schema:apply', 'data:write']),
    );
  });

  it('give the owner every action', () => {
    expect(actionsOf('OWNER')).toEqual(allActions);
  });
});
