import { describe, expect, it } from 'vitest';

import { parseKeyScope } from './key-scopes.ts';

describe('parseKeyScope', () => {
  it('parses a scope with or without a model', () => {
    expect(parseKeyScope('data.read')).toEqual({ scope: 'data.read', model: null });
    expect(parseKeyScope('data.write:Issue')).toEqual({ scope: 'data.write', model: 'Issue' });
  });

  it.each([
    '',
    'data',
    'data.read:',
    'data.read:1x',
    'data.read:a b',
    'DATA.READ',
    'schema.apply:Issue',
    'toString',
    ' data.read',
    `data.read:${'x'.repeat(49)}`,
  ])('returns null for %j', (text) => {
    expect(parseKeyScope(text)).toBeNull();
  });
});
