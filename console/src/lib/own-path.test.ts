import { describe, expect, it } from 'vitest';

import { ownPath } from './own-path.ts';

const origin = 'https://tessera.example';

describe('the path that an address asks to go to next', () => {
  it.each(['/', '/orgs/acme', '/orgs/acme/audit?action=project.create#latest'])(
    'is %s when it is one of ours',
    (path) => {
      expect(ownPath(path, origin)).toBe(path);
    },
  );

  it.each([
    'https://evil.example/',
    '//evil.example/orgs',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    '\u0000//evil.example',
    'javascript:alert(1)',
    'data:text/html,hello',
    'orgs/acme',
    '//',
    '',
    undefined,
  ])('is home when it asks for %j', (asked) => {
    expect(ownPath(asked, origin)).toBe('/');
  });
});
