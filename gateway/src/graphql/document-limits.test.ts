import { buildSchema, getIntrospectionQuery, GraphQLError, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { managementDocumentLimits } from '../control-plane/graphql/graphql-execution.ts';
import { checkDocument, parseDocument } from './document-limits.ts';

const schema = buildSchema(`
  type Query { user: User pets(first: Int, last: Int): PetConnection! search(first: String): User }
  type User { name: String friend: User pets(first: Int, last: Int): PetConnection! }
  type PetConnection { nodes: [Pet!]! totalCount: Int! }
  type Pet { name: String owner: User }
`);

function check(text: string, variables: Record<string, unknown> = {}) {
  const document = parseDocument(text, managementDocumentLimits);
  return checkDocument(document, schema, variables, managementDocumentLimits);
}

const refusalOf = (run: () => unknown): { code?: unknown; message?: unknown } => {
  try {
    run();
    return {};
  } catch (error) {
    if (error instanceof GraphQLError) return { code: error.extensions.code, ...error.toJSON() };
    // Every value that is thrown here is an Error.
    return { code: Reflect.get(error as Error, 'code'), message: (error as Error).message };
  }
};
const codeOf = (text: string, variables?: Record<string, unknown>): unknown =>
  refusalOf(() => check(text, variables)).code;

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
/** `friends(3)` returns `user { friend { friend { name } } }`, which has one level more than the argument specifies. */
const friends = (levels: number): string =>
  `user { ${'friend { '.repeat(levels - 1)} name ${'}'.repeat(levels - 1)} }`;

describe('the document', () => {
  it('can have at most 2,000 tokens', () => {
    expect(
      refusalOf(() => parseDocument(`{${'a '.repeat(1_998)}}`, managementDocumentLimits)),
    ).toEqual({});
    expect(codeOf(`{${'a '.repeat(1_999)}}`)).toBe('QUERY_TOO_LARGE');
  });

  it('can have at most 200,000 characters, including comments', () => {
    expect(codeOf(`{ user { name } } #${'x'.repeat(199_000)}`)).toBeUndefined();
    expect(codeOf(`{ user { name } } #${'x'.repeat(200_000)}`)).toBe('QUERY_TOO_LARGE');
  });

  it('is rejected with a code and a location if it is not GraphQL', () => {
    const refusal = refusalOf(() => check('{\n  user {'));
    expect(refusal).toMatchObject({
      code: 'GRAPHQL_PARSE_FAILED',
      locations: [{ line: 2, column: 9 }],
    });
  });

  it('is not kept in memory to locate later errors', () => {
    const document = parseDocument(`\n\n{ user { nope } }`, managementDocumentLimits);
    const [error] = validate(schema, document);
    expect(error?.source?.body).toBe('');
    expect(error?.nodes?.[0]?.loc?.startToken).toMatchObject({ line: 3, column: 10 });
  });
});

describe('depth', () => {
  it('is at most 12', () => {
    expect(codeOf(`{ ${friends(11)} }`)).toBeUndefined();
    expect(codeOf(`{ ${friends(12)} }`)).toBe('QUERY_TOO_DEEP');
  });

  it('includes named and inline fragments', () => {
    expect(
      codeOf(`{ user { ...A } } fragment A on User { ${friends(11).replace('user', 'friend')} }`),
    ).toBe('QUERY_TOO_DEEP');
    expect(codeOf(`{ ... { ... on Query { ${friends(12)} } } }`)).toBe('QUERY_TOO_DEEP');
  });

  it('excludes introspection, which has a separate limit', () => {
    const types = `type { ${'ofType { '.repeat(15)} name ${'}'.repeat(15)} }`;
    expect(codeOf(`{ __type(name: "User") { fields { ${types} } } }`)).toBeUndefined();
  });
});

describe('the number of fields', () => {
  it('is at most 200', () => {
    expect(codeOf(`{ ${repeat(200, (i) => `a${i}: __typename`)} }`)).toBeUndefined();
    expect(codeOf(`{ ${repeat(201, (i) => `a${i}: __typename`)} }`)).toBe('QUERY_TOO_COMPLEX');
  });

  it('includes the fields of a fragment each time it is spread', () => {
    const fragment = `fragment A on User { ${repeat(19, (i) => `n${i}: name`)} }`;
    const users = (count: number) =>
      `{ ${repeat(count, (i) => `u${i}: user { ...A }`)} } ${fragment}`;
    expect(codeOf(users(10))).toBeUndefined();
    expect(codeOf(users(11))).toBe('QUERY_TOO_COMPLEX');
  });

  it('includes unused fragments, because validation processes them', () => {
    const unused = `fragment A on User { ${'name '.repeat(201)} }`;
    expect(codeOf(`{ user { name } } ${unused}`)).toBe('QUERY_TOO_COMPLEX');
  });

  it('is computed quickly for documents of exponential size', () => {
    const fan = repeat(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);
    const startedAt = process.cpuUsage();
    expect(codeOf(`{ ...F0 } ${fan} fragment F60 on Query { user { name } }`)).toBe(
      'QUERY_TOO_COMPLEX',
    );
    expect(codeOf(`{ ...F0 } ${fan}`)).toBe('QUERY_TOO_COMPLEX');
    expect(process.cpuUsage(startedAt).user).toBeLessThan(1_000_000);
  });

  it.each([
    ['itself', 'fragment A on Query { ...A }'],
    [
      'another',
      'fragment A on Query { ...B } fragment B on Query { user { ...C } } fragment C on User { ...A }',
    ],
  ])('rejects a fragment that spreads itself through %s', (_through, fragments) => {
    const { code, message } = refusalOf(() => check(`{ ...A } ${fragments}`));
    expect(code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(message).toContain('"A"');
  });
});

describe('the page size', () => {
  it.each([
    ['as a literal', '{ pets(first: 1000000000) { totalCount } }', {}],
    ['as last', '{ pets(last: 101) { totalCount } }', {}],
    ['in a variable', 'query ($n: Int) { pets(first: $n) { totalCount } }', { n: 101 }],
    ['as a default', 'query ($n: Int = 101) { pets(first: $n) { totalCount } }', {}],
    [
      'within a fragment',
      '{ user { ...A } } fragment A on User { pets(first: 101) { totalCount } }',
      {},
    ],
    ['with very many digits', `{ pets(first: ${'9'.repeat(10_000)}) { totalCount } }`, {}],
  ])('is rejected if it is more than 100: %s', (_where, text, variables) => {
    expect(codeOf(text, variables)).toBe('BAD_USER_INPUT');
  });

  it('is reported with its location if it is too large', () => {
    const { message } = refusalOf(() => check('{\n  pets(first: 101) { totalCount }\n}'));
    expect(message).toContain('line 2, column 8');
  });

  it('can be 100', () => {
    expect(codeOf('{ pets(first: 100) { totalCount } }')).toBeUndefined();
    expect(
      codeOf('query ($n: Int = 500) { pets(first: $n) { totalCount } }', { n: 5 }),
    ).toBeUndefined();
  });

  it('multiplies the cost of the fields on the page', () => {
    const nested = (n: number, m: number) =>
      `{ pets(first: ${n}) { nodes { owner { pets(first: ${m}) { nodes { name } } } } } }`;
    expect(codeOf(nested(20, 50))).toBeUndefined();
    expect(codeOf(nested(100, 100))).toBe('QUERY_TOO_COMPLEX');
  });

  it('is 20 by default', () => {
    const nested =
      '{ pets { nodes { owner { pets { nodes { owner { pets { nodes { name } } } } } } } } }';
    expect(codeOf(nested)).toBe('QUERY_TOO_COMPLEX');
  });

  it.each([
    [1, 100],
    [100, 1],
  ])('is the larger of the defaults that could apply: %i and %i', (one, other) => {
    const text = `query A($n: Int = ${one}) { ...F } query B($n: Int = ${other}) { ...F }
      fragment F on Query { pets(first: $n) { nodes { owner { pets(first: $n) { nodes { name } } } } } }`;
    expect(codeOf(text)).toBe('QUERY_TOO_COMPLEX');
    expect(codeOf(text, { n: 2 })).toBeUndefined();
  });

  it('is not read from an argument "first" that is not a number', () => {
    expect(codeOf('{ search(first: "x") { name } }')).toBeUndefined();
  });

  it('is checked again in later requests if it is a variable', () => {
    const text =
      'query ($n: Int, $s: String) { pets(first: $n) { totalCount } search(first: $s) { name } }';
    expect([...check(text, { n: 5 }).pageVariables]).toEqual(['n']);
    expect(check('{ pets(first: 5) { totalCount } }').pageVariables.size).toBe(0);
  });
});

describe('introspection', () => {
  it.each([
    ['the standard query', getIntrospectionQuery()],
    [
      'the query with everything',
      getIntrospectionQuery({
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    ],
  ])('allows %s', (_what, text) => {
    expect(codeOf(text)).toBeUndefined();
  });

  it.each([
    [
      'many aliases of one field',
      `{ __schema { types { fields { ${repeat(400, (i) => `a${i}: name`)} } } } }`,
    ],
    ['many duplicates', `{ __schema { ${'description '.repeat(600)} } }`],
    [
      'the whole schema many times',
      `{ ${repeat(90, (i) => `a${i}: __schema { types { name fields { name args { name } } } }`)} }`,
    ],
  ])('rejects %s', (_what, text) => {
    expect(codeOf(text)).toBe('QUERY_TOO_COMPLEX');
  });
});
