import fc from 'fast-check';
import type { ScalarName } from '../../src/engine/sdl/model.ts';

/** The types of value fields, except ID, which every model has. */
type FieldType = Exclude<ScalarName, 'ID'> | 'E';

export interface FieldDraft {
  readonly type: FieldType;
  readonly list: boolean;
  readonly required: boolean;
  readonly extra: string;
  /** Whether the field is filled from an earlier field, if there is one of the same type. */
  readonly fromEarlier: boolean;
}

const uuid = '00000000-0000-4000-8000-000000000001';

/** Directives that a field of each type can have. */
const extras: Readonly<Record<FieldType, readonly string[]>> = {
  String: [
    '@default(value: "5")',
    `@default(value: "it's \\\\ \\"quoted\\" -- ")`,
    '@constraint(maxLength: 3)',
    '@constraint(minLength: 1, maxLength: 40)',
    '@constraint(pattern: "^[a-z0-9\\\\\\\\\' \\"-]*$")',
    '@constraint(format: SLUG)',
    '@default(generate: CUID) @unique',
    '@default(generate: NANOID)',
    '@default(generate: UUID)',
    '@unique',
    '@unique',
    '@backfill(value: "x")',
    '@unique @backfill(generate: NANOID)',
  ],
  Int: [
    '@default(value: -7)',
    '@default(value: 7)',
    '@constraint(min: -5)',
    '@constraint(min: 1, max: 100)',
    '@unique',
    '@unique',
    '@backfill(value: 7) @default(value: 8)',
  ],
  BigInt: ['@default(value: -9007199254740993)', '@constraint(max: 1000)', '@unique'],
  Float: ['@default(value: 1e21)', '@default(value: -0.5)', '@constraint(min: 0.5)'],
  Decimal: [
    '@default(value: "-1.50")',
    '@constraint(min: "0.5", max: 1e3)',
    '@unique',
    '@decimal(precision: 6, scale: 2)',
    '@decimal(precision: 4, scale: 3) @default(value: 7.5)',
  ],
  Boolean: ['@default(value: true)', '@default(value: false)'],
  DateTime: [
    '@default(value: "2024-02-29T12:00:00.5+02:00")',
    '! @createdAt',
    '! @updatedAt',
    '@default(generate: NOW)',
    '@unique',
    '@backfill(generate: NOW)',
  ],
  Date: ['@default(value: "2024-02-29")', '@default(generate: NOW)', '@unique'],
  Time: ['@default(value: "18:30:00.5")', '@default(generate: NOW)', '@unique'],
  Bytes: ['@default(value: "AP9cJw==")', '@default(value: "")', '@unique'],
  JSON: ['@default(value: {b: [1.5, null, "x\'"], a: {}})', '@default(value: [])'],
  UUID: [
    `@default(value: "${uuid}")`,
    '@default(generate: UUID)',
    '@unique',
    '@unique @backfill(generate: UUID)',
  ],
  E: ['@default(value: A)', '@unique'],
};

const listDefaults: Readonly<Record<FieldType, string>> = {
  String: `["a", "it's", "{,}", ""]`,
  Int: '[1, -2]',
  BigInt: '["9007199254740993"]',
  Float: '[1e21, -0.5]',
  Decimal: '["1.50"]',
  Boolean: '[true, false]',
  DateTime: '["2024-02-29T12:00:00Z"]',
  Date: '["2024-02-29"]',
  Time: '["18:30:00"]',
  Bytes: '["AP9cJw==", ""]',
  JSON: '[{a: 1}]',
  UUID: `["${uuid}"]`,
  E: '[A, A]',
};

// `Object.keys` returns `string[]`, but the object has exactly these keys.
const fieldTypes = Object.keys(extras) as FieldType[];

/** A field without a name. */
export const fieldDraft: fc.Arbitrary<FieldDraft> = fc
  .record({
    type: fc.constantFrom(...fieldTypes),
    list: fc.nat(4).map((dice) => dice === 0),
    required: fc.nat(3).map((dice) => dice === 0),
    fromEarlier: fc.nat(3).map((dice) => dice === 0),
  })
  .chain((field) => {
    const choices = field.list
      ? [
          '',
          '@default(value: [])',
          `@default(value: ${listDefaults[field.type]})`,
          ...(field.type === 'Decimal' ? ['@decimal(precision: 6, scale: 2)'] : []),
        ]
      : ['', '', ...extras[field.type]];
    return fc.constantFrom(...choices).map((extra) => ({ ...field, extra }));
  });
