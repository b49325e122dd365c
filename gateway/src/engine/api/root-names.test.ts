import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from './build-api.ts';
import { printApi } from './project-api.ts';

const print = (sdl: string, write: 'ALL' | ReadonlySet<string> = 'ALL') =>
  printApi(buildApi(readModel(sdl), { read: 'ALL', write, introspect: true, rules: null }));

it('gives a root type another name if a model has its name', () => {
  const printed = print('type Query @model { id: ID! @id mutation: Mutation } enum Mutation { X }');
  expect(printed).toMatch(/^schema \{\n {2}query: QueryRoot\n {2}mutation: MutationRoot\n\}\n/);
  const schema = buildSchema(printed);
  expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(['query', 'queries']);
  expect(Object.keys(schema.getMutationType()?.getFields() ?? {})).toContain('createQuery');
});

it.each([
  ['type Subscription @model { id: ID! @id plan: String! }', 'ALL' as const],
  ['type Mutation @model { id: ID! @id }', new Set<string>()],
])('prints the root types if a model would be taken for one: %s', (sdl, write) => {
  const printed = print(sdl, write);
  expect(printed).toMatch(/^schema \{\n {2}query: Query\n/);
  const schema = buildSchema(printed);
  expect(schema.getSubscriptionType()).toBeUndefined();
  expect(schema.getMutationType() === undefined).toBe(write !== 'ALL');
});

it('does not print the root types otherwise', () => {
  expect(print('type A @model { id: ID! @id }')).not.toContain('schema {');
});

it('keeps names free that the API does not have', () => {
  const sdl = `
    type A @model { id: ID! @id at: Boolean b: B }
    type B @model { id: ID! @id }
    type ASumAggregate @model { id: ID! @id }
    type AMaxAggregate @model { id: ID! @id }
    type AListWhereInput @model { id: ID! @id }
    type BNestedListCreateInput @model { id: ID! @id }
    enum EFilter { X }
    enum E { X }`;
  expect(() => buildSchema(print(sdl))).not.toThrow();
});
