import { parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from './build-api.ts';
import { introspectionRule } from './project-api.ts';

const model = readModel('type A @model { id: ID! @id }');

function codesOf(query: string, introspect: boolean): readonly unknown[] {
  const access = { read: 'ALL', write: 'ALL', introspect, rules: null } as const;
  const { schema } = buildApi(model, access);
  const errors = validate(schema, parse(query), [...specifiedRules, introspectionRule(access)]);
  return errors.map(({ extensions }) => extensions['code']);
}

describe('a caller that cannot use introspection', () => {
  it.each([
    '{ __schema { types { name } } }',
    '{ ok: __type(name: "A") { name } }',
    'query { ...F } fragment F on Query { ... { __schema { types { name } } } }',
    'mutation { deleteA(where: {id: "018f4e2a-7b3c-7def-8123-456789abcdef"}) { id } } query B { __schema { types { name } } }',
  ])('cannot run %s', (query) => {
    expect(codesOf(query, false)).toContain('FORBIDDEN');
    expect(codesOf(query, true)).not.toContain('FORBIDDEN');
  });

  it('can still use __typename', () => {
    expect(codesOf('{ __typename as { __typename nodes { __typename } } }', false)).toEqual([]);
  });
});
