/**
 * What Tessera's schema language adds to GraphQL's, in words: for completion, help beside the text, and
 * whoever asks which scalars there are. A test holds it against the engine.
 */
export interface PreludeScalar {
  readonly name: string;
  readonly about: string;
}

export interface PreludeArgument {
  readonly name: string;
  /** As in GraphQL: `[String!]!`; an exclamation mark means that it must be given. */
  readonly type: string;
  readonly about: string;
  /** Where only some names may stand. */
  readonly values?: readonly string[];
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
  { name: 'ID', about: 'The primary key, a UUID. A new one is made unless the caller brings it.' },
  { name: 'String', about: 'Text of any length.' },
  { name: 'Int', about: 'A whole number of 32 bits.' },
  { name: 'Float', about: 'A floating point number of 64 bits. For money, take Decimal.' },
  { name: 'Boolean', about: 'true or false.' },
  { name: 'BigInt', about: 'A whole number of 64 bits; a string in JSON, so that it stays exact.' },
  { name: 'Decimal', about: 'An exact decimal number, such as a price; a string in JSON.' },
  { name: 'DateTime', about: 'An instant, as RFC 3339 in UTC: "2026-01-31T12:00:00Z".' },
  { name: 'Date', about: 'A day of the calendar: "2026-01-31".' },
  { name: 'JSON', about: 'Any JSON value. It can be filtered, but not be unique or indexed.' },
  { name: 'UUID', about: 'A UUID that is not the primary key, such as an id of another system.' },
];

export const scalarNames: ReadonlySet<string> = new Set(scalars.map(({ name }) => name));

const fieldNames = {
  name: 'fields',
  type: '[String!]!',
  about: 'Names of fields of this type; a relation stands for its key.',
} as const;

const formerName = {
  name: 'from',
  type: 'String!',
  about: 'The name that it had in the schema that is applied now.',
} as const;

const rename = {
  name: 'rename',
  about: 'Renames and keeps the data, where a new name alone would drop the old and add the new.',
  arguments: [formerName],
} as const;

const directives: readonly PreludeDirective[] = [
  {
    name: 'model',
    place: 'type',
    about: 'Makes a table of the type, and queries and mutations for it.',
    arguments: [
      { name: 'plural', type: 'String', about: 'The name for many, if the guess is not good.' },
      { name: 'maxPageSize', type: 'Int', about: 'Rows in one page at most: 1 to 1000, else 100.' },
    ],
    example: 'type Person @model(plural: "people") { … }',
  },
  {
    name: 'unique',
    place: 'type',
    repeatable: true,
    about: 'No two rows have the same values in all of these fields. It also finds one row.',
    arguments: [fieldNames],
    example: 'type Issue @model @unique(fields: ["board", "number"]) { … }',
  },
  {
    name: 'index',
    place: 'type',
    repeatable: true,
    about: 'Makes filters and orders over these fields fast. Keys of relations have one already.',
    arguments: [fieldNames],
    example: 'type Issue @model @index(fields: ["status", "createdAt"]) { … }',
  },
  { ...rename, place: 'type', example: 'type Ticket @model @rename(from: "Issue") { … }' },
  {
    name: 'id',
    place: 'field',
    about: 'The primary key. Every model has exactly one.',
    arguments: [],
    example: 'id: ID! @id',
  },
  {
    name: 'default',
    place: 'field',
    about: 'The value of rows that are made without one, and of rows that are there already.',
    arguments: [{ name: 'value', type: 'JSON!', about: 'A value of the field’s type.' }],
    example: 'status: Status! @default(value: TODO)',
  },
  {
    name: 'createdAt',
    place: 'field',
    about: 'When the row was made. It is kept for you and cannot be written.',
    arguments: [],
    example: 'createdAt: DateTime! @createdAt',
  },
  {
    name: 'updatedAt',
    place: 'field',
    about: 'When the row was last changed. It is kept for you and cannot be written.',
    arguments: [],
    example: 'updatedAt: DateTime! @updatedAt',
  },
  {
    name: 'unique',
    place: 'field',
    about: 'No two rows have the same value. On a relation it makes it one to one.',
    arguments: [],
    example: 'email: String! @unique',
  },
  {
    name: 'relation',
    place: 'field',
    about: 'Names a relation, so that its two sides find each other, and says what deleting does.',
    arguments: [
      {
        name: 'name',
        type: 'String',
        about: 'The same on both sides; needed where two types have several relations.',
      },
      {
        name: 'onDelete',
        type: 'OnDelete',
        about: 'On the side with the key: RESTRICT (the default) refuses, CASCADE deletes, too.',
        values: ['RESTRICT', 'CASCADE', 'SET_NULL'],
      },
    ],
    example: 'board: Board! @relation(onDelete: CASCADE)',
  },
  {
    name: 'constraint',
    place: 'field',
    about: 'What values must be like: checked with every input, and in the database.',
    arguments: [
      { name: 'minLength', type: 'Int', about: 'Characters of a String at least.' },
      { name: 'maxLength', type: 'Int', about: 'Characters of a String at most.' },
      { name: 'pattern', type: 'String', about: 'A regular expression that a String matches.' },
      { name: 'min', type: 'Decimal', about: 'The smallest number.' },
      { name: 'max', type: 'Decimal', about: 'The largest number.' },
      {
        name: 'format',
        type: 'Format',
        about: 'A kind of String that is known.',
        values: ['EMAIL', 'URL', 'SLUG', 'PHONE', 'HEX_COLOR'],
      },
    ],
    example: 'title: String! @constraint(minLength: 1, maxLength: 200)',
  },
  { ...rename, place: 'field', example: 'title: String! @rename(from: "name")' },
];

export const directivesAt = (place: PreludeDirective['place']): readonly PreludeDirective[] =>
  directives.filter((directive) => directive.place === place);
