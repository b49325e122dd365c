import { describe, expect, it } from 'vitest';

import { allActions } from './actions.ts';
import { keyMay } from './key-actions.ts';

describe('keyMay', () => {
  it('allows a key with any valid scope to read its project', () => {
    expect(keyMay(['data.read:Issue'], 'project:read')).toBe(true);
    expect(keyMay([], 'project:read')).toBe(false);
    expect(keyMay(['nonsense'], 'project:read')).toBe(false);
  });

  it('allows planning with a schema scope, and applying only with schema.apply', () => {
    expect(keyMay(['schema.read'], 'schema:plan')).toBe(true);
    expect(keyMay(['schema.read'], 'schema:apply')).toBe(false);
    expect(keyMay(['schema.apply'], 'schema:apply')).toBe(true);
    expect(keyMay(['data.write'], 'schema:plan')).toBe(false);
  });

  it('never allows a key to manage keys, members, projects or the organization', () => {
    const every = ['data.read', 'data.write', 'schema.read', 'schema.apply'];
    const may = allActions.filter((action) => keyMay(every, action));
    expect(may).toEqual(['project:read', 'schema:read', 'schema:plan', 'schema:apply']);
  });
});
