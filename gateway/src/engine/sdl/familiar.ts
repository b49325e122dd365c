/**
 * The Tessera way for names that people bring from other systems: Prisma, Hasura, Amplify, AppSync and Data Connect.
 * Names are in lower case.
 */
const directives: Readonly<Record<string, string>> = {
  hasmany:
    'Write both sides of the relation: `books: [Book!]!` here, and `shelf: Shelf` in the other type.',
  hasone: 'Write both sides of the relation, and @unique on the side that stores the foreign key.',
  belongsto:
    'Write `shelf: Shelf` here, and `books: [Book!]!` in the other type if it needs the list. The foreign key `shelfId` is created.',
  manytomany:
    'Write a list on both sides: `tags: [Tag!]!` here, and `posts: [Post!]!` in the other type.',
  connection:
    'Write both sides of the relation: `shelf: Shelf` in one type, and `books: [Book!]!` in the other.',
  table: 'Write @model. It creates the table.',
  entity: 'Write @model. It creates the table.',
  map: 'Remove it. The names of tables and columns are derived from the names of types and fields.',
  column: 'Remove it. The names of columns are derived from the names of fields.',
  ...accessRulesFor(
    'auth authenticated aws_auth aws_api_key aws_cognito_user_pools aws_iam aws_oidc aws_lambda policy policies rls rule access authorization authz permission permissions scope requiresscopes',
  ),
  deny: 'Remove it. An operation is possible only if an @allow permits it. Conditions that must hold as well are in @require.',
  hidden: 'Write @private to hide the field from end users.',
  omit: 'Write @private to hide the field from end users.',
  readonly: 'Write @allow(to: [READ]) on the field. End users can then read it, but not write it.',
  primarykey:
    'Write @id on the field, such as `id: Int! @id`. For a key of several fields, add @id(fields:) to the type.',
  key: 'Write @id on the field, such as `id: Int! @id`. For other keys, add @id(fields:), @unique(fields:) or @index(fields:) to the type.',
  pk: 'Write @id on the field, such as `id: Int! @id`.',
  searchable: 'Remove it. Filters such as `contains` and `ilike` work on every String.',
  versioned: 'Remove it. Add a field with @updatedAt to see when a row was changed.',
  ref: 'Write @relation(references: "slug") on the relation if it refers to another field than the key.',
  references:
    'Write @relation(references: "slug") on the relation if it refers to another field than the key.',
  col: 'Remove it. The type of a column follows from the type of the field.',
  db: 'Remove it. The type of a column follows from the type of the field.',
  ignore: 'Remove it, or remove the field.',
  required: 'Write `!` after the type: `title: String!`.',
  notnull: 'Write `!` after the type: `title: String!`.',
  autoincrement: 'For a key that is numbered, write `id: Int! @id`.',
  size: 'Write @constraint(maxLength: 100).',
  length: 'Write @constraint(maxLength: 100).',
  function: 'Remove it. Model fields have no resolvers.',
  http: 'Remove it. Model fields have no resolvers.',
  predictions: 'Remove it. Model fields have no resolvers.',
};

const types: Readonly<Record<string, string>> = {
  ...typesFor('Int', 'int32 int4 integer smallint number short int2 serial'),
  ...typesFor('BigInt', 'int64 int8 bigint long bigserial awstimestamp'),
  ...typesFor(
    'String',
    'text varchar char bpchar citext str awsphone awsipaddress awsurl awsemail url email uri emailaddress',
  ),
  ...typesFor('Float', 'double float4 float8 float32 float64 real'),
  ...typesFor('Decimal', 'numeric money bigdecimal'),
  ...typesFor('Boolean', 'bool'),
  ...typesFor('DateTime', 'timestamp timestamptz datetime awsdatetime instant'),
  ...typesFor('Date', 'awsdate localdate day'),
  ...typesFor('JSON', 'json jsonb jsonobject awsjson any object'),
  ...typesFor('UUID', 'uuid guid'),
  ...typesFor('Bytes', 'bytes blob bytea binary byte bytearray buffer base64 varbinary'),
  ...typesFor('Time', 'time awstime localtime timeofday'),
  ...typesFor('String', 'timetz duration interval'),
};

/** `@auth` of Amplify and Dgraph, the attributes of AppSync and ZenStack, and words for row-level security. */
function accessRulesFor(names: string): Readonly<Record<string, string>> {
  const hint =
    'Write @allow on the type, such as `@allow(to: [READ], where: { ownerId: { eq: "$user.id" } })`, for callers with a token of a user. The scopes of API keys decide for servers.';
  return Object.fromEntries(names.split(' ').map((name) => [name, hint]));
}

function typesFor(scalar: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, scalar]));
}

const constrained: Readonly<Record<string, string>> = {
  awsemail: 'EMAIL',
  email: 'EMAIL',
  emailaddress: 'EMAIL',
  awsurl: 'URL',
  url: 'URL',
  uri: 'URL',
  awsphone: 'PHONE',
};

/** Returns a hint for a directive of another system, or null. */
export function familiarDirective(name: string): string | null {
  const key = name.toLowerCase();
  return Object.hasOwn(directives, key) ? (directives[key] ?? null) : null;
}

/** Returns a hint for a type of another system, or null. */
export function familiarType(name: string): string | null {
  const key = name.toLowerCase();
  const scalar = Object.hasOwn(types, key) ? types[key] : undefined;
  if (scalar === undefined) return null;
  const format = Object.hasOwn(constrained, key) ? constrained[key] : undefined;
  return format === undefined
    ? `Use ${scalar}.`
    : `Use ${scalar} with @constraint(format: ${format}).`;
}

const parseHint = 'Fix this error. The text after it was not checked.';

/** Each test looks at the text from the position of the error, or at the whole line with the error. */
const syntaxHints: readonly (readonly [RegExp, string])[] = [
  [
    /^\s*(?:model|datasource|generator)\s+\w+\s*\{/,
    'This is a Prisma schema. Write `type Name @model { id: ID! @id … }`, with a colon before each type: `title: String`.',
  ],
  [
    /@default\(\s*(?:now|"?now\(\)"?)\s*\(?\s*\)/i,
    'For the time at which a row is created, write `@default(generate: NOW)`, or `DateTime! @createdAt` if callers cannot set it. For another default, write `@default(value: …)`.',
  ],
  [
    /@default\(\s*autoincrement\b/i,
    'For a key that is numbered, write `id: Int! @id`. Other fields cannot be numbered.',
  ],
  ...(['uuid', 'cuid', 'nanoid'] as const).map((name): readonly [RegExp, string] => [
    new RegExp(`@default\\(\\s*${name}\\b`, 'i'),
    `For a key, write \`id: String! @id(generate: ${name.toUpperCase()})\`. For another field, write \`@default(generate: ${name.toUpperCase()})\`.`,
  ]),
  [
    /@default\(\s*dbgenerated\b/i,
    'Write `@default(value: …)`, or `@default(generate: …)` with NOW, UUID, CUID or NANOID.',
  ],
  [/@default\(\s*[^)\s:]+\s*\)/, 'Name the argument: write `@default(value: …)`.'],
  [/^\s*create\s+table\b/i, 'This is SQL. Write `type Name @model { id: ID! @id … }`.'],
  [
    /^\s*@@\w+/,
    'Attributes of a model are directives of the type: `type Name @model @unique(fields: ["a", "b"])`.',
  ],
  [
    /^\s*(?!(?:type|enum|extend|input|interface|union|scalar|directive|query|mutation)\b)\w+\s+[A-Z]\w*(?:\[\])?\??(?:\s|$)/,
    'Write a colon between the name and the type: `title: String`. A type is optional unless it ends in `!`.',
  ],
];

/** Returns a hint for a syntax error. @param column counted from 1 */
export function syntaxHint(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): string {
  const content = (text.split(/\r\n|[\n\r]/)[line - 1] ?? '').slice(0, 1_000);
  const joined = joinedName(content, column - 1);
  const [, hint] = syntaxHints.find(([pattern]) => pattern.test(content)) ?? [];
  if (hint !== undefined) return hint;
  if (joined === null) return parseHint;
  return `Names consist of letters, digits and underscores: write \`${joined.replaceAll(/[^_0-9A-Za-z]+/g, '_')}\` instead of \`${joined}\`.`;
}

/** Returns the word with other characters than a name can have around a position: `PG-13`, `rooms.delete`. */
function joinedName(line: string, index: number): string | null {
  for (const { 0: word, index: start } of line.matchAll(/[A-Za-z][\w]*(?:[-./][\w]+)+/g)) {
    if (start <= index && index <= start + word.length) return word;
  }
  return null;
}
