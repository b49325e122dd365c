import { buildSchema, coerceInputValue, isInputType, parseType, typeFromAST } from 'graphql';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { prepareCoercion, unfit } from './coerce-input.ts';

const schema = buildSchema(`
  type Query { a(tree: Tree, one: One): Int }
  enum Color { RED GREEN }
  input Tree { name: String!, size: Int = 3, color: Color, rates: [[Float!]], ids: [ID!]! = ["x"], tree: Tree, trees: [Tree!] }
  input Odd { name: String!, constructor: Boolean }
  input One @oneOf { a: Int, b: Tree }
`);

function typeOf(text: string) {
  const type = typeFromAST(schema, parseType(text));
  if (!isInputType(type)) throw new Error(`${text} is not an input type.`);
  return type;
}

function asGraphqlDoes(text: string, value: unknown): unknown {
  const problems: Error[] = [];
  const coerced: unknown = coerceInputValue(value, typeOf(text), (_path, _value, problem) => {
    problems.push(problem);
  });
  return problems.length === 0 ? coerced : unfit;
}

const key = fc.constantFrom(
  'name',
  'size',
  'color',
  'rates',
  'ids',
  'tree',
  'trees',
  'a',
  'b',
  'z',
);
const { value: json } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(null, true, 0, 7, 1.5, 2 ** 40, '', 'x', 'RED', 'GREEN', 'BLUE'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    // Values that match the type or nearly match it.
    fc.record(
      { name: fc.constantFrom('n', null), tree: tie('value'), rates: tie('value') },
      { requiredKeys: ['name'] },
    ),
  ),
}));

describe('prepareCoercion', () => {
  const types = ['Tree', 'Tree!', '[Tree!]', '[[Int]!]', 'Color', 'ID!', 'One', 'Float', 'Boolean'];

  it.each(types)('returns the same result as graphql-js for %s', (type) => {
    const coerce = prepareCoercion(typeOf(type));
    fc.assert(
      fc.property(json, (value) => {
        // The value as it would arrive in a request.
        const given: unknown = JSON.parse(JSON.stringify(value));
        const [found, wanted] = [coerce(given), asGraphqlDoes(type, given)];
        expect(found).toEqual(wanted);
        // Also compares the field order.
        if (found !== unfit) expect(JSON.stringify(found)).toBe(JSON.stringify(wanted));
      }),
      { numRuns: 400 },
    );
  });

  it('ignores properties that all objects inherit', () => {
    expect(prepareCoercion(typeOf('Odd'))({ name: 'n' })).toEqual({ name: 'n' });
  });
});
