import { describe, expect, it } from 'vitest';

import { grantOf, modelsNamed, presetOf, presets, reaches, scopesOf, withModel } from './scopes.ts';

describe('scopes', () => {
  it.each([
    [['data.read']],
    [['data.read:Issue', 'data.read:Board', 'data.write:Issue']],
    [['data.read', 'data.write', 'schema.read', 'schema.apply']],
    [['schema.apply']],
  ])('remain %j after conversion to a grant and back', (scopes) => {
    expect(scopesOf(grantOf(scopes))).toEqual(scopes);
  });

  it('for all models replace scopes for individual models', () => {
    expect(scopesOf(grantOf(['data.read:Issue', 'data.read']))).toEqual(['data.read']);
    expect(reaches('ALL', 'Issue')).toBe(true);
    expect(reaches(['Board'], 'Issue')).toBe(false);
  });

  it('for all models become a list when one model is removed', () => {
    expect(withModel('ALL', 'Issue', false, ['Board', 'Issue'])).toEqual(['Board']);
    expect(withModel(['Board'], 'Issue', true, ['Board', 'Issue'])).toEqual(['Board', 'Issue']);
  });

  it('match a preset in any order', () => {
    expect(presetOf(['data.write', 'data.read'])).toBe('FULL');
    expect(presetOf(presets.CI)).toBe('CI');
    expect(presetOf(['data.read:Issue'])).toBeNull();
  });

  it('yield the models that they name', () => {
    expect(modelsNamed(['data.read:Issue', 'data.write:Issue', 'schema.read'])).toEqual(['Issue']);
  });
});
