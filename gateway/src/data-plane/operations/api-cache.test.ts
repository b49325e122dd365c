import { describe, expect, it } from 'vitest';
import type { ApiAccess, RuleProfile } from '../../engine/runtime.ts';
import { projectSchema } from '../projects/project-schema.ts';
import { createApiCache } from './api-cache.ts';

const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };
const small = projectSchema('type Note @model { id: ID! @id text: String }');
const other = projectSchema('type Task @model { id: ID! @id done: Boolean }');

/** The access of callers with rules that differ in their claims. */
function withClaims(bits: number): ApiAccess {
  const claims = Array.from({ length: 16 }, (_, index) => ((bits >> index) & 1) > 0);
  const rules: RuleProfile = { audience: 'USER', claims, userField: 'id' };
  return { ...everything, rules };
}

describe('the APIs of one schema', () => {
  it('take only a part of the cache, however many profiles its callers have', () => {
    const apis = createApiCache();
    const kept = apis.of(other, everything);
    for (let bits = 0; bits < 700; bits += 1) apis.of(small, withClaims(bits));
    expect(apis.peek(other, everything)).toBe(kept);
    expect(apis.stats().apis).toBe(1 + 100);
    expect(apis.peek(small, withClaims(0))).toBeNull();
    expect(apis.peek(small, withClaims(699))).not.toBeNull();
  });

  it('are fewer if the schema is large, but enough for its most frequent callers', () => {
    const fields = Array.from({ length: 150 }, (_, index) => `f${index}: Int`).join(' ');
    const types = Array.from({ length: 10 }, (_, index) => `T${index}`);
    const large = projectSchema(
      types.map((name) => `type ${name} @model { id: ID! @id ${fields} }`).join('\n'),
    );
    const apis = createApiCache();
    const kept = apis.of(other, everything);
    for (let bits = 0; bits < 20; bits += 1) apis.of(large, withClaims(bits));
    expect(apis.peek(other, everything)).toBe(kept);
    expect(apis.stats().apis).toBe(1 + 4);
    expect(apis.peek(large, withClaims(19))).not.toBeNull();
  });

  it('are shared by callers with the same profile, and by no others', () => {
    const apis = createApiCache();
    const api = apis.of(small, withClaims(3));
    expect(apis.of(small, withClaims(3))).toBe(api);
    for (const access of [everything, withClaims(1), { ...withClaims(3), introspect: false }]) {
      expect(apis.peek(small, access)).toBeNull();
    }
  });
});
