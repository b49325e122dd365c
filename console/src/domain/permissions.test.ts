import { expect, test } from 'vitest';

import { can, whyNot } from './permissions.ts';

test('the reason names the roles that may take the action, and the own role', () => {
  expect(whyNot('VIEWER', 'apiKey:create')).toBe(
    'Only developers, admins and owners make keys. You are a viewer.',
  );
  expect(whyNot(null, 'organization:delete')).toBe('Only owners delete the organization.');
});

test('the least role for an action and every role above it may take it', () => {
  const mayCreateKeys = (['OWNER', 'ADMIN', 'DEVELOPER', 'VIEWER'] as const).map(
    (role) => whyNot(role, 'apiKey:create') === null,
  );
  expect(mayCreateKeys).toEqual([true, true, true, false]);
});

test('viewerCan lists what the viewer can do', () => {
  expect(can(['data:read'], 'data:read')).toBe(true);
  expect(can(['data:read'], 'data:write')).toBe(false);
});
