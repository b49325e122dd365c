import fc from 'fast-check';
import type { ScalarName } from '../../src/engine/sdl/model.ts';

/**
 * Random pairs of schemas that have much in common. Both use the same few slots. Names can be exchanged, with or
 * without `@rename`. The pairs therefore add, remove, change and swap types and fields.
 */
export interface ModelPair {
  readonly current: string;
  readonly next: string;
}

/** The types of value fields, except ID, which every model has. */
type FieldType = Exclude<ScalarName, 'ID'> | 'E';

interface FieldDraft {
  readonly type: FieldType;
  readonly list: boolean;
  readonly required: boolean;
  readonly extra: string;
}

interface TypeDraft {
  readonly present: boolean;
  readonly fields: readonly (FieldDraft | null)[];
  /** The field slots of a unique key and of an index. Each list can be empty. */
  readonly unique: readonly number[];
  readonly index: readonly number[];
}

interface RelationDraft {
  readonly from: number;
  readonly to: number;
  readonly kind: 'MANY_TO_ONE' | 'ONE_TO_ONE' | 'MANY_TO_MANY';
  readonly required: boolean;
  readonly onDelete: 'RESTRICT' | 'CASCADE' | 'SET_NULL';
}

interface SchemaDraft {
  readonly types: readonly TypeDraft[];
  readonly relations: readonly (RelationDraft | null)[];
  readonly enumValues: readonly string[];
  readonly typeNames: readonly string[];
  readonly fieldNames: readonly string[];
}

/**
 * Names that are keywords, contain acronyms or digits, or have 48 characters and exceed 63 characters in snake_case.
 */
const typeNames = [
  'Issue',
  'Select',
  'HTTPServer',
  'User',
  'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPqRsTuV',
];
const fieldNames = [
  'title',
  'order',
  'userID',
  'v2Beta',
  'aBcDeFgHiJkLmNoPqRsTuVwXyZaBcDeFgHiJkLmNoPqRsTu_',
];
const enumValues = ['A', 'B', 'select', 'D'];
const relationSlots = 3;

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
  ],
  Int: [
    '@default(value: -7)',
    '@default(value: 7)',
    '@constraint(min: -5)',
    '@constraint(min: 1, max: 100)',
    '@unique',
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
  ],
  Date: ['@default(value: "2024-02-29")', '@default(generate: NOW)', '@unique'],
  Time: ['@default(value: "18:30:00.5")', '@default(generate: NOW)', '@unique'],
  Bytes: ['@default(value: "AP9cJw==")', '@default(value: "")', '@unique'],
  JSON: ['@default(value: {b: [1.5, null, "x\'"], a: {}})', '@default(value: [])'],
  UUID: [`@default(value: "${uuid}")`, '@default(generate: UUID)', '@unique'],
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

const fieldDraft: fc.Arbitrary<FieldDraft> = fc
  .record({
    type: fc.constantFrom(...fieldTypes),
    list: fc.nat(4).map((dice) => dice === 0),
    required: fc.nat(3).map((dice) => dice === 0),
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

const someSlots = fc.subarray([0, 1, 2, 3]);

const typeDraft: fc.Arbitrary<TypeDraft> = fc.record({
  present: fc.nat(4).map((dice) => dice > 0),
  fields: fc.array(fc.option(fieldDraft, { freq: 4 }), {
    minLength: fieldNames.length,
    maxLength: fieldNames.length,
  }),
  unique: fc.oneof(fc.constant([]), someSlots),
  index: fc.oneof(fc.constant([]), someSlots),
});

const relationDraft: fc.Arbitrary<RelationDraft> = fc.record({
  from: fc.nat(typeNames.length - 1),
  to: fc.nat(typeNames.length - 1),
  kind: fc.constantFrom('MANY_TO_ONE', 'ONE_TO_ONE', 'MANY_TO_MANY'),
  required: fc.boolean(),
  onDelete: fc.constantFrom('RESTRICT', 'CASCADE', 'SET_NULL'),
});

const shuffled = (names: readonly string[]) =>
  fc.oneof(
    fc.constant([...names]),
    fc.shuffledSubarray([...names], { minLength: names.length, maxLength: names.length }),
  );

const schemaDraft: fc.Arbitrary<SchemaDraft> = fc.record({
  types: fc.array(typeDraft, { minLength: typeNames.length, maxLength: typeNames.length }),
  relations: fc.array(fc.option(relationDraft), {
    minLength: relationSlots,
    maxLength: relationSlots,
  }),
  enumValues: fc
    .subarray(enumValues, { minLength: 1 })
    .map((values) => [...new Set(['A', ...values])]),
  typeNames: shuffled(typeNames),
  fieldNames: shuffled(fieldNames),
});

/** Specifies which slots keep their current content in the next schema, and which new names are marked with @rename. */
const continuation = fc.record({
  keep: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  rename: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
});

export const modelPairs: fc.Arbitrary<ModelPair> = fc
  .tuple(schemaDraft, schemaDraft, continuation)
  .map(([current, fresh, { keep, rename }]) => {
    const next: SchemaDraft = {
      ...fresh,
      types: fresh.types.map((type, slot) => continueType(current.types[slot], type, keep, slot)),
      relations: fresh.relations.map((relation, slot) =>
        keep[slot + 30] === true ? continueRelation(current.relations[slot], relation) : relation,
      ),
    };
    return { current: print(current, null, []), next: print(next, current, rename) };
  });

function continueType(
  before: TypeDraft | undefined,
  fresh: TypeDraft,
  keep: readonly boolean[],
  slot: number,
): TypeDraft {
  if (before === undefined) return fresh;
  return {
    present: keep[slot] === true ? before.present : fresh.present,
    fields: fresh.fields.map((field, index) =>
      keep[slot * 5 + index] === true ? (before.fields[index] ?? null) : field,
    ),
    unique: keep[slot + 25] === true ? before.unique : fresh.unique,
    index: keep[slot + 25] === true ? before.index : fresh.index,
  };
}

/** Returns the next version of a relation. It has the same sides, but `onDelete` can change. */
function continueRelation(
  before: RelationDraft | null | undefined,
  fresh: RelationDraft | null,
): RelationDraft | null {
  if (before === null || before === undefined) return null;
  return { ...before, onDelete: fresh?.onDelete ?? before.onDelete };
}

function print(
  schema: SchemaDraft,
  before: SchemaDraft | null,
  rename: readonly boolean[],
): string {
  const renamed = (kind: 'typeNames' | 'fieldNames', slot: number) => {
    const [old, name] = [before?.[kind][slot], schema[kind][slot]];
    const dice = rename[(kind === 'typeNames' ? 20 : 0) + slot];
    return old !== undefined && old !== name && dice === true ? ` @rename(from: "${old}")` : '';
  };
  const types = schema.types.map((type, slot) => {
    if (!type.present) return '';
    const name = schema.typeNames[slot] ?? '';
    const fields = type.fields.flatMap((field, index) =>
      field === null
        ? []
        : [printField(schema.fieldNames[index] ?? '', field, renamed('fieldNames', index))],
    );
    const keys = printKeys(type, schema.fieldNames);
    const relations = printRelations(schema, slot);
    return `type ${name} @model${renamed('typeNames', slot)}${keys} {\n  id: ID! @id\n${[...fields, ...relations].map((line) => `  ${line}\n`).join('')}}\n`;
  });
  return `enum E { ${schema.enumValues.join(' ')} }\n${types.join('')}`;
}

function printField(name: string, { type, list, required, extra }: FieldDraft, renamed: string) {
  const mark = required && !extra.startsWith('!') ? '!' : '';
  return `${name}: ${list ? `[${type}!]` : type}${mark}${extra.startsWith('!') ? '' : ' '}${extra}${renamed}`;
}

function printKeys({ fields, unique, index }: TypeDraft, names: readonly string[]): string {
  const print = (directive: string, slots: readonly number[]) => {
    const usable = slots.filter((slot) => {
      const field = fields[slot];
      return field !== null && field !== undefined && !field.list && field.type !== 'JSON';
    });
    // A key with a single field could duplicate the field's @unique.
    if (usable.length < 2) return '';
    return ` @${directive}(fields: [${usable.map((slot) => `"${names[slot] ?? ''}"`).join(', ')}])`;
  };
  return print('unique', unique) + print('index', index);
}

function printRelations(
  { types, relations, typeNames: names }: SchemaDraft,
  slot: number,
): string[] {
  return relations.flatMap((relation, number) => {
    if (relation === null) return [];
    const { from, to, kind, onDelete } = relation;
    if (types[from]?.present !== true || types[to]?.present !== true) return [];
    const [source, target] = [names[from] ?? '', names[to] ?? ''];
    // Required relations point only to earlier slots, so that they cannot form a cycle.
    const required = relation.required && from > to;
    const action = onDelete === 'SET_NULL' && required ? 'RESTRICT' : onDelete;
    const lines: string[] = [];
    const label = `name: "relation${number}"`;
    if (slot === from && kind === 'MANY_TO_MANY') {
      lines.push(`link${number}: [${target}!]! @relation(${label})`);
    } else if (slot === from) {
      const unique = kind === 'ONE_TO_ONE' ? ' @unique' : '';
      lines.push(
        `link${number}: ${target}${required ? '!' : ''}${unique} @relation(${label}, onDelete: ${action})`,
      );
    }
    if (slot === to) {
      const type = kind === 'ONE_TO_ONE' ? source : `[${source}!]!`;
      lines.push(`back${number}: ${type} @relation(${label})`);
    }
    return lines;
  });
}
