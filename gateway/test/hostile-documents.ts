import { getIntrospectionQuery } from 'graphql';

/** A document that is cheap to send but expensive to process, and the error code that the server rejects it with. */
export interface HostileDocument {
  readonly name: string;
  readonly query: string;
  readonly code: string;
}

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const nested = (levels: number): string => `{${'a{'.repeat(levels)}b${'}'.repeat(levels)}}`;
const fan = (levels: number): string =>
  repeat(levels, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`);

/** The documents are written for the management API, because some of them need a real type. */
export const hostileDocuments: readonly HostileDocument[] = [
  ['5,000 levels', nested(5_000), 'QUERY_TOO_DEEP'],
  ['600 levels', nested(600), 'QUERY_TOO_DEEP'],
  ['10,000 aliases', `{${repeat(10_000, (i) => `a${i}: __typename`)}}`, 'QUERY_TOO_LARGE'],
  ['600 aliases', `{${repeat(600, (i) => `a${i}: __typename`)}}`, 'QUERY_TOO_COMPLEX'],
  ['5,000 duplicate fields', `{${repeat(5_000, () => '__typename')}}`, 'QUERY_TOO_LARGE'],
  ['1,900 duplicate fields', `{${repeat(1_900, () => '__typename')}}`, 'QUERY_TOO_COMPLEX'],
  [
    'fragments that fan out over 22 levels',
    `{ ...F0 } ${fan(22)} fragment F22 on Query { __typename }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['an unbounded fan of fragments', `{ ...F0 } ${fan(60)}`, 'QUERY_TOO_COMPLEX'],
  [
    'fragments that form a cycle',
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a page size of one billion',
    '{ organization(slug: "a") { members(first: 1000000000) { nodes { id } } } }',
    'BAD_USER_INPUT',
  ],
  [
    'three levels of nested pages',
    `{ viewer { organizations(first: 100) { nodes { projects(first: 100) { nodes {
      apiKeys(first: 100) { nodes { id } } } } } } } }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    '190 conflicting fields',
    `{${repeat(190, (i) => `x: project(ref: ${i})`)}}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'conflicting fields in nested selections',
    `{${repeat(66, (i) => `x: viewer { y: a { z: b${i} } }`)}}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'long arguments to compare',
    `{${repeat(190, (i) => `x: project(ref: "${'y'.repeat(1_000)}${i}")`)}}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '240 unused fragments',
    `{ __typename } ${repeat(240, (i) => `fragment X${i} on Query { __typename }`)}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['990 unknown fragments', `{${repeat(990, (i) => `...X${i}`)}}`, 'QUERY_TOO_COMPLEX'],
  [
    '490 unused variables',
    `query (${repeat(490, (i) => `$v${i}: Int`)}) { __typename }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'one variable declared 490 times',
    `query (${repeat(490, () => '$v: Int')}) { __typename }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '600 undeclared variables',
    `{ project(ref: [${repeat(600, (i) => `$v${i}`)}]) { id } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '950 unknown directives',
    `{ __typename ${repeat(950, (i) => `@a${i}`)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '650 unknown arguments',
    `{ project(${repeat(650, (i) => `ref${i}: 1`)}) { id } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '980 nested lists',
    `{ project(ref: ${'['.repeat(980)}${']'.repeat(980)}) { id } }`,
    'QUERY_TOO_DEEP',
  ],
  [
    '480 nested input objects',
    `mutation { login(input: ${'{ input: '.repeat(480)}1${'}'.repeat(480)}) { __typename } }`,
    'QUERY_TOO_DEEP',
  ],
  [
    'errors after 190,000 blank lines',
    `${'\n'.repeat(190_000)}{${repeat(150, (i) => `a${i}`)}}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'errors after 95,000 comments',
    `${'#\n'.repeat(95_000)}{${repeat(150, (i) => `a${i}`)}}`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a missing brace after 190,000 lines', `${'\n'.repeat(190_000)}{`, 'GRAPHQL_PARSE_FAILED'],
  [
    'the names of all fields, 400 times',
    `{ __schema { types { fields { ${repeat(400, (i) => `a${i}: name`)} } } } }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['the introspection query, five times', repeatIntrospection(5), 'QUERY_TOO_COMPLEX'],
].map(([name = '', query = '', code = '']) => ({ name, query, code }));

function repeatIntrospection(times: number): string {
  const query = getIntrospectionQuery();
  const [head = '', fragments = ''] = query.split(/(?=fragment FullType)/);
  const selection = head.slice(head.indexOf('{') + 1, head.lastIndexOf('}'));
  return `{ ${repeat(times, (i) => `s${i}: ${selection.trim()}`)} } ${fragments}`;
}
