import { buildSchema, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { createDocumentStore } from './document-store.ts';
import { DocumentError } from './document-error.ts';
import { singleRootField } from './single-root-field.ts';
import { projectDocumentLimits } from '../engine/limits.ts';

const schema = buildSchema('type Query { a: Int } type Subscription { a: Int b: Int }');
const problems = (text: string) =>
  validate(schema, parse(text), [singleRootField]).map(({ message }) => message);

it.each([
  'subscription { a }',
  'subscription { a a }',
  'subscription { ...A } fragment A on Subscription { a }',
  'subscription { ... on Subscription { x: b } }',
  'query { a b: a @skip(if: true) __typename }',
])('accepts %s', (text) => {
  expect(problems(text)).toEqual([]);
});

it.each([
  ['subscription { a b }', 'must select only one root field.'],
  ['subscription { a x: a }', 'must select only one root field.'],
  ['subscription { a ...A } fragment A on Subscription { b }', 'must select only one root field.'],
  ['subscription { __typename }', 'must not select introspection.'],
  ['subscription { a @skip(if: false) }', 'cannot have @skip or @include at its root field.'],
  [
    'subscription ($x: Boolean!) { a @include(if: $x) b @skip(if: $x) }',
    'cannot have @skip or @include at its root field.',
  ],
  [
    'subscription { ...A @include(if: true) } fragment A on Subscription { a }',
    'cannot have @skip or @include at its root field.',
  ],
  [
    'subscription { ... on Subscription @skip(if: false) { a } }',
    'cannot have @skip or @include at its root field.',
  ],
])('rejects %s', (text, problem) => {
  expect(problems(text)).toContain(`A subscription ${problem}`);
});

it('applies to documents, also with a condition whose value is a variable', () => {
  const store = createDocumentStore(schema, projectDocumentLimits);
  const text = 'subscription S($x: Boolean!) { a @skip(if: $x) }';
  expect(() => store.prepare(text, { x: true })).toThrow(DocumentError);
});
