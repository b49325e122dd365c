import type { HostileDocument } from './hostile-documents.ts';

const repeat = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

const nested = (levels: number, open: string, inside: string, close: string): string =>
  `${open.repeat(levels)}${inside}${close.repeat(levels)}`;

/** Arguments that take long to compare, because they are printed for each comparison. */
const longWhere = '(where: { title: { contains: "a" } })';

/** Documents as large as the limits of projects' APIs allow, or just beyond, for the tracker's schema. */
export const hostileProjectDocuments: readonly HostileDocument[] = [
  ['3,000 levels', `{${nested(3_000, 'a{', 'b', '}')}}`, 'QUERY_TOO_DEEP'],
  ['3,000 inline fragments in each other', nested(3_000, '{...', '{a}', '}'), 'QUERY_TOO_DEEP'],
  [
    '4,900 nested lists',
    `{ issues(where: ${nested(4_900, '[', '', ']')}) { totalCount } }`,
    'QUERY_TOO_DEEP',
  ],
  [
    '2,400 nested filters',
    `{ issues(where: ${nested(2_400, '{ not: ', '{}', '}')}) { totalCount } }`,
    'QUERY_TOO_DEEP',
  ],
  ['1,001 aliases', `{ ${repeat(1_001, (i) => `a${i}: __typename`)} }`, 'QUERY_TOO_COMPLEX'],
  [
    '990 fields of one name',
    `{ issues { nodes { ${repeat(990, () => 'title')} } } }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    '490 fields of one name with long arguments',
    `{ ${repeat(490, () => `issues${longWhere} { totalCount }`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'fields of one name in 30 fragments',
    `{ ${repeat(30, (i) => `...F${i}`)} } ${repeat(
      30,
      (i) => `fragment F${i} on Query { ${repeat(15, () => 'issues { totalCount }')} }`,
    )}`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    '900 operations that spread a large fragment',
    `${repeat(900, (i) => `query Q${i} { ...F }`)} fragment F on Query { ${repeat(900, (i) => `a${i}: __typename`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'fragments that fan out over 60 levels',
    `{ ...F0 } ${repeat(60, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)}`,
    'QUERY_TOO_COMPLEX',
  ],
  ['990 unknown fields', `{ ${repeat(990, (i) => `issuez${i}`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  ['990 unknown fragments', `{ ${repeat(990, (i) => `...X${i}`)} }`, 'GRAPHQL_VALIDATION_FAILED'],
  [
    '2,400 unused variables',
    `query (${repeat(2_400, (i) => `$v${i}: Int`)}) { __typename }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    '1,300 directives on one field',
    `{ __typename ${repeat(1_300, () => '@skip(if: true)')} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a string of 190,000 characters',
    `{ issues(where: { title: { contains: "${'x'.repeat(190_000)}" } }) { nope } }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'errors after 95,000 comments',
    `${'#\n'.repeat(95_000)}{ ${repeat(150, (i) => `a${i}`)} }`,
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a cursor of 190,000 characters',
    `{ issues(first: 1, after: "${'A'.repeat(190_000)}") { nodes { id } } }`,
    'BAD_USER_INPUT',
  ],
].map(([name = '', query = '', code = '']) => ({ name, query, code }));
