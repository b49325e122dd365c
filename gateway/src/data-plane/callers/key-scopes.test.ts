import { describe, expect, it } from 'vitest';

import { parseKeyScope } from './key-scopes.ts';

describe('parseKeyScope', () => {
  it('reads a scope, narrowed to a model or not', () => {
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
  ])('refuses %j', (text) => {
    expect(parseKeyScope(text)).toBeNull();
  });
});
