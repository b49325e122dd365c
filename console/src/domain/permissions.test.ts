import { expect, test } from 'vitest';

import { can, whyNot } from './permissions.ts';

test('the reason names the roles that allow the action and the role of the viewer', () => {
  expect(whyNot('VIEWER', 'apiKey:create')).toBe(
    'Only developers, admins and owners can create keys. You are a viewer.',
  );
  expect(whyNot(null, 'organization:delete')).toBe('Only owners can delete the organization.');
});

test('the lowest role for an action and every role above it can take the action', () => {
  const mayCreateKeys = (['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const).map(
    (role) => whyNot(role, 'apiKey:create') === null,
  );
  expect(mayCreateKeys).toEqual([true, true, true, false]);
});

test('viewerCan lists the actions that the viewer can take', () => {
  expect(can(['data:read'], 'data:read')).toBe(true);
  expect(can(['data:read'], 'data:write')).toBe(false);
});
