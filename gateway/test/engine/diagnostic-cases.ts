import type { DiagnosticCode } from '../../src/engine/sdl/diagnostics.ts';
import { limits } from '../../src/engine/sdl/limits.ts';

/** `«` marks each position that a diagnostic with this code must report. */
type Case = readonly [code: DiagnosticCode, what: string, sdl: string];

const id = 'id: ID! @id';
const model = (name: string, fields: string, directives = '') =>
  `type ${name} @model ${directives} { ${id} ${fields} }`;
const many = (count: number, item: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => item(index)).join(' ');
const keyed = (a: string, b: string) =>
  model('A', `${a}: Int ${b}: Int`, `«@unique(fields: ["${a}", "${b}"])`);
const fieldOf = (type: string, directives: string) => model('A', `f: ${type} ${directives}`);
const oneToOne = (a: string, b: string) => model('A', `b: ${a}`) + model('B', `a: ${b}`);

/** At least one schema for every diagnostic. */
export const diagnosticCases: readonly Case[] = [
  ['SDL_TOO_LARGE', 'over 256 KiB', `«${'#'.repeat(limits.sdlBytes + 1)}`],
  ['SYNTAX_ERROR', 'an open brace', 'type A @model { id: ID! @id «'],
  ['SYNTAX_ERROR', 'a name with a non-ASCII character', 'type Gr«öße @model { id: ID! @id }'],
  ['SYNTAX_ERROR', 'NUL', 'type A«\0 @model { id: ID! @id }'],
  [
    'NESTED_TOO_DEEP',
    'a deeply nested default',
    model('A', `f: JSON @default(value: ${'['.repeat(62)}«${'['.repeat(5000)}`),
  ],
  [
    'TOO_MANY_DIAGNOSTICS',
    'hundreds of invalid types',
    model(
      'A',
      many(150, (i) => `f${i}: No @id(a: 1) @x @y @z`),
    ).replace('@z }', '@z }'),
  ],

  ['UNSUPPORTED_DEFINITION', 'a scalar', '«scalar Money'],
  ['UNSUPPORTED_DEFINITION', 'an input', '«input I { a: Int }'],
  ['UNSUPPORTED_DEFINITION', 'an interface', '«interface I { a: Int }'],
  ['UNSUPPORTED_DEFINITION', 'a union', '«union U = A ' + model('A', '')],
  ['UNSUPPORTED_DEFINITION', 'an extension', model('A', '') + ' «extend type A { b: Int }'],
  ['UNSUPPORTED_DEFINITION', 'a schema definition', '«schema { query: A } ' + model('A', '')],
  ['UNSUPPORTED_DEFINITION', 'a directive definition', '«directive @x on FIELD'],
  ['UNSUPPORTED_DEFINITION', 'an operation', '«query { a }'],
  ['NOT_A_MODEL', 'a type without @model', `type «A { ${id} }`],
  ['INTERFACES_UNSUPPORTED', 'a type with implements', `type A implements «Node @model { ${id} }`],
  ['DUPLICATE_NAME', 'two types', `${model('A', '')} type «A @model { ${id} }`],
  ['DUPLICATE_NAME', 'a type and an enum', `${model('A', '')} enum «A { X }`],
  ['DUPLICATE_NAME', 'two fields', model('A', 'b: Int «b: Int')],
  ['DUPLICATE_NAME', 'two values', 'enum E { X «X }'],
  [
    'NAMES_DIFFER_IN_CASE',
    'two types that differ in case',
    `${model('Issue', '')} type «ISSUE @model { ${id} }`,
  ],
  [
    'NAMES_DIFFER_IN_CASE',
    'two types with the same table',
    `${model('AbC', '')} type «Ab_c @model { ${id} }`,
  ],
  ['NAMES_DIFFER_IN_CASE', 'two fields, the same column', model('A', 'fooBar: Int «foo_bar: Int')],
  ['NAME_RESERVED', 'a built-in type of GraphQL', `type «Query @model { ${id} }`],
  ['NAME_RESERVED', 'a scalar', 'enum «DateTime { X }'],
  ['NAME_RESERVED', 'two leading underscores in a type', `type «__A @model { ${id} }`],
  ['NAME_RESERVED', 'two leading underscores in a field', model('A', '«__f: Int')],
  ['NAME_RESERVED', 'two leading underscores in a value', 'enum E { «__X }'],
  ['NAME_RESERVED', 'a keyword of where', model('A', '«and: Int')],
  [
    'NAME_RESERVED',
    'Object.prototype properties',
    model(
      'A',
      '«constructor: Int «toString: Int «valueOf: Int «hasOwnProperty: Int «__proto__: Int',
    ),
  ],
  ['NAME_RESERVED', 'a system column', model('A', '«xMin: Int «ctid: Int').replace('xMin', 'xmin')],
  ['NAME_TOO_LONG', 'a type', `type «${'A'.repeat(49)} @model { ${id} }`],
  ['NAME_TOO_LONG', 'a field', model('A', `«${'a'.repeat(49)}: Int`)],
  ['NAME_TOO_LONG', 'an enum and its value', `enum «${'E'.repeat(49)} { «${'X'.repeat(49)} }`],
  [
    'NAME_COLLISION',
    'the key of a relation',
    model('A', '«b: B bId: Int') + model('B', 'as: [A!]!'),
  ],
  ['NAME_COLLISION', "the key's column", model('A', '«b: B b_id: Int') + model('B', 'as: [A!]!')],
  ['NAME_COLLISION', 'a generated type', `${model('A', '')} type «AConnection @model { ${id} }`],
  [
    'NAME_COLLISION',
    'a plural',
    `${model('Issue', '')} type «Issues @model(plural: "moreIssues") { ${id} }`,
  ],
  [
    'NAME_COLLISION',
    'two plurals',
    `type A @model(plural: "things") { ${id} } type «B @model(plural: "things") { ${id} }`,
  ],
  ['NAME_COLLISION', 'the filter of an enum', `enum «E { X } type EFilter @model { ${id} }`],
  [
    'NAME_COLLISION',
    'a composite key',
    'type A @model «@unique(fields: ["a", "b"]) { id: ID! @id a: Int b: Int a_b: Int }',
  ],
  [
    'NAME_COLLISION',
    'two composite keys',
    'type A @model @unique(fields: ["a_b", "c"]) «@unique(fields: ["a", "b_c"]) { id: ID! @id a: Int a_b: Int c: Int b_c: Int }',
  ],
  ['NAME_COLLISION', 'a key input and the input of its type', keyed('where', 'unique')],
  ['NAME_COLLISION', 'a key input and a type', `${keyed('b', 'c')} ${model('ABCInput', '')}`],
  ['NAME_COLLISION', 'a key input and an enum', `${keyed('b', 'c')} enum ABCInput { X }`],
  [
    'NAME_COLLISION',
    'two key inputs',
    'type A @model @unique(fields: ["a", "bC"]) «@unique(fields: ["aB", "c"]) { id: ID! @id a: Int bC: Int aB: Int c: Int }',
  ],
  ['NAME_COLLISION', 'an aggregate type', `${model('A', '')} type «ASumAggregate @model { ${id} }`],
  ['PLURAL_EQUALS_SINGULAR', 'a word without a distinct plural', `type «Sheep @model { ${id} }`],
  ['PLURAL_EQUALS_SINGULAR', 'an explicit plural', `type «Cat @model(plural: "Cat") { ${id} }`],
  ['TOO_MANY', 'types', many(200, (i) => model(`T${i}x`, '')) + `type «Last @model { ${id} }`],
  ['TOO_MANY', 'fields', model('A', many(199, (i) => `f${i}: Int`) + ' «last: Int')],
  ['TOO_MANY', 'enums', many(200, (i) => `enum E${i}x { X }`) + ' enum «Last { X }'],
  ['TOO_MANY', 'values', `enum E { ${many(500, (i) => `V${i}`)} «LAST }`],
  [
    'TOO_MANY',
    'keys',
    model(
      'A',
      many(51, (i) => `f${i}: Int`),
      many(51, (i) => `${i === 50 ? '«' : ''}@index(fields: ["f${i}"])`),
    ),
  ],
  [
    'TOO_MANY',
    'fields of a key',
    model(
      'A',
      many(17, (i) => `f${i}: Int`),
      `«@index(fields: [${many(17, (i) => `"f${i}"`)}])`,
    ),
  ],
  ['EMPTY_TYPE', 'a type', 'type «A @model'],
  ['EMPTY_TYPE', 'an enum', 'enum «E'],

  ['UNKNOWN_DIRECTIVE', 'an unknown directive on a type', `type A @model «@nope { ${id} }`],
  ['UNKNOWN_DIRECTIVE', 'an unknown directive on a field', model('A', 'f: Int «@nope')],
  ['UNKNOWN_DIRECTIVE', 'a type directive on a field', model('A', 'f: Int «@model')],
  ['UNKNOWN_DIRECTIVE', 'unknown directives on an enum and a value', 'enum E «@nope { X «@nope }'],
  ['UNKNOWN_DIRECTIVE', 'an Object.prototype property', model('A', 'f: Int «@toString')],
  ['DUPLICATE_DIRECTIVE', 'a repeated directive', model('A', 'f: Int @unique «@unique')],
  ['UNKNOWN_ARGUMENT', 'an unknown argument', model('A', 'f: Int @unique(«fields: ["f"])')],
  ['UNKNOWN_ARGUMENT', 'an Object.prototype property', `type A @model(«constructor: 1) { ${id} }`],
  ['MISSING_ARGUMENT', '@default', model('A', 'f: Int «@default')],
  ['BAD_ARGUMENT', 'a plural that is not a valid name', `type A @model(plural: «"a b") { ${id} }`],
  ['BAD_ARGUMENT', 'a page size of 0', `type A @model(maxPageSize: «0) { ${id} }`],
  ['BAD_ARGUMENT', 'a huge page size', `type A @model(maxPageSize: «99999999999999) { ${id} }`],
  ['BAD_ARGUMENT', 'an empty list of names', `type A @model @index(fields: «[]) { ${id} }`],
  [
    'BAD_ARGUMENT',
    'an unknown action',
    model('A', 'b: B @relation(onDelete: «EXPLODE)') + model('B', 'as: [A!]!'),
  ],
  ['BAD_ARGUMENT', 'an unknown format', fieldOf('String', '@constraint(format: «NOPE)')],
  ['DIRECTIVE_MISPLACED', '@relation on a value', fieldOf('Int', '«@relation(name: "x")')],
  [
    'DIRECTIVE_MISPLACED',
    '@default on a relation',
    model('A', 'b: B «@default(value: 1)') + model('B', 'as: [A!]!'),
  ],
  [
    'DIRECTIVE_MISPLACED',
    '@default on @id',
    'type A @model { id: ID! @id «@default(value: "00000000-0000-0000-0000-000000000000") }',
  ],
  ['DIRECTIVE_MISPLACED', '@unique on @id', 'type A @model { id: ID! @id «@unique }'],
  [
    'DIRECTIVE_MISPLACED',
    '@createdAt and @updatedAt',
    model('A', 'f: DateTime! «@createdAt @updatedAt'),
  ],
  [
    'DIRECTIVE_MISPLACED',
    'onDelete on the list',
    model('A', 'b: B') + model('B', 'as: [A!]! «@relation(onDelete: CASCADE)'),
  ],
  [
    'DIRECTIVE_MISPLACED',
    '@unique opposite a list',
    model('A', 'b: B «@unique') + model('B', 'as: [A!]!'),
  ],
  [
    'DIRECTIVE_MISPLACED',
    '@unique on a list',
    model('A', 'b: B') + model('B', 'as: [A!]! «@unique'),
  ],
  [
    'DIRECTIVE_MISPLACED',
    'onDelete on a many-to-many relation',
    model('A', 'bs: [B!]! «@relation(onDelete: CASCADE)') + model('B', 'as: [A!]!'),
  ],

  ['FIELD_ARGUMENTS', 'a field with arguments', model('A', '«f(a: Int): Int')],
  ['UNKNOWN_TYPE', 'an unknown type', model('A', 'f: «Strng')],
  ['BAD_LIST', 'null items', model('A', 'f: «[Int]')],
  ['BAD_LIST', 'a list of lists', model('A', 'f: «[[Int!]!]!')],
  ['BAD_LIST', 'an optional list of models', model('A', 'bs: «[B!]') + model('B', 'a: A')],
  ['MISSING_ID', 'a type without @id', 'type «A @model { f: Int }'],
  ['DUPLICATE_ID', 'two @id fields', model('A', '«other: ID! @id')],
  ['BAD_ROLE_TYPE', 'an optional id', 'type A @model { id: ID «@id }'],
  ['BAD_ROLE_TYPE', 'an id of another type', 'type A @model { id: Int! «@id }'],
  ['BAD_ROLE_TYPE', 'an optional @createdAt', fieldOf('DateTime', '«@createdAt')],
  ['BAD_ROLE_TYPE', '@updatedAt on a date', fieldOf('Date!', '«@updatedAt')],
  ...(
    [
      ['Int', '1.5'],
      ['Int', '2147483648'],
      ['Int', '"1"'],
      ['Int', 'null'],
      ['Float', '1e999'],
      ['Float', '"1"'],
      ['BigInt', '9223372036854775808'],
      ['BigInt', '"1.5"'],
      ['Decimal', '"NaN"'],
      ['Decimal', '"1e9999"'],
      ['Boolean', '1'],
      ['Boolean', 'TRUE'],
      ['String', '1'],
      ['String', '"\\u0000"'],
      ['String', `"${'x'.repeat(10_001)}"`],
      ['UUID', '"nope"'],
      ['Date', '"2023-02-29"'],
      ['Date', '"0000-01-01"'],
      ['DateTime', '"2024-01-01"'],
      ['DateTime', '"2024-01-01T25:00:00Z"'],
      ['DateTime', '"2024-02-30T00:00:00Z"'],
      ['DateTime', '"0001-01-01T00:00:00+23:00"'],
      ['JSON', 'null'],
      ['JSON', 'ENUM'],
      ['JSON', '1e-400'],
      ['JSON', '{a: "\\u0000"}'],
      ['[Int!]', '1'],
      ['[Int!]', '[1, "2"]'],
      ['[Int!]', '[null]'],
    ] as const
  ).map(([type, value]): Case => [
    'BAD_DEFAULT',
    `${type} ${value.slice(0, 40)}`,
    fieldOf(type, `@default(value: «${value})`),
  ]),
  ['BAD_DEFAULT', 'an unknown enum value', `enum E { X } ${fieldOf('E', '@default(value: «Y)')}`],
  [
    'BAD_DEFAULT',
    'a default that violates the constraint',
    fieldOf('Int', '@constraint(min: 5) @default(value: «4)'),
  ],
  ['BAD_CONSTRAINT', 'a length on a number', fieldOf('Int', '«@constraint(maxLength: 5)')],
  ['BAD_CONSTRAINT', 'a limit on a text', fieldOf('String', '«@constraint(min: 5)')],
  ['BAD_CONSTRAINT', 'a length on a list', fieldOf('[String!]', '«@constraint(maxLength: 5)')],
  [
    'BAD_CONSTRAINT',
    'a format on an enum',
    `enum E { X } ${fieldOf('E', '«@constraint(format: EMAIL)')}`,
  ],
  ['BAD_CONSTRAINT', 'a pattern on JSON', fieldOf('JSON', '«@constraint(pattern: "^a$")')],
  [
    'BAD_CONSTRAINT',
    'minLength above maxLength',
    fieldOf('String', '«@constraint(minLength: 5, maxLength: 4)'),
  ],
  ['BAD_CONSTRAINT', 'min above max', fieldOf('Decimal', '«@constraint(min: 0.2, max: "0.10")')],
  ['BAD_CONSTRAINT', 'a limit out of range', fieldOf('Int', '@constraint(min: «2147483648)')],
  ['BAD_CONSTRAINT', 'a fraction for an integer', fieldOf('BigInt', '@constraint(max: «1.5)')],
  ['BAD_CONSTRAINT', 'a huge length', fieldOf('String', '«@constraint(maxLength: 2000000000)')],
  ['BAD_CONSTRAINT', 'no arguments', fieldOf('String', '«@constraint')],
  [
    'BAD_PATTERN',
    'a pattern that JavaScript and PostgreSQL interpret differently',
    fieldOf('String', '@constraint(pattern: «"^\\\\d+$")'),
  ],
  ['BAD_PATTERN', 'a slow pattern', fieldOf('String', '@constraint(pattern: «"^(a+)+$")')],
  ['BAD_RENAME', 'a field renamed to itself', model('A', 'f: Int «@rename(from: "f")')],
  [
    'BAD_RENAME',
    'two fields with the same old name',
    model('A', 'f: Int @rename(from: "x") g: Int «@rename(from: "x")'),
  ],
  [
    'BAD_RENAME',
    'two types with the same old name',
    `type A @model @rename(from: "X") { ${id} } type B @model «@rename(from: "X") { ${id} }`,
  ],

  ['ONE_SIDED_RELATION', 'no field on the other side', model('A', '«b: B') + model('B', '')],
  [
    'ONE_SIDED_RELATION',
    'different names',
    model('A', '«b: B @relation(name: "x")') + model('B', '«as: [A!]! @relation(name: "y")'),
  ],
  ['ONE_SIDED_RELATION', 'one self-referencing field', model('A', '«parent: A')],
  ['AMBIGUOUS_RELATION', 'three fields', model('A', '«b: B «c: B') + model('B', '«as: [A!]!')],
  ['AMBIGUOUS_RELATION', 'two fields on one side', model('A', '«b: B «c: B') + model('B', '')],
  ['AMBIGUOUS_RELATION', 'three self-referencing fields', model('A', '«a: A «b: A «cs: [A!]!')],
  [
    'ONE_TO_ONE_SIDES',
    'no owning side',
    oneToOne('B', 'A').replace('b: B', '«b: B').replace('a: A', '«a: A'),
  ],
  [
    'ONE_TO_ONE_SIDES',
    'two owning sides',
    oneToOne('B @unique', 'A @unique').replace('b: B', '«b: B').replace('a: A', '«a: A'),
  ],
  ['KEYLESS_SIDE_REQUIRED', 'a required inverse side', oneToOne('B @unique', '«A!')],
  [
    'SET_NULL_ON_REQUIRED',
    'SET_NULL on a required relation',
    model('A', 'b: «B! @relation(onDelete: SET_NULL)') + model('B', 'as: [A!]!'),
  ],
  ['REQUIRED_CYCLE', 'one type', model('A', 'parent: «A! children: [A!]!')],
  [
    'REQUIRED_CYCLE',
    'three types',
    model('A', 'b: «B! cs: [C!]!') +
      model('B', 'c: «C! as: [A!]!') +
      model('C', 'a: «A! bs: [B!]!'),
  ],

  ['UNKNOWN_KEY_FIELD', 'an unknown field', `type A @model «@index(fields: ["nope"]) { ${id} }`],
  [
    'UNKNOWN_KEY_FIELD',
    'the name of a foreign key field',
    model('B', 'as: [A!]!') + model('A', 'b: B', '«@unique(fields: ["bId"])'),
  ],
  ['BAD_KEY_FIELD', 'a list', model('A', 'f: [Int!] «@unique')],
  ['BAD_KEY_FIELD', 'JSON', model('A', 'f: JSON «@unique')],
  [
    'BAD_KEY_FIELD',
    'a to-many side',
    model('B', 'as: [A!]!', '«@index(fields: ["as"])') + model('A', 'b: B'),
  ],
  [
    'BAD_KEY_FIELD',
    'the inverse side',
    model('B', 'a: A', '«@index(fields: ["a"])') + model('A', 'b: B @unique'),
  ],
  ['BAD_KEY', 'a repeated field', model('A', 'f: Int', '«@index(fields: ["f", "f"])')],
  [
    'BAD_KEY',
    'a repeated key',
    model('A', 'f: Int g: Int', '@unique(fields: ["f", "g"]) «@unique(fields: ["g", "f"])'),
  ],
  ['BAD_KEY', 'a repetition of @unique', model('A', 'f: Int @unique', '«@unique(fields: ["f"])')],
];
