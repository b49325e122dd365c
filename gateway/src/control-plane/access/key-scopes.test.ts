import { describe, expect, it } from 'vitest';

import { allActions } from './actions.ts';
import { keyMay, parseKeyScope } from './key-scopes.ts';

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

describe('keyMay', () => {
  it('lets a key look at its project with any scope', () => {
    expect(keyMay(['data.read:Issue'], 'project:read')).toBe(true);
    expect(keyMay([], 'project:read')).toBe(false);
    expect(keyMay(['nonsense'], 'project:read')).toBe(false);
  });

  it('lets a key plan with a schema scope and apply only with schema.apply', () => {
    expect(keyMay(['schema.read'], 'schema:plan')).toBe(true);
    expect(keyMay(['schema.read'], 'schema:apply')).toBe(false);
    expect(keyMay(['schema.apply'], 'schema:apply')).toBe(true);
    expect(keyMay(['data.write'], 'schema:plan')).toBe(false);
  });

  it('never lets a key manage keys, members, projects or the organization', () => {
    const every = ['data.read', 'data.write', 'schema.read', 'schema.apply'];
    const may = allActions.filter((action) => keyMay(every, action));
    expect(may).toEqual(['project:read', 'schema:read', 'schema:plan', 'schema:apply']);
  });
});
