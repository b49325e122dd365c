import { buildSchema, Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';

import { messageOf, prepareVariables } from './check-variables.ts';

const schema = buildSchema(`
  type Query { a(n: Int, s: String, list: [Int!], input: Input): Int }
  input Input { name: String!, scopes: [Int!] }
`);

function coerce(declaration: string, variables: Record<string, unknown>) {
  const [operation] = parse(`query (${declaration}) { a }`).definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION)
    throw new Error('The document must contain an operation.');
  const { values, problems } = prepareVariables(schema, operation)(variables);
  return { values: { ...values }, problems: problems.map(messageOf) };
}

describe('prepareVariables', () => {
  it('omits absent variables, applies defaults and keeps null', () => {
    expect(coerce('$n: Int, $m: Int = 5, $k: Int = 5', { k: null, other: 1 })).toEqual({
      values: { m: 5, k: null },
      problems: [],
    });
  });

  it('coerces a single value to a list if the variable has a list type', () => {
    expect(coerce('$list: [Int!]', { list: 3 }).values).toEqual({ list: [3] });
  });

  it('accepts variables with any name', () => {
    const variables = JSON.parse('{"__proto__":{"n":1},"constructor":2}') as Record<
      string,
      unknown
    >;
    const { values } = coerce('$n: Int, $constructor: Int', variables);
    expect(values).toEqual({ constructor: 2 });
    expect(coerce('$constructor: Int, $toString: Int', {}).values).toEqual({});
  });

  it('reports invalid variables with their path and without their value', () => {
    const { problems } = coerce('$n: Int!, $input: Input, $o: Int!', {
      n: 'secret',
      input: { scopes: [1, 'secret'] },
    });
    expect(problems).toHaveLength(4);
    expect(problems[0]).toContain('"$n" is not valid.');
    expect(problems[1]).toContain('"$input" is not valid.');
    expect(problems[2]).toContain('"$input.scopes[1]" is not valid.');
    expect(problems[3]).toContain('"$o" is not valid. A value of type "Int!" is required.');
  });

  it('reports at most ten problems', () => {
    const list = Array<string>(100_000).fill('x');
    expect(coerce('$list: [Int!], $n: Int!', { list }).problems).toHaveLength(10);
  });
});
