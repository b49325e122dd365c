import { expect, it } from 'vitest';

import { fieldOfIssue } from './field-of-issue.ts';

const values = {
  name: '',
  scopes: ['a', 'b'],
  claims: [
    { name: '', path: '' },
    { name: '', path: '' },
  ],
  draft: { text: '' },
};

it.each([
  [['name'], 'name'],
  [['scopes'], 'scopes'],
  [['scopes', '1'], 'scopes'],
  [['claims'], 'claims'],
  [['claims', '1'], 'claims'],
  [['claims', '1', 'path'], 'claims.1.path'],
  [['claims', '1', 'type'], 'claims'],
  [['claims', '2', 'path'], 'claims'],
  [['draft', 'text'], 'draft'],
  [['draft', '0', 'text'], 'draft'],
  [['limit'], null],
  [['toString'], null],
  [[], null],
])('the path %j leads to the field %s', (path, field) => {
  expect(fieldOfIssue(values, path)).toBe(field);
});
