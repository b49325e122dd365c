/** The meanings of the operations in rules. */
export const operationMeanings = {
  READ: 'The caller sees the row, everywhere in the API.',
  CREATE: 'The caller can create such a row.',
  UPDATE: 'The caller can change the row. The rules for READ must hold too.',
  DELETE: 'The caller can delete the row. The rules for READ must hold too.',
  LINK: 'Rows of the caller can refer to the row. Without a rule for LINK, the rules for READ decide.',
} as const;

/** The meanings of the audiences of rules. */
export const audienceMeanings = {
  PUBLIC: 'Everyone, signed in or not.',
  GUEST: 'Callers who are signed in, also with an anonymous account.',
  USER: 'Callers who are signed in with a real account.',
} as const;

const operations = {
  name: 'to',
  type: '[AccessOperation!]!',
  about:
    'The operations. LINK: other rows can refer to the row. Without a rule for LINK, the rules for READ decide.',
  values: ['READ', 'CREATE', 'UPDATE', 'DELETE', 'LINK'],
  meanings: operationMeanings,
} as const;

const conditions = [
  {
    name: 'where',
    type: 'RowFilter',
    about:
      'Conditions on the row, in the grammar of the filters of the API. For CREATE, on the row as it will be written. A text such as "$user.id" is a reference.',
  },
  {
    name: 'check',
    type: 'RowFilter',
    about: 'Conditions on the row after an UPDATE. The default is `where`.',
  },
  {
    name: 'user',
    type: 'RowFilter',
    about: 'Conditions on the row of the caller in the @user model.',
  },
  {
    name: 'claims',
    type: 'ClaimFilter',
    about: 'Conditions on the claims of the token of the caller.',
  },
] as const;

const allow = {
  name: 'allow',
  repeatable: true,
  arguments: [
    operations,
    {
      name: 'as',
      type: 'Audience',
      about:
        'The callers: PUBLIC (everyone), GUEST (signed in, also with an anonymous account) or USER (the default: signed in with a real account).',
      values: ['PUBLIC', 'GUEST', 'USER'],
      meanings: audienceMeanings,
    },
    ...conditions,
  ],
} as const;

/** The directives on types about access rules. */
export const typeRules = [
  {
    name: 'user',
    place: 'type',
    about: 'The rows of this model are the end users of the project. Only one model can have it.',
    arguments: [],
    example: 'type User @model @user { … }',
  },
  {
    name: 'claims',
    place: 'type',
    about:
      'A type that is not a model. Its fields are the claims of tokens that access rules can use.',
    arguments: [],
    example: 'type Claims @claims { role: String }',
  },
  {
    ...allow,
    place: 'type',
    about:
      'Permits operations to end users. Several rules are alternatives. Without a rule, an operation is not possible.',
    example:
      'type Post @model @allow(to: [READ, UPDATE], where: { authorId: { eq: "$user.id" } }) { … }',
  },
  {
    name: 'require',
    place: 'type',
    repeatable: true,
    about: 'Conditions that must also hold for operations that @allow permits.',
    arguments: [operations, ...conditions],
    example: 'type Post @model @require(to: [UPDATE], where: { locked: { eq: false } }) { … }',
  },
] as const;

/** The directives on fields about access rules. */
export const fieldRules = [
  {
    ...allow,
    place: 'field',
    about:
      'Permits exactly these operations on the field to end users, within the rules of the type.',
    example: 'email: String! @allow(to: [READ], where: { id: { eq: "$user.id" } })',
  },
  {
    name: 'preset',
    place: 'field',
    about:
      'The value that the field gets when an end user writes a row. End users cannot set the field.',
    arguments: [
      {
        name: 'value',
        type: 'PresetValue!',
        about: 'A value of the field’s type, or a reference such as "$user.id".',
      },
      {
        name: 'on',
        type: '[PresetOperation!]',
        about: 'When the value is set. The default is CREATE.',
        values: ['CREATE', 'UPDATE'],
      },
    ],
    example: 'owner: User! @preset(value: "$user.id")',
  },
  {
    name: 'private',
    place: 'field',
    about: 'Hides the field from end users. Access rules can use it.',
    arguments: [],
    example: 'notes: String @private',
  },
  {
    name: 'signUp',
    place: 'field',
    about: 'A new user can set the field with createMe. Only in the @user model.',
    arguments: [],
    example: 'name: String! @signUp',
  },
] as const;
