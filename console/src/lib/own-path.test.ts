import { describe, expect, it } from 'vitest';

import { ownPath } from './own-path.ts';

const origin = 'https://tessera.example';

describe('ownPath', () => {
  it.each(['/', '/orgs/acme', '/orgs/acme/audit?action=project.create#latest'])(
    'returns the console path %s unchanged',
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
  ])('replaces %j with the home page', (asked) => {
    expect(ownPath(asked, origin)).toBe('/');
  });
});
