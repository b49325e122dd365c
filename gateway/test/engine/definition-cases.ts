import type { DiagnosticCode } from '../../src/engine/sdl/diagnostics.ts';

/** `«` marks each position that a diagnostic with this code must report. */
export type Case = readonly [code: DiagnosticCode, what: string, sdl: string];

export const id = 'id: ID! @id';

export const model = (name: string, fields: string, directives = '') =>
  `type ${name} @model ${directives} { ${id} ${fields} }`;

export const fieldOf = (type: string, directives: string) => model('A', `f: ${type} ${directives}`);

/** Schemas with definitions, extensions and deprecations that are not valid. */
export const definitionCases: readonly Case[] = [
  ['UNSUPPORTED_DEFINITION', 'a scalar', '«scalar Money'],
  ['UNSUPPORTED_DEFINITION', 'an input', '«input I { a: Int }'],
  ['UNSUPPORTED_DEFINITION', 'an interface', '«interface I { a: Int }'],
  ['UNSUPPORTED_DEFINITION', 'a union', '«union U = A ' + model('A', '')],
  ['UNSUPPORTED_DEFINITION', 'another extension', model('A', '') + ' «extend input A { b: Int }'],
  ['UNSUPPORTED_DEFINITION', 'a schema definition', '«schema { query: A } ' + model('A', '')],
  ['UNSUPPORTED_DEFINITION', 'a directive definition', '«directive @x on FIELD'],
  ['UNSUPPORTED_DEFINITION', 'an operation', '«query { a }'],
  ['UNKNOWN_EXTENSION', 'an unknown type', model('A', '') + ' extend type «B { b: Int }'],
  ['UNKNOWN_EXTENSION', 'an unknown enum', model('A', '') + ' extend enum «E { X }'],
  ['UNKNOWN_EXTENSION', 'a type as an enum', model('A', '') + ' extend enum «A { X }'],
  ['UNKNOWN_EXTENSION', 'an enum as a type', 'enum E { X } extend type «E { b: Int }'],
  [
    'DUPLICATE_NAME',
    'a field in an extension',
    model('A', 'b: Int') + ' extend type A { «b: Int }',
  ],
  ['DUPLICATE_DIRECTIVE', 'in an extension', model('A', '') + ' extend type A «@model'],
  [
    'BAD_RENAME',
    'two values with the same old name',
    'enum E { A @rename(from: "X") B «@rename(from: "X") }',
  ],
  ['UNKNOWN_DIRECTIVE', '@deprecated on an enum', 'enum E «@deprecated { X }'],
  ['BAD_ARGUMENT', 'a reason that is not text', model('A', 'b: Int @deprecated(reason: «1)')],
];
