import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { describe, expect, it } from 'vitest';

import RequireScopesPlugin from './require-scopes-plugin.ts';

const newBuilder = () =>
  new SchemaBuilder<{ AuthScopes: { public: boolean } }>({
    plugins: [RequireScopesPlugin, ScopeAuthPlugin],
    scopeAuth: { authScopes: () => ({ public: true }) },
    // Required by the types of the Prisma plugin, which this builder does not use.
    prisma: { client: { $connect: () => Promise.resolve() }, dmmf: { datamodel: {} } },
  });

describe('RequireScopesPlugin', () => {
  it('rejects a root query field without authScopes, even if the root type has authScopes', () => {
    const builder = newBuilder();
    builder.queryType({ authScopes: { public: true } });
    builder.queryField('open', (t) => t.string({ resolve: () => 'open' }));
    expect(() => builder.toSchema()).toThrow('Query.open has no authScopes.');
  });

  it('rejects a mutation without authScopes', () => {
    const builder = newBuilder();
    builder.queryType({
      fields: (t) => ({ fine: t.string({ authScopes: { public: true }, resolve: () => 'fine' }) }),
    });
    builder.mutationType({ authScopes: { public: true } });
    builder.mutationField('open', (t) => t.boolean({ resolve: () => true }));
    expect(() => builder.toSchema()).toThrow('Mutation.open has no authScopes.');
  });

  it('rejects a field if neither it nor its type has authScopes', () => {
    const builder = newBuilder();
    const Thing = builder.objectRef<{ name: string }>('Thing').implement({
      fields: (t) => ({ name: t.exposeString('name') }),
    });
    builder.queryType({
      fields: (t) => ({
        thing: t.field({
          type: Thing,
          authScopes: { public: true },
          resolve: () => ({ name: 'thing' }),
        }),
      }),
    });
    expect(() => builder.toSchema()).toThrow('Thing.name has no authScopes.');
  });

  it('accepts a schema in which each field or its type has authScopes', () => {
    const builder = newBuilder();
    const Thing = builder.objectRef<{ name: string }>('Thing').implement({
      authScopes: { public: true },
      fields: (t) => ({ name: t.exposeString('name') }),
    });
    builder.queryType({
      fields: (t) => ({
        thing: t.field({
          type: Thing,
          authScopes: { public: true },
          resolve: () => ({ name: 'thing' }),
        }),
      }),
    });
    expect(Object.keys(builder.toSchema().getTypeMap())).toContain('Thing');
  });
});
