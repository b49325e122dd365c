import { expect, test } from 'vitest';

import { can, whyNot } from './permissions.ts';

test("the reason names the roles that allow the action and the viewer's own role", () => {
  expect(whyNot('VIEWER', 'apiKey:create')).toBe(
    'Only developers, admins and owners can create keys. You are a viewer.',
  );
  expect(whyNot(null, 'organization:delete')).toBe('Only owners can delete the organization.');
});

test('an action is allowed for the lowest role that permits it and for all higher roles', () => {
  const mayCreateKeys = (['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const).map(
    (role) => whyNot(role, 'apiKey:create') === null,
  );
  expect(mayCreateKeys).toEqual([true, true, true, false]);
});

test('viewerCan lists the actions that the viewer can perform', () => {
  expect(can(['data:read'], 'data:read')).toBe(true);
  expect(can(['data:read'], 'data:write')).toBe(false);
});
