import type { Case } from './definition-cases.ts';
import { allow, repeated, schema } from './rule-schema.ts';

/** Schemas whose rules have filters or references that are not valid. */
export const filterCases: readonly Case[] = [
  ['BAD_FILTER', 'a text', allow('«"true"')],
  ['BAD_FILTER', 'an unknown field', allow('{ «titel: { eq: "a" } }')],
  ['BAD_FILTER', 'an unknown field in not', allow('{ not: { or: [{ «teem: {} }] } }')],
  ['BAD_FILTER', 'an unknown operator', allow('{ title: { «equals: "a" } }')],
  ['BAD_FILTER', 'an operator of another type', allow('{ no: { «startsWith: "a" } }')],
  ['BAD_FILTER', 'an operator of a relation', allow('{ author: { «eq: "$user.id" } }')],
  ['BAD_FILTER', 'a relation that is a value', allow('{ author: «"$user.id" }')],
  [
    'BAD_FILTER',
    'no operator',
    allow('{ title: «{}, no: «{ eq: null } }').replace('«{ eq: null', '{ eq: «null'),
  ],
  ['BAD_FILTER', 'only a mode', allow('{ title: «{ mode: INSENSITIVE } }')],
  ['BAD_FILTER', 'a list without quantifier', allow('{ comments: { «text: { eq: "a" } } }')],
  ['BAD_FILTER', 'a field that is written twice', allow('{ no: { eq: 1 }, «no: { eq: 2 } }')],
  ['BAD_FILTER', 'an operator that is written twice', allow('{ no: { gt: 1, «gt: 2 } }')],
  ['BAD_FILTER', 'null', allow('{ title: { eq: «null } }')],
  ['BAD_FILTER', 'null in a list', allow('{ title: { in: ["a", «null] } }')],
  ['BAD_FILTER', 'a text for a number', allow('{ no: { eq: «"1" } }')],
  ['BAD_FILTER', 'a number beyond its range', allow('{ no: { in: [1, «2147483648] } }')],
  ['BAD_FILTER', 'a text for an ID', allow('{ id: { eq: «"me" } }')],
  ['BAD_FILTER', 'an unknown value of an enum', allow('{ role: { eq: «EDITR } }')],
  ['BAD_FILTER', 'a value of an enum in quotes', allow('{ role: { eq: «"EDITOR" } }')],
  ['BAD_FILTER', 'a flag that is a text', allow('{ title: { isNull: «"yes" } }')],
  ['BAD_FILTER', 'an unknown mode', allow('{ title: { eq: "a", mode: «LOOSE } }')],
  ['BAD_FILTER', 'a pattern that ends in an escape', allow('{ title: { like: «"a\\\\" } }')],
  ['BAD_FILTER', 'NUL', allow('{ title: { eq: «"a\\u0000" } }')],
  ['BAD_FILTER', 'a list for a text', allow('{ title: { eq: «["a"] } }')],
  ['BAD_FILTER', 'an object for a text', allow('{ title: { eq: «{ a: 1 } } }')],
  ['BAD_FILTER', 'a word of Hasura', allow('{ title: { eq: «"X-Hasura-User-Id" } }')],
  [
    'BAD_FILTER',
    'a list of more than 10,000 values',
    allow(`{ no: { in: «[${repeated(10_001, () => '1')}] } }`),
  ],
  ['BAD_FILTER', '_can at the top', allow('{ or: [{ «_can: READ }] }')],
  ['BAD_FILTER', '_can of another operation', allow('{ team: { _can: «UPDATE } }')],
  [
    'BAD_FILTER',
    'check and user',
    schema({
      rules: '@allow(to: UPDATE, check: { «nr: { eq: 1 } }, user: { «titel: { eq: "a" } })',
    }),
  ],
  [
    'BAD_FILTER',
    'claims',
    schema({
      claims: 'level: Int tags: [String!]',
      rules: `@allow(to: READ, claims: { «levl: { eq: 1 }, or: [{ level: { eq: «"1" } }, «1], tags: { «eqq: "a" }, not: { level: «{} } })`,
    }),
  ],
  [
    'FILTER_TOO_DEEP',
    'five relations',
    allow(
      '{ comments: { some: { parent: { parent: { parent: { «parent: { text: { eq: "a" } } } } } } } }',
    ),
  ],
  [
    'FILTER_TOO_DEEP',
    'with reused rules',
    `type A @model @allow(to: READ, where: { b: { «_can: READ } }) { id: ID! @id b: B! }
     type B @model @allow(to: READ, where: { c: { c: { c: { c: { n: { eq: 1 } } } } } }) { id: ID! @id c: C! as: [A!]! }
     type C @model { id: ID! @id c: C n: Int bs: [B!]! }`,
  ],
  [
    'RULE_TOO_LARGE',
    'with reused rules',
    `type A @model «@allow(to: READ, where: { or: [${repeated(100, () => '{ b: { _can: READ } }')}] }) { id: ID! @id b: B! }
     type B @model @allow(to: READ, where: { or: [${repeated(10, (i) => `{ n: { eq: ${i} } }`)}] }) { id: ID! @id n: Int as: [A!]! }`,
  ],
  [
    'RULE_CYCLE',
    'of a type with itself',
    'type A @model @allow(to: READ, where: { parent: { «_can: READ } }) { id: ID! @id parent: A }',
  ],
  [
    'RULE_CYCLE',
    'of two types',
    `type A @model @allow(to: READ, where: { b: { «_can: READ } }) { id: ID! @id b: B! }
     type B @model @allow(to: READ) @require(to: READ, where: { as: { some: { «_can: READ } } }) { id: ID! @id as: [A!]! }`,
  ],
  ['UNKNOWN_REFERENCE', 'another word', allow('{ title: { eq: «"$jwt.name" } }')],
  ['UNKNOWN_REFERENCE', 'the caller itself', allow('{ authorId: { eq: «"$user" } }')],
  ['UNKNOWN_REFERENCE', 'a path', allow('{ title: { eq: «"$user.team.name" } }')],
  ['UNKNOWN_REFERENCE', 'an unknown field', allow('{ title: { eq: «"$user.nam" } }')],
  ['UNKNOWN_REFERENCE', 'a relation', allow('{ teamId: { eq: «"$user.team" } }')],
  ['UNKNOWN_REFERENCE', 'a list of rows', allow('{ id: { in: «"$user.posts" } }')],
  ['UNKNOWN_REFERENCE', 'a list', allow('{ title: { in: «"$user.nicks" } }')],
  [
    'UNKNOWN_REFERENCE',
    'an unknown claim',
    allow('{ title: { eq: «"$claims.titel" } }', { claims: 'title: String' }),
  ],
  [
    'UNKNOWN_REFERENCE',
    'an unknown field of the row',
    allow('{ comments: { some: { text: { eq: «"$row.text" } } } }'),
  ],
  ['MISPLACED_REFERENCE', 'another operator', allow('{ title: { startsWith: «"$user.name" } }')],
  ['MISPLACED_REFERENCE', 'a flag', allow('{ title: { isNull: «"$user.name" } }')],
  ['MISPLACED_REFERENCE', 'in a list', allow('{ title: { in: ["a", «"$user.name"] } }')],
  ['MISPLACED_REFERENCE', 'in a JSON value', allow('{ data: { contains: { a: [«"$user.id"] } } }')],
  ['MISPLACED_REFERENCE', 'the row at the top', allow('{ title: { eq: «"$row.title" } }')],
  [
    'MISPLACED_REFERENCE',
    'the row at the top of a filter on the user',
    schema({ rules: '@allow(to: READ, user: { teamId: { eq: «"$row.teamId" } })' }),
  ],
  [
    'MISPLACED_REFERENCE',
    'in conditions on claims',
    schema({
      rules: '@allow(to: READ, claims: { a: { eq: «"$user.name" } })',
      claims: 'a: String',
    }),
  ],
  ['BAD_REFERENCE_TYPE', 'a text for a key', allow('{ authorId: { eq: «"$user.name" } }')],
  ['BAD_REFERENCE_TYPE', 'a value for a list', allow('{ title: { in: «"$user.name" } }')],
  [
    'BAD_REFERENCE_TYPE',
    'a list for a value',
    allow('{ title: { eq: «"$claims.titles" } }', { claims: 'titles: [String!]' }),
  ],
  ['BAD_REFERENCE_TYPE', 'an enum for a text', allow('{ title: { eq: «"$user.role" } }')],
  ['BAD_REFERENCE_TYPE', 'the time for a text', allow('{ title: { lt: «"$now" } }')],
  ['BAD_REFERENCE_TYPE', 'a date for a time', allow('{ at: { lt: «"$user.born" } }')],
];
