import { limits } from '../../src/engine/sdl/limits.ts';
import type { Case } from './definition-cases.ts';
import { filterCases } from './filter-cases.ts';
import { allow, field, repeated, schema } from './rule-schema.ts';

const typeCases: readonly Case[] = [
  [
    'BAD_USER_MODEL',
    'two @user models',
    'type A @model @user { id: ID! @id } type B @model «@user { id: ID! @id }',
  ],
  [
    'BAD_USER_MODEL',
    'a key of several fields',
    'type A @model «@user @id(fields: ["a", "b"]) { a: Int! b: Int! }',
  ],
  ['NOT_A_MODEL', '@user on another type', 'type «A @user { id: ID! @id }'],
  ['BAD_CLAIMS_TYPE', 'with @model', 'type A @model «@claims { id: ID! @id }'],
  ['BAD_CLAIMS_TYPE', 'with @user', 'type A @claims «@user { role: String }'],
  ['BAD_CLAIMS_TYPE', 'two types', 'type A @claims { a: Int } type «B @claims { b: Int }'],
  ['BAD_CLAIMS_TYPE', 'a relation', field('', { claims: 'user: «User' })],
  ['BAD_CLAIMS_TYPE', 'a required claim', 'type A @claims { a: «Int! }'],
  ['BAD_CLAIMS_TYPE', 'JSON', 'type A @claims { a: «JSON }'],
  ['BAD_CLAIMS_TYPE', 'a directive on a claim', 'type A @claims { a: Int «@unique }'],
  ['BAD_CLAIMS_TYPE', 'as the type of a field', field('claims: «Claims', { claims: 'a: Int' })],
  ['BAD_LIST', 'a list of nullable claims', 'type A @claims { a: «[Int] }'],
  ['UNKNOWN_TYPE', 'a claim of an unknown type', 'type A @claims { a: «Nothing }'],
  ['EMPTY_TYPE', 'without claims', 'type «A @claims'],
  [
    'DUPLICATE_NAME',
    'a model and claims',
    'type A @model { id: ID! @id } type «A @claims { a: Int }',
  ],
  [
    'NAME_COLLISION',
    'the query me',
    'type User @model @user { id: ID! @id } type «Me @model { id: ID! @id }',
  ],
  [
    'NAME_COLLISION',
    'the plural me',
    'type User @model @user { id: ID! @id } type «I @model(plural: "me") { id: ID! @id }',
  ],
  ['NO_USER_MODEL', 'a reference', allow('{ authorId: { eq: «"$user.id" } }', { user: '' })],
  [
    'NO_USER_MODEL',
    'a filter on the user',
    schema({ user: '', rules: '@allow(to: [READ], user: «{ role: { eq: EDITOR } })' }),
  ],
  ['NO_CLAIMS_TYPE', 'a reference', allow('{ title: { eq: «"$claims.title" } }')],
  [
    'NO_CLAIMS_TYPE',
    'a condition',
    schema({ rules: '@allow(to: [READ], claims: «{ role: { eq: EDITOR } })' }),
  ],
];

const ruleCases: readonly Case[] = [
  ['BAD_ARGUMENT', 'an unknown operation', schema({ rules: '@allow(to: «[REED])' })],
  ['BAD_ARGUMENT', 'an operation in quotes', schema({ rules: '@allow(to: «"READ")' })],
  ['BAD_ARGUMENT', 'an unknown audience', schema({ rules: '@allow(to: [READ], as: «ADMIN)' })],
  ['MISSING_ARGUMENT', 'no operations', schema({ rules: '«@allow' })],
  ['BAD_RULE', 'an empty list', schema({ rules: '@allow(to: «[])' })],
  [
    'BAD_RULE',
    'check without UPDATE',
    schema({ rules: '@allow(to: [CREATE], check: «{ no: { gt: 1 } })' }),
  ],
  [
    'BAD_RULE',
    'deleting a field',
    field('a: Int @allow(to: «[READ, DELETE])', { rules: '@allow(to: [READ, DELETE])' }),
  ],
  [
    'BAD_RULE',
    'linking a field',
    field('a: Int @allow(to: «LINK)', { rules: '@allow(to: [LINK])' }),
  ],
  [
    'BAD_RULE',
    'writing @createdAt',
    field('a: DateTime @createdAt @allow(to: «[UPDATE])', { rules: '@allow(to: [UPDATE])' }),
  ],
  [
    'BAD_RULE',
    'the rule of a key',
    'type A @model @allow(to: READ) { id: ID! @id «@allow(to: READ) }',
  ],
  [
    'BAD_RULE',
    'the rule of a field in a composite key',
    'type A @model @allow(to: READ) @id(fields: ["a", "b"]) { a: Int! b: Int! «@allow(to: READ) }',
  ],
  [
    'BAD_RULE',
    'conditions of relations',
    schema({ rules: '@allow(to: READ)' }).replace(
      'author: User!',
      'author: User! @allow(to: READ, where: «{ no: { eq: 1 } }, user: «{ role: { eq: EDITOR } })',
    ),
  ],
  [
    'BAD_RULE',
    'conditions of a field that foreign keys reference',
    `type A @model @allow(to: READ) { id: ID! @id e: String! @unique @allow(to: READ, where: «{ e: { eq: "a" } }) }
     type B @model { id: ID! @id a: A @relation(references: "e") }`,
  ],
  ['MISSING_ALLOW', '@require without rules', schema({ rules: '@require(to: «[READ])' })],
  [
    'MISSING_ALLOW',
    '@require of another operation',
    schema({ rules: '@allow(to: READ) @require(to: «[READ, LINK], where: { no: { gt: 1 } })' }),
  ],
  ['MISSING_ALLOW', 'a rule of a field', field('a: Int @allow(to: «READ)')],
  [
    'TOO_MANY',
    'rules',
    schema({ rules: `${repeated(limits.rules, () => '@allow(to: READ)')} «@require(to: READ)` }),
  ],
  [
    'TOO_MANY',
    'rules of a field',
    field(`a: Int ${repeated(limits.rules, () => '@allow(to: READ)')} «@allow(to: READ)`, {
      rules: '@allow(to: READ)',
    }),
  ],
  [
    'TOO_MANY',
    'conditions on claims',
    schema({
      claims: 'level: Int',
      rules: `${repeated(limits.claimConditions, (i) => `@allow(to: READ, claims: { level: { eq: ${i} } })`)}
        @allow(to: READ, claims: { level: { eq: 1 } })
        @allow(to: READ, claims: «{ level: { gt: 1 } })`,
    }),
  ],
];

const fieldCases: readonly Case[] = [
  ['BAD_PRESET', 'on the key', 'type A @model { id: ID! @id «@preset(value: "a") }'],
  ['BAD_PRESET', 'on @updatedAt', field('u: DateTime @updatedAt «@preset(value: "$now")')],
  [
    'BAD_PRESET',
    'on a list of rows',
    schema({}).replace(
      'comments: [Comment!]!',
      'comments: [Comment!]! «@preset(value: "$user.id")',
    ),
  ],
  [
    'BAD_PRESET',
    'on a composite foreign key',
    `type A @model { id: ID! @id b: B «@preset(value: "$user.id") }
     type B @model @id(fields: ["x", "y"]) { x: Int! y: Int! as: [A!]! }`,
  ],
  [
    'BAD_PRESET',
    'an UPDATE of the key',
    'type A @model @id(fields: ["a", "b"]) { a: Int! @preset(value: 1, on: «[UPDATE]) b: Int! }',
  ],
  ['BAD_PRESET', 'never', field('a: Int @preset(value: 1, on: «[])')],
  ['BAD_PRESET', 'null', field('a: Int @preset(value: «null)')],
  ['BAD_PRESET', 'a value of another type', field('a: Int @preset(value: «"1")')],
  ['BAD_PRESET', 'an unknown value of an enum', field('a: Role @preset(value: «OWNER)')],
  [
    'BAD_PRESET',
    'a value that breaks a rule',
    field('a: Int @constraint(max: 5) @preset(value: «6)'),
  ],
  [
    'BAD_PRESET',
    'a value with too many digits',
    field('a: Decimal @decimal(precision: 3, scale: 1) @preset(value: «1.25)'),
  ],
  [
    'BAD_PRESET',
    'a list with a value with too many digits',
    field('a: [Decimal!]! @decimal(precision: 3, scale: 1) @preset(value: «[1.5, 1.25])'),
  ],
  [
    'BAD_PRESET',
    'and a rule for writing',
    field('a: Int @preset(value: 1) @allow(to: «[READ, CREATE])', {
      rules: '@allow(to: [READ, CREATE])',
    }),
  ],
  [
    'BAD_PRESET',
    'a constant for a relation',
    schema({}).replace(
      'author: User!',
      'author: User! @preset(value: «"0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e")',
    ),
  ],
  [
    'BAD_PRESET',
    'the key of another model',
    schema({}).replace(
      'author: User! team: Team',
      'author: User! team: Team @preset(value: «"$user.id")',
    ),
  ],
  [
    'BAD_PRESET',
    'another key for the user',
    schema({}).replace('author: User!', 'author: User! @preset(value: «"$user.teamId")'),
  ],
  ['BAD_REFERENCE_TYPE', 'a preset of another type', field('a: Int @preset(value: «"$user.name")')],
  ['MISPLACED_REFERENCE', 'the row in a preset', field('a: String @preset(value: «"$row.title")')],
  ['BAD_SIGN_UP', 'of another model', field('a: Int «@signUp')],
  ['BAD_SIGN_UP', 'of the address', schema({ userFields: 'email: String «@signUp' })],
  ['BAD_PRIVATE', 'on the key', 'type A @model { id: ID! @id «@private }'],
  [
    'BAD_PRIVATE',
    'and rules',
    field('a: Int «@private @allow(to: READ)', { rules: '@allow(to: READ)' }),
  ],
  ['UNWRITABLE_FIELD', 'private', field('«a: Int! @private', { rules: '@allow(to: CREATE)' })],
  [
    'UNWRITABLE_FIELD',
    'a list without a rule for CREATE',
    field('«a: [Int!]! @allow(to: READ)', { rules: '@allow(to: [READ, CREATE])' }),
  ],
  [
    'UNWRITABLE_FIELD',
    'preset by UPDATE',
    field('«a: Int! @preset(value: 1, on: UPDATE)', { rules: '@allow(to: CREATE)' }),
  ],
  [
    'UNWRITABLE_FIELD',
    'read by rules',
    schema({
      user: '@user @allow(to: CREATE)',
      userFields: '«level: Int!',
      rules: '@allow(to: READ, where: { no: { lte: "$user.level" } })',
    }),
  ],
  [
    'UNWRITABLE_FIELD',
    'a key that rules read',
    `type A @model @user @allow(to: [CREATE, READ], where: { id: { eq: "$user.id" } }) { «id: String! @id }`,
  ],
];

/** At least one schema for every diagnostic about access rules. */
export const accessCases: readonly Case[] = [
  ...typeCases,
  ...ruleCases,
  ...filterCases,
  ...fieldCases,
];
