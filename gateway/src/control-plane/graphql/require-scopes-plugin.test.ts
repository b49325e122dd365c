import SchemaBuilder from '@pothos/core';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { describe, expect, it } from 'vitest';

import RequireScopesPlugin from './require-scopes-plugin.ts';

const newBuilder = () =>
  new SchemaBuilder<{ AuthScopes: { public: boolean } }>({
    plugins: [RequireScopesPlugin, ScopeAuthPlugin],
    scopeAuth: { authScopes: () => ({ public: true }) },
    // Asked for by the types of a plugin that the product uses and this builder does not.
    prisma: { client: { $connect: () => Promise.resolve() }, dmmf: { datamodel: {} } },
  });

describe('a schema', () => {
  it('does not build with a root field that says no scope, whatever the root type says', () => {
    const builder = newBuilder();
    builder.queryType({ authScopes: { public: true } });
    builder.queryField('open', (t) => t.string({ resolve: () => 'open' }));
    expect(() => builder.toSchema()).toThrow('Query.open does not say who may reach it.');
  });

  it('does not build with a mutation that says no scope', () => {
    const builder = newBuilder();
    builder.queryType({
      fields: (t) => ({ fine: t.string({ authScopes: { public: true }, resolve: () => 'fine' }) }),
    });
    builder.mutationType({ authScopes: { public: true } });
    builder.mutationField('open', (t) => t.boolean({ resolve: () => true }));
    expect(() => builder.toSchema()).toThrow('Mutation.open does not say who may reach it.');
  });

  it('does not build with a type of which neither it nor a field of it says a scope', () => {
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
    expect(() => builder.toSchema()).toThrow('Thing.name does not say who may reach it.');
  });

  it('builds when each field, or the type around it, says one', () => {
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
