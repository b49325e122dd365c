import { fieldRules, typeRules } from './access-directives.ts';

/**
 * The scalars and directives that Tessera adds to GraphQL SDL, with descriptions for completion and hover help. A test
 * checks that the list matches the engine.
 */
export interface PreludeScalar {
  readonly name: string;
  readonly about: string;
}

export interface PreludeArgument {
  readonly name: string;
  /** The GraphQL type: `[String!]!`. An argument of a non-null type is required. */
  readonly type: string;
  readonly about: string;
  /** The allowed names, if the argument takes a name. */
  readonly values?: readonly string[];
  /** The meanings of the allowed names. */
  readonly meanings?: Readonly<Record<string, string>>;
}

export interface PreludeDirective {
  readonly name: string;
  readonly place: 'type' | 'field';
  readonly repeatable?: true;
  readonly about: string;
  readonly arguments: readonly PreludeArgument[];
  readonly example: string;
}

export const scalars: readonly PreludeScalar[] = [
  {
    name: 'ID',
    about: 'A UUID, as the primary key. It is generated unless the caller supplies one.',
  },
  { name: 'String', about: 'Text of any length.' },
  { name: 'Int', about: 'A 32-bit integer.' },
  { name: 'Float', about: 'A 64-bit floating-point number. Use Decimal for money.' },
  { name: 'Boolean', about: 'true or false.' },
  {
    name: 'BigInt',
    about: 'A 64-bit integer. In JSON, it is a string so that no precision is lost.',
  },
  { name: 'Decimal', about: 'An exact decimal number, such as a price. In JSON, it is a string.' },
  {
    name: 'DateTime',
    about: 'A UTC date and time in RFC 3339 format, such as "2026-01-31T12:00:00Z".',
  },
  { name: 'Date', about: 'A calendar date, such as "2026-01-31".' },
  { name: 'Time', about: 'A time of day, such as "18:30:00".' },
  { name: 'Bytes', about: 'Binary data. In JSON, it is base64, such as "aGVsbG8=".' },
  {
    name: 'JSON',
    about: 'Any JSON value. You can filter by it, but it cannot be unique or indexed.',
  },
  { name: 'UUID', about: 'A UUID, such as an ID from another system.' },
];

export const scalarNames: ReadonlySet<string> = new Set(scalars.map(({ name }) => name));

const fieldNames = {
  name: 'fields',
  type: '[String!]!',
  about: 'The names of fields in this type. For a relation, its foreign key is used.',
} as const;

const formerName = {
  name: 'from',
  type: 'String!',
  about: 'The name in the applied schema.',
} as const;

const rename = {
  name: 'rename',
  about:
    'Renames a type or field and keeps its data. Without this directive, changing the name drops the old table or column and its data.',
  arguments: [formerName],
} as const;

const deprecated = {
  name: 'deprecated',
  about: 'Marks a type, a field or an enum value that callers should not use anymore.',
  arguments: [
    {
      name: 'reason',
      type: 'String',
      about: 'The reason, and what to use instead. The default is "No longer supported".',
    },
  ],
} as const;

const directives: readonly PreludeDirective[] = [
  {
    name: 'model',
    place: 'type',
    about: 'Creates a table for the type, with queries and mutations.',
    arguments: [
      { name: 'plural', type: 'String', about: 'The plural name, if the generated one is wrong.' },
      {
        name: 'maxPageSize',
        type: 'Int',
        about: 'The maximum number of rows per page, from 1 to 1000. The default is 100.',
      },
    ],
    example: 'type Person @model(plural: "people") { … }',
  },
  {
    name: 'unique',
    place: 'type',
    repeatable: true,
    about:
      'No two rows can have the same values in these fields. You can also look up a row by these fields.',
    arguments: [fieldNames],
    example: 'type Issue @model @unique(fields: ["board", "number"]) { … }',
  },
  {
    name: 'index',
    place: 'type',
    repeatable: true,
    about: 'Speeds up filtering and sorting by these fields. Foreign keys are always indexed.',
    arguments: [fieldNames],
    example: 'type Issue @model @index(fields: ["status", "createdAt"]) { … }',
  },
  { ...rename, place: 'type', example: 'type Ticket @model @rename(from: "Issue") { … }' },
  {
    ...deprecated,
    place: 'type',
    example: 'type Ticket @model @deprecated(reason: "Use Issue.") { … }',
  },
  ...typeRules,
  {
    name: 'id',
    place: 'type',
    about:
      'The primary key, if it has several fields or is a relation. The fields must be required, and new rows need a value for each.',
    arguments: [fieldNames],
    example: 'type Cell @model @id(fields: ["shelf", "item"]) { … }',
  },
  {
    name: 'id',
    place: 'field',
    about:
      'The primary key. It cannot be changed. Int and BigInt keys are numbered, and ID and UUID keys are generated, unless the caller supplies one. Keys of other types are required in new rows.',
    arguments: [
      {
        name: 'generate',
        type: 'KeyGenerator',
        about:
          'How keys of type String or UUID are generated: NONE (the default of String; the caller supplies the key), CUID (CUID2), NANOID or UUID (version 7).',
        values: ['NONE', 'CUID', 'NANOID', 'UUID'],
      },
    ],
    example: 'id: ID! @id',
  },
  {
    name: 'default',
    place: 'field',
    about:
      'The value for new rows that do not set the field, and for existing rows when the field is added.',
    arguments: [
      { name: 'value', type: 'JSON', about: 'A value of the field’s type.' },
      {
        name: 'generate',
        type: 'Generator',
        about: 'How to make a value for each row, instead of `value`.',
        values: ['NOW', 'UUID', 'CUID', 'NANOID'],
      },
    ],
    example: 'status: Status! @default(value: TODO)',
  },
  {
    name: 'createdAt',
    place: 'field',
    about: 'When the row was created. It is set automatically and cannot be written.',
    arguments: [],
    example: 'createdAt: DateTime! @createdAt',
  },
  {
    name: 'updatedAt',
    place: 'field',
    about: 'When the row was last updated. It is set automatically and cannot be written.',
    arguments: [],
    example: 'updatedAt: DateTime! @updatedAt',
  },
  {
    name: 'unique',
    place: 'field',
    about:
      'No two rows can have the same value. On a relation, this makes the relation one-to-one.',
    arguments: [],
    example: 'email: String! @unique',
  },
  {
    name: 'relation',
    place: 'field',
    about:
      'Names a relation to pair its two sides, sets what happens when a row is deleted, and describes the foreign key.',
    arguments: [
      {
        name: 'name',
        type: 'String',
        about:
          'Must be the same on both sides. Required if there are several relations between two types.',
      },
      {
        name: 'onDelete',
        type: 'OnDelete',
        about:
          'Set this on the owning side. When the referenced row is deleted, RESTRICT (the default) prevents the deletion, CASCADE also deletes this row, and SET_NULL sets the field to null.',
        values: ['RESTRICT', 'CASCADE', 'SET_NULL'],
      },
      {
        name: 'references',
        type: '[String!]',
        about:
          'Set this on the owning side. The unique field of the other type that the foreign key contains, such as "slug", or all fields of a unique key. The default is the primary key.',
      },
      {
        name: 'key',
        type: '[String!]',
        about:
          'Set this on the owning side. The name of the foreign key in the API and of its column, such as "userId", or one name for each of its fields. The default is the name of the relation followed by Id.',
      },
    ],
    example: 'board: Board! @relation(onDelete: CASCADE)',
  },
  {
    name: 'constraint',
    place: 'field',
    about: 'Validation rules for the values, enforced by both the API and the database.',
    arguments: [
      { name: 'minLength', type: 'Int', about: 'The minimum number of characters.' },
      { name: 'maxLength', type: 'Int', about: 'The maximum number of characters.' },
      {
        name: 'pattern',
        type: 'String',
        about: 'A regular expression that the String must match.',
      },
      { name: 'min', type: 'Decimal', about: 'The minimum value.' },
      { name: 'max', type: 'Decimal', about: 'The maximum value.' },
      {
        name: 'format',
        type: 'Format',
        about: 'A predefined format for a String.',
        values: ['EMAIL', 'URL', 'SLUG', 'PHONE', 'HEX_COLOR'],
      },
    ],
    example: 'title: String! @constraint(minLength: 1, maxLength: 200)',
  },
  {
    name: 'decimal',
    place: 'field',
    about: 'The number of digits of a Decimal. A value with more digits is rejected.',
    arguments: [
      { name: 'precision', type: 'Int!', about: 'The total number of digits, from 1 to 100.' },
      { name: 'scale', type: 'Int!', about: 'The number of digits after the decimal point.' },
    ],
    example: 'price: Decimal! @decimal(precision: 12, scale: 2)',
  },
  {
    name: 'backfill',
    place: 'field',
    about:
      'The value for existing rows that have none when the field is added or becomes required. You can remove the directive after you have applied the plan.',
    arguments: [
      { name: 'value', type: 'JSON', about: 'A value of the field’s type.' },
      { name: 'from', type: 'String', about: 'The name of another field of this type.' },
      {
        name: 'generate',
        type: 'Generator',
        about: 'A new value for each row, or the current time.',
        values: ['UUID', 'CUID', 'NANOID', 'NOW'],
      },
    ],
    example: 'slug: String! @backfill(from: "title")',
  },
  ...fieldRules,
  { ...rename, place: 'field', example: 'title: String! @rename(from: "name")' },
  {
    ...deprecated,
    place: 'field',
    example: 'name: String @deprecated(reason: "Use title.")',
  },
];

export const directivesAt = (place: PreludeDirective['place']): readonly PreludeDirective[] =>
  directives.filter((directive) => directive.place === place);
