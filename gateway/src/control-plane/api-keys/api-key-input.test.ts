import { describe, expect, it } from 'vitest';

import { createSchema, rotateSchema, updateSchema } from './api-key-input.ts';

const now = new Date('2030-01-01T00:00:00Z');
const valid = { name: 'Backend', kind: 'SECRET', scopes: ['data.read'] };
const parse = (input: object) => createSchema(now).safeParse({ ...valid, ...input });
const paths = (input: object) => parse(input).error?.issues.map(({ path }) => path.join('.'));

describe('the input for a new API key', () => {
  it('removes duplicate scopes and keeps their order', () => {
    const scopes = ['data.write:Issue', 'data.read', 'data.write:Issue', 'schema.apply'];
    expect(parse({ scopes }).data?.scopes).toEqual([
      'data.write:Issue',
      'data.read',
      'schema.apply',
    ]);
  });

  it('reports every invalid scope', () => {
    const scopes = ['data.read', 'data.delete', 'schema.read:Issue', 'data.read:', '', 'DATA.READ'];
    expect(paths({ scopes })).toEqual(['scopes.1', 'scopes.2', 'scopes.3', 'scopes.4', 'scopes.5']);
  });

  it('quotes an invalid scope, truncated to 100 characters', () => {
    const messageOf = (scope: string) => parse({ scopes: [scope] }).error?.issues[0]?.message;
    expect(messageOf('data.reed')).toBe(
      '"data.reed" is not a scope. The scopes are data.read, data.write, schema.read and schema.apply. A data scope can name a model, as in data.read:Issue.',
    );
    expect(messageOf('x'.repeat(5_000))).toContain(`"${'x'.repeat(100)}" is not a scope.`);
  });

  it('accepts 1 to 100 scopes, and reports a single issue for a longer list', () => {
    const scopes = (count: number) => Array.from({ length: count }, (_, n) => `data.read:M${n}`);
    expect(parse({ scopes: scopes(100) }).success).toBe(true);
    expect(paths({ scopes: scopes(101) })).toEqual(['scopes']);
    expect(paths({ scopes: [] })).toEqual(['scopes']);
    expect(paths({ scopes: Array.from({ length: 5_000 }, () => 'nonsense') })).toEqual(['scopes']);
  });

  it('accepts an expiry date in the future, up to the year 9999', () => {
    expect(parse({ expiresAt: new Date(now.getTime() + 1) }).success).toBe(true);
    expect(parse({ expiresAt: null }).success).toBe(true);
    expect(paths({ expiresAt: now })).toEqual(['expiresAt']);
    expect(paths({ expiresAt: new Date('+010000-01-01T00:00:00Z') })).toEqual(['expiresAt']);
    expect(paths({ expiresAt: new Date(8.64e15) })).toEqual(['expiresAt']);
    expect(paths({ expiresAt: new Date(Number.NaN) })).toEqual(['expiresAt']);
  });

  it('accepts a rate limit from 1 to 1,000,000', () => {
    for (const rateLimitPerMinute of [1, 1_000_000, null]) {
      expect(parse({ rateLimitPerMinute }).success).toBe(true);
    }
    for (const rateLimitPerMinute of [0, -1, 1_000_001, 1.5]) {
      expect(paths({ rateLimitPerMinute })).toEqual(['rateLimitPerMinute']);
    }
  });

  it('gives a publishable key data scopes if it has none, and requires scopes for a secret key', () => {
    for (const scopes of [undefined, null]) {
      const { data } = parse({ kind: 'PUBLISHABLE', scopes });
      expect(data?.scopes).toEqual(['data.read', 'data.write']);
      expect(parse({ scopes }).error?.issues).toMatchObject([
        { path: ['scopes'], message: 'A key must have at least one scope.' },
      ]);
    }
    expect(paths({ kind: 'PUBLISHABLE', scopes: [] })).toEqual(['scopes']);
  });

  it('rejects schema.apply for a publishable key', () => {
    const narrow = ['data.read:Issue', 'data.write', 'schema.read'];
    expect(parse({ kind: 'PUBLISHABLE', scopes: narrow }).data?.scopes).toEqual(narrow);
    const [issue] =
      parse({ kind: 'PUBLISHABLE', scopes: ['data.read', 'schema.apply'] }).error?.issues ?? [];
    expect(issue?.path).toEqual(['scopes', 1]);
    expect(issue?.message).toMatch(/^A publishable key cannot have the scope schema\.apply/);
  });
});

describe('the input for a rotation', () => {
  it('accepts an overlap from 0 seconds to 30 days', () => {
    const takes = (overlapSeconds: number) => rotateSchema.safeParse({ overlapSeconds }).success;
    expect([0, 2_592_000].map(takes)).toEqual([true, true]);
    expect([-1, 2_592_001, 0.5].map(takes)).toEqual([false, false, false]);
  });
});

describe('the input for an update', () => {
  it('distinguishes removing the limit from leaving it unchanged', () => {
    for (const kind of ['SECRET', 'PUBLISHABLE'] as const) {
      const schema = updateSchema(kind);
      expect(schema.parse({ rateLimitPerMinute: null })).toEqual({ rateLimitPerMinute: null });
      expect(schema.parse({})).toEqual({});
    }
  });
});
