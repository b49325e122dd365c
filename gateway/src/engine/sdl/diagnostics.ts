import { limits } from './limits.ts';
import { scalarNames } from './scalars.ts';

/** One thing wrong with an SDL, where it stands (counted from 1), and the way out. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;
}

interface Wording {
  readonly message: string;
  readonly hint: string;
}

const say = (message: string, hint: string): Wording => ({ message, hint });

/** Every diagnostic there is: its code, its words, and what it needs to know to say them. */
export const problems = {
  // The text as a whole
  SDL_TOO_LARGE: (bytes: number) =>
    say(
      `The schema has ${bytes} bytes; at most ${limits.sdlBytes} are read.`,
      'Shorten descriptions, or split the data over two projects.',
    ),
  SYNTAX_ERROR: (what: string) => say(what, 'Correct the SDL here; nothing after it was read.'),
  NESTED_TOO_DEEP: () =>
    say(`Brackets are nested more than ${limits.nesting} deep.`, 'Flatten this value.'),
  TOO_MANY_DIAGNOSTICS: () =>
    say(
      `There are more than ${limits.diagnostics} problems; the rest is left out.`,
      'Correct these first, then plan again.',
    ),

  // Definitions
  UNSUPPORTED_DEFINITION: (what: string) =>
    say(
      `A project's schema holds object types with @model and enums; ${what} is neither.`,
      'Remove it, or write it as `type Name @model { … }` or `enum Name { … }`.',
    ),
  NOT_A_MODEL: (type: string) =>
    say(
      `The type ${type} has no @model, so there is no table for it.`,
      `Write \`type ${type} @model { … }\`, or use a JSON field for a value without identity.`,
    ),
  INTERFACES_UNSUPPORTED: (type: string) =>
    say(
      `${type} implements an interface; models cannot.`,
      'Remove `implements` and repeat the fields.',
    ),
  DUPLICATE_NAME: (what: string, name: string) =>
    say(`There is more than one ${what} called ${name}.`, 'Remove or rename one of them.'),
  NAMES_DIFFER_IN_CASE: (name: string, other: string) =>
    say(
      `${name} and ${other} become the same name in the database.`,
      'Rename one so that they differ in more than capitals and underscores.',
    ),
  NAME_RESERVED: (name: string, why: string) =>
    say(`The name ${name} is taken: ${why}.`, 'Choose another name.'),
  NAME_TOO_LONG: (name: string) =>
    say(
      `The name ${name.slice(0, 20)}… has ${name.length} characters; at most ${limits.nameLength} are allowed.`,
      'Shorten it; a description may say the rest.',
    ),
  NAME_COLLISION: (name: string, made: string, other: string) =>
    say(
      `${made} would be called ${name} in the API, and so is ${other}.`,
      'Rename one of them, or give the type another plural with @model(plural:).',
    ),
  PLURAL_EQUALS_SINGULAR: (type: string, name: string) =>
    say(
      `The plural of ${type} would be the same as its singular, ${name}.`,
      `Give a plural of its own: \`type ${type} @model(plural: "${name}List")\`.`,
    ),
  TOO_MANY: (what: string, limit: number) =>
    say(
      `There can be at most ${limit} ${what}.`,
      'Remove some, or split the data over two projects.',
    ),
  EMPTY_TYPE: (name: string) =>
    say(
      `${name} is empty.`,
      'Give a type at least its `id: ID! @id`, and an enum at least one value.',
    ),

  // Directives
  UNKNOWN_DIRECTIVE: (name: string, known: readonly string[]) =>
    say(
      `There is no directive @${name} here.`,
      `These may stand here: ${known.join(' ') || 'none'}.`,
    ),
  DUPLICATE_DIRECTIVE: (name: string) =>
    say(`@${name} stands here more than once.`, 'Keep one of them.'),
  UNKNOWN_ARGUMENT: (directive: string, name: string, known: readonly string[]) =>
    say(
      `@${directive} has no argument ${name}.`,
      known.length > 0 ? `It takes: ${known.join(', ')}.` : 'It takes none.',
    ),
  MISSING_ARGUMENT: (directive: string, name: string) =>
    say(`@${directive} needs its argument ${name}.`, `Write \`@${directive}(${name}: …)\`.`),
  BAD_ARGUMENT: (directive: string, name: string, expected: string) =>
    say(`The argument ${name} of @${directive} is not right.`, `It takes ${expected}.`),
  DIRECTIVE_MISPLACED: (directive: string, why: string) =>
    say(`@${directive} cannot stand here: ${why}.`, `Remove @${directive}, or move it.`),

  // Fields
  FIELD_ARGUMENTS: (field: string) =>
    say(`The field ${field} takes arguments; fields of models cannot.`, 'Remove the arguments.'),
  UNKNOWN_TYPE: (name: string) =>
    say(
      `There is no type ${name}.`,
      `Define it as a model or enum, or use a scalar: ${scalarNames.join(', ')}.`,
    ),
  BAD_LIST: (field: string, type: string) =>
    say(
      `${field} must be a list without gaps and of one level.`,
      `Write \`${field}: [${type}!]!\`; for lists of lists use JSON.`,
    ),
  MISSING_ID: (type: string) => say(`${type} has no @id field.`, 'Add `id: ID! @id`.'),
  DUPLICATE_ID: (type: string) =>
    say(
      `${type} has more than one @id field.`,
      'Keep one; use @unique(fields:) for a composite key.',
    ),
  BAD_ROLE_TYPE: (directive: string, type: string) =>
    say(
      `A field with @${directive} must have the type ${type}.`,
      `Write \`: ${type} @${directive}\`.`,
    ),
  BAD_DEFAULT: (type: string, expected: string) =>
    say(`The default is not a value of ${type}.`, `Write ${expected}.`),
  BAD_CONSTRAINT: (what: string, hint: string) => say(what, hint),
  BAD_PATTERN: (what: string, hint: string) => say(what, hint),
  BAD_RENAME: (what: string) =>
    say(what, 'Name the one former name that this had, or remove @rename.'),

  // Relations
  ONE_SIDED_RELATION: (field: string, type: string, target: string) =>
    say(
      `${type}.${field} is one side of a relation, and ${target} has no other side for it.`,
      `Add a field of type ${type} or [${type}!]! to ${target}; if this one has @relation(name:), so must that.`,
    ),
  AMBIGUOUS_RELATION: (fields: readonly string[]) =>
    say(
      `It is not clear which of these fields belong together: ${fields.join(', ')}.`,
      'Give the two sides of each relation the same @relation(name:).',
    ),
  ONE_TO_ONE_SIDES: (field: string, other: string) =>
    say(
      `${field} and ${other} are one to one, and exactly one of them must be @unique.`,
      'Put @unique on the side that is to hold the key, and on that one only.',
    ),
  KEYLESS_SIDE_REQUIRED: (field: string, other: string) =>
    say(
      `${field} cannot be required: ${other} holds the key, so a row may exist before anything points to it.`,
      'Make it optional, or move @unique to this side.',
    ),
  SET_NULL_ON_REQUIRED: (field: string) =>
    say(
      `${field} is required, so deleting the other side cannot set it to null.`,
      'Make the field optional, or use onDelete: CASCADE or RESTRICT.',
    ),
  REQUIRED_CYCLE: (path: readonly string[]) =>
    say(
      `No first row could ever be made: ${path.join(' → ')} require one another.`,
      'Make one of these relations optional.',
    ),

  // Keys
  UNKNOWN_KEY_FIELD: (type: string, field: string) =>
    say(
      `${type} has no field ${field}.`,
      'Name fields of this type; a relation stands for its key.',
    ),
  BAD_KEY_FIELD: (field: string, why: string) =>
    say(
      `${field} cannot be part of a key: ${why}.`,
      'Name a single value or the side of a relation that holds its key.',
    ),
  BAD_KEY: (why: string) => say(why, 'Name each field once, and each key once.'),
} as const satisfies Record<string, (...facts: never[]) => Wording>;

export type DiagnosticCode = keyof typeof problems;

export type Facts<Code extends DiagnosticCode> = Parameters<(typeof problems)[Code]>;
