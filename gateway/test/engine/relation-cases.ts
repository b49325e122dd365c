import { id, model, type Case } from './definition-cases.ts';

const oneToOne = (a: string, b: string) => model('A', `b: ${a}`) + model('B', `a: ${b}`);

/** The diagnostics of relations and keys. */
export const relationCases: readonly Case[] = [
  ['ONE_SIDED_RELATION', 'a list without another side', model('A', '«bs: [B!]!') + model('B', '')],
  [
    'ONE_SIDED_RELATION',
    'different names',
    model('A', 'b: B @relation(name: "x")') + model('B', '«as: [A!]! @relation(name: "y")'),
  ],
  ['ONE_SIDED_RELATION', 'one self-referencing list', model('A', '«children: [A!]!')],
  [
    'BAD_REFERENCE',
    'a field that is not unique',
    model('A', 'b: B @relation(references: «"n")') + model('B', 'n: Int'),
  ],
  [
    'BAD_REFERENCE',
    'a relation that references itself',
    model('A', 'a: A @unique @relation(references: «"a")'),
  ],
  [
    'BAD_REFERENCE',
    'two relations that reference each other',
    model('A', 'b: B @unique @relation(name: "x", references: «"a")') +
      model('B', 'a: A @unique @relation(name: "y", references: «"b")'),
  ],
  [
    'BAD_KEY_NAMES',
    'two names for one column',
    model('A', 'b: B @relation(key: «["x", "y"])') + model('B', ''),
  ],
  ['AMBIGUOUS_RELATION', 'three fields', model('A', '«b: B «c: B') + model('B', '«as: [A!]!')],
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
