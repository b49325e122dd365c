import { expect, test } from 'vitest';

// The gateway's list of actions is what the console's words have to keep up with.
import {
  actions,
  roleMay,
  roles,
  type Action,
} from '../../../gateway/src/control-plane/access/actions.ts';
import { can, whyNot } from './permissions.ts';

// Object.keys of a const object yields exactly its keys.
const allActions = Object.keys(actions) as Action[];

test.each(allActions)('%s: the console knows who may', (action) => {
  for (const role of roles) {
    expect(whyNot(role, action) === null, role).toBe(roleMay(role, action));
  }
});

test('who may not is told who may, and what they are', () => {
  expect(whyNot('VIEWER', 'apiKey:create')).toBe(
    'Only developers, admins and owners make keys. You are a viewer.',
  );
  expect(whyNot(null, 'organization:delete')).toBe('Only owners delete the organization.');
});

test('what the server lists is what can be done', () => {
  expect(can(['data:read'], 'data:read')).toBe(true);
  expect(can(['data:read'], 'data:write')).toBe(false);
});
