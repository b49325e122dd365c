import { accessProblems } from './access-problems.ts';
import { familiarDirective, familiarType } from './familiar.ts';
import { limits } from './limits.ts';
import { scalarNames } from './scalars.ts';
import { say, type Wording } from './wording.ts';

/** A problem in a schema, its position (line and column start at 1), and a hint for fixing it. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly hint: string;
}

/** `["a", "b"]` */
const inSdl = (names: readonly string[]): string =>
  `[${names.map((name) => JSON.stringify(name)).join(', ')}]`;

/** All diagnostics: for each code, a function that returns the message and the hint. */
export const problems = {
  // The text as a whole
  SDL_TOO_LARGE: (bytes: number) =>
    say(
      `The schema is ${bytes} bytes long, but the limit is ${limits.sdlBytes} bytes.`,
      'Shorten descriptions, or split the data into two projects.',
    ),
  SYNTAX_ERROR: (what: string, hint: string) => say(what, hint),
  NESTED_TOO_DEEP: () =>
    say(
      `Brackets are nested more than ${limits.nesting} levels deep.`,
      'Reduce the nesting of this value.',
    ),
  TOO_MANY_DIAGNOSTICS: () =>
    say(
      `There are more than ${limits.diagnostics} problems. Only the first ${limits.diagnostics} are listed.`,
      'Fix these problems first, then plan again.',
    ),

  // Definitions
  UNSUPPORTED_DEFINITION: (what: string) =>
    say(
      `A schema can define only enums and object types with @model, not ${what}.`,
      'Remove this definition, or rewrite it as `type Name @model { … }` or `enum Name { … }`.',
    ),
  UNKNOWN_EXTENSION: (what: 'type' | 'enum', name: string, other: 'type' | 'enum' | null) =>
    say(
      `There is no ${what} ${name} to extend.`,
      other === null
        ? `Define it, or correct its name: \`${what === 'type' ? `type ${name} @model` : `enum ${name}`} { … }\`.`
        : `Write \`extend ${other} ${name}\`, because ${name} is ${other === 'enum' ? 'an enum' : 'a type'}.`,
    ),
  NOT_A_MODEL: (type: string) =>
    say(
      `The type ${type} has no @model directive, so it has no table.`,
      `Write \`type ${type} @model { … }\`. To store values without an id, use a JSON field instead.`,
    ),
  INTERFACES_UNSUPPORTED: (type: string) =>
    say(
      `${type} implements an interface, but models cannot implement interfaces.`,
      'Remove `implements`, and copy the interface fields into the type.',
    ),
  DUPLICATE_NAME: (what: string, name: string) =>
    say(`There is more than one ${what} named ${name}.`, 'Remove or rename one of them.'),
  NAMES_DIFFER_IN_CASE: (name: string, other: string) =>
    say(
      `${name} and ${other} have the same name in the database.`,
      'Rename one of them. Names must differ in more than letter case and underscores.',
    ),
  NAME_RESERVED: (name: string, why: string) =>
    say(`The name ${name} is reserved: ${why}.`, 'Choose another name.'),
  NAME_TOO_LONG: (name: string) =>
    say(
      `The name ${name.slice(0, 20)}… is ${name.length} characters long, but the limit is ${limits.nameLength}.`,
      'Shorten the name, and move the details to its description.',
    ),
  NAME_COLLISION: (name: string, one: string, other: string) =>
    say(
      `In the API, ${one} and ${other} would have the same name: ${name}.`,
      'Rename one of them, or set a different plural with @model(plural:).',
    ),
  PLURAL_EQUALS_SINGULAR: (type: string, name: string) =>
    say(
      `The singular and the plural of ${type} would have the same name: ${name}.`,
      `Set a different plural: \`type ${type} @model(plural: "${name}List")\`.`,
    ),
  TOO_MANY: (
    what: string,
    limit: number,
    hint = 'Remove some of them, or split the data into two projects.',
  ) => say(`There can be at most ${limit} ${what}.`, hint),
  EMPTY_TYPE: (name: string) =>
    say(
      `${name} is empty.`,
      'A type needs at least the field `id: ID! @id`, and an enum needs at least one value.',
    ),

  // Directives
  UNKNOWN_DIRECTIVE: (name: string, known: readonly string[]) =>
    say(
      `The directive @${name} is not supported here.`,
      familiarDirective(name) ?? `Directives allowed here: ${known.join(', ') || 'none'}.`,
    ),
  DUPLICATE_DIRECTIVE: (name: string) =>
    say(`@${name} is used more than once here.`, 'Remove all but one of them.'),
  UNKNOWN_ARGUMENT: (directive: string, name: string, known: readonly string[]) =>
    say(
      `The argument ${name} of @${directive} is unknown or repeated.`,
      `Arguments of @${directive}: ${known.join(', ') || 'none'}.`,
    ),
  MISSING_ARGUMENT: (directive: string, ...names: readonly string[]) =>
    say(
      names.length > 1
        ? `@${directive} requires one of the arguments ${names.join(', ')}.`
        : `@${directive} requires the argument ${names.join()}.`,
      `Write ${names.map((name) => `\`@${directive}(${name}: …)\``).join(' or ')}.`,
    ),
  BAD_ARGUMENT: (directive: string, name: string, expected: string) =>
    say(`The argument ${name} of @${directive} is invalid.`, `Use ${expected}.`),
  DIRECTIVE_MISPLACED: (directive: string, why: string) =>
    say(
      `@${directive} is not allowed here: ${why}.`,
      `Remove @${directive}, or move it to another field.`,
    ),

  // Fields
  FIELD_ARGUMENTS: (field: string) =>
    say(
      `The field ${field} has arguments, but model fields cannot have arguments.`,
      'Remove the arguments.',
    ),
  UNKNOWN_TYPE: (name: string) =>
    say(
      `There is no type ${name}.`,
      familiarType(name) ??
        `Define it as a model or enum, or use a scalar: ${scalarNames.join(', ')}.`,
    ),
  BAD_LIST: (field: string, type: string) =>
    say(
      `The list type of ${field} is not supported.`,
      `Write \`${field}: [${type}!]!\`. Items cannot be null. For lists of lists, use JSON.`,
    ),
  MISSING_ID: (type: string) =>
    say(
      `${type} has no @id field.`,
      `Add the field \`id: ID! @id\`. For a key of several fields, write \`type ${type} @model @id(fields: ["a", "b"])\`.`,
    ),
  DUPLICATE_ID: (type: string, fields: readonly string[]) =>
    say(
      `${type} has more than one @id.`,
      `Keep one of them. For a key of several fields, write \`type ${type} @model @id(fields: ${inSdl(fields)})\`.`,
    ),
  ID_ON_RELATION: (type: string, fields: readonly string[]) =>
    say(
      '@id is not allowed on a relation field.',
      `Write it on the type: \`type ${type} @model @id(fields: ${inSdl(fields)})\`.`,
    ),
  BAD_ID_TYPE: (type: string) =>
    say('A field with @id must be required and have a single value.', `Write \`${type}! @id\`.`),
  BAD_GENERATOR: (generator: string, type: string, possible: readonly string[]) =>
    say(
      `Keys of type ${type} cannot be generated as ${generator}.`,
      possible.length > 0
        ? `Use one of ${possible.join(', ')}, or String for the key.`
        : 'Omit `generate`, or use String for the key.',
    ),
  BAD_ROLE_TYPE: (directive: string, type: string) =>
    say(
      `A field with @${directive} must have the type ${type}.`,
      `Write \`${type} @${directive}\`.`,
    ),
  BAD_DEFAULT: (type: string, expected: string) =>
    say(`The default is not valid for a field of type ${type}.`, `Use ${expected}.`),
  BAD_BACKFILL: (what: string, hint: string) => say(what, hint),
  BAD_CONSTRAINT: (what: string, hint: string) => say(what, hint),
  BAD_PATTERN: (what: string, hint: string) => say(what, hint),
  BAD_KEY_CHANGE: (what: string, hint: string) => say(what, hint),
  BAD_RENAME: (
    what: string,
    hint = 'Set `from` to the former name of this type or field, or remove @rename.',
  ) => say(what, hint),
  USER_FIELD_IN_USE: (issuer: string, field: string, type: string | null) =>
    say(
      `The trusted issuer ${issuer} finds users by ${type === null ? `the field ${field}, but no model has @user` : `${type}.${field}, which is not a unique field of this schema`}.`,
      'Keep the field. To replace it, add the new field first, change the trusted issuers in the settings of the project, and then remove the old field.',
    ),

  // Relations
  ONE_SIDED_RELATION: (field: string, type: string, target: string) =>
    say(
      `${type}.${field} is a list, but ${target} has no field for the other side of the relation.`,
      `Add a field of type ${type} or [${type}!]! to ${target}. If ${field} has @relation(name:), set the same name on both sides.`,
    ),
  BAD_REFERENCE: (
    field: string,
    target: string,
    references: readonly string[],
    problem: 'NOT_UNIQUE' | 'ITSELF',
  ) =>
    problem === 'ITSELF'
      ? say(
          `${field} references ${references.join(', ')} of ${target}, which contains the foreign key of ${field}.`,
          `Reference the key of ${target}, or unique fields that are not relations.`,
        )
      : say(
          `${field} references ${references.join(', ')} of ${target}, which does not identify a row.`,
          `Reference the key of ${target}, a field with @unique, or all fields of a @unique(fields:).`,
        ),
  BAD_KEY_NAMES: (field: string, expected: number) =>
    say(
      `The foreign key of ${field} needs ${expected === 1 ? 'one name' : `${expected} names`}.`,
      'Set `key` to one name for each field of the key that it references.',
    ),
  AMBIGUOUS_RELATION: (fields: readonly string[]) =>
    say(
      `These relation fields cannot be paired unambiguously: ${fields.join(', ')}.`,
      'Set the same @relation(name:) on both sides of each relation.',
    ),
  ONE_TO_ONE_SIDES: (field: string, other: string) =>
    say(
      `${field} and ${other} form a one-to-one relation, so exactly one of them must have @unique.`,
      'Set @unique only on the side that stores the foreign key.',
    ),
  KEYLESS_SIDE_REQUIRED: (field: string, other: string) =>
    say(
      `${field} cannot be required: the foreign key is on ${other}, and a row must exist before it can be referenced.`,
      'Make this field optional, or move @unique to it.',
    ),
  SET_NULL_ON_REQUIRED: (field: string) =>
    say(
      `${field} is required, so it cannot be set to null when the row that it references is deleted.`,
      'Make the field optional, or use onDelete: CASCADE or onDelete: RESTRICT.',
    ),
  REQUIRED_CYCLE: (path: readonly string[]) =>
    say(
      `These required relations form a cycle, so no first row could ever be created: ${path.join(' → ')}.`,
      'Make one of these relations optional.',
    ),

  // Keys
  UNKNOWN_KEY_FIELD: (type: string, field: string) =>
    say(
      `${type} has no field ${field}.`,
      'Use field names from this type. For a foreign key, use the name of the relation field.',
    ),
  BAD_KEY_FIELD: (field: string, why: string) =>
    say(
      `${field} cannot be part of a key: ${why}.`,
      'Use a field with a single value, or the side of a relation that has the foreign key.',
    ),
  BAD_KEY: (why: string) => say(why, 'List each field once in a key, and define each key once.'),

  ...accessProblems,
} as const satisfies Record<string, (...facts: never[]) => Wording>;

export type DiagnosticCode = keyof typeof problems;

export type Facts<Code extends DiagnosticCode> = Parameters<(typeof problems)[Code]>;
