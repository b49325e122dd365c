import { fieldOf, type Case } from './definition-cases.ts';

/** Schemas with precisions and generated defaults that are not valid. */
export const valueCases: readonly Case[] = [
  ...['100', '"-0.001"', '1e2'].map((value): Case => [
    'BAD_DEFAULT',
    `${value} with too many digits`,
    fieldOf('Decimal', `@decimal(precision: 4, scale: 2) @default(value: «${value})`),
  ]),
  [
    'DIRECTIVE_MISPLACED',
    '@decimal on another type',
    fieldOf('Int', '«@decimal(precision: 4, scale: 2)'),
  ],
  ['BAD_ARGUMENT', 'no digits', fieldOf('Decimal', '@decimal(precision: «0, scale: 0)')],
  ['BAD_ARGUMENT', 'too many digits', fieldOf('Decimal', '@decimal(precision: «101, scale: 0)')],
  ['BAD_ARGUMENT', 'a large scale', fieldOf('Decimal', '@decimal(precision: 4, scale: «5)')],
  ['MISSING_ARGUMENT', '@decimal without scale', fieldOf('Decimal', '«@decimal(precision: 4)')],
  ['MISSING_ARGUMENT', '@default without arguments', fieldOf('Int', '«@default')],
  [
    'BAD_ARGUMENT',
    'both arguments of @default',
    fieldOf(
      'UUID',
      `@default(value: "${'0'.repeat(8)}-0000-4000-8000-000000000000", generate: «UUID)`,
    ),
  ],
  ['BAD_ARGUMENT', 'NOW for a number', fieldOf('Int', '@default(generate: «NOW)')],
  ['BAD_ARGUMENT', 'a CUID for a UUID', fieldOf('UUID', '@default(generate: «CUID)')],
  ['BAD_ARGUMENT', 'a generated list', fieldOf('[UUID!]', '@default(generate: «UUID)')],
  ['BAD_ARGUMENT', 'an unknown generator', fieldOf('Int', '@default(generate: «SEQUENCE)')],
  [
    'BAD_DEFAULT',
    'a generator whose values are too long',
    fieldOf('String', '@constraint(maxLength: 20) @default(generate: «NANOID)'),
  ],
];
