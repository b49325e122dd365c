import fc from 'fast-check';
import { fieldDraft, type FieldDraft } from './random-fields.ts';

/**
 * Random pairs of schemas that have much in common. Both use the same few slots. Names can be exchanged, with or
 * without `@rename`. The pairs therefore add, remove, change and swap types and fields.
 */
export interface ModelPair {
  readonly current: string;
  readonly next: string;
}

interface TypeDraft {
  readonly present: boolean;
  readonly key: Key;
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
  /** Whether the other type has no field for the relation. */
  readonly oneSided: boolean;
  /** Whether it references a unique field of the other type, if there is one. */
  readonly byUnique: boolean;
  /** Whether its key has a name, if the key is a single column. */
  readonly named: boolean;
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

/**
 * The primary key: a field, two fields, or a required relation and a field. A type without such a relation has two
 * fields.
 */
const keys = [
  'id: ID! @id',
  'id: ID! @id',
  'id: UUID! @id',
  'id: UUID! @id(generate: NONE)',
  'id: String! @id',
  'id: String! @id(generate: CUID)',
  'id: String! @id(generate: NANOID)',
  'id: String! @id(generate: UUID)',
  'id: Int! @id',
  'id: Int! @id',
  'id: BigInt! @id',
  'id: Date! @id',
  'id: Decimal! @id',
  'id: E! @id',
  'FIELDS',
  'RELATION',
] as const;

type Key = (typeof keys)[number];

const someSlots = fc.subarray([0, 1, 2, 3]);

const typeDraft: fc.Arbitrary<TypeDraft> = fc.record({
  present: fc.nat(4).map((dice) => dice > 0),
  key: fc.constantFrom(...keys),
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
  oneSided: fc.nat(3).map((dice) => dice === 0),
  byUnique: fc.nat(2).map((dice) => dice === 0),
  named: fc.nat(3).map((dice) => dice === 0),
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
    // Most changes of several keys at once are refused.
    key: keep[slot + 33] === true || keep[slot + 10] === true ? before.key : fresh.key,
    fields: fresh.fields.map((field, index) =>
      keep[slot * 5 + index] === true ? (before.fields[index] ?? null) : field,
    ),
    unique: keep[slot + 25] === true ? before.unique : fresh.unique,
    index: keep[slot + 25] === true ? before.index : fresh.index,
  };
}

/** Returns the next version of a relation. It has the same sides, but its action and the name of its key can change. */
function continueRelation(
  before: RelationDraft | null | undefined,
  fresh: RelationDraft | null,
): RelationDraft | null {
  if (before === null || before === undefined) return null;
  const { onDelete, named } = fresh ?? before;
  return { ...before, onDelete, named };
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
        : [
            printField(
              schema.fieldNames[index] ?? '',
              field,
              printBackfill(type, index, schema.fieldNames) + renamed('fieldNames', index),
            ),
          ],
    );
    const primary = printPrimaryKey(schema, slot);
    const directives = `${renamed('typeNames', slot)}${primary.directive}${printKeys(type, schema.fieldNames)}`;
    const lines = [...primary.fields, ...fields, ...printRelations(schema, slot)];
    return `type ${name} @model${directives} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  });
  const gone = before?.enumValues.find((value) => !schema.enumValues.includes(value));
  const fresh = schema.enumValues.find((value) => before?.enumValues.includes(value) === false);
  const values = schema.enumValues.map((value) =>
    value === fresh && gone !== undefined && rename[39] === true
      ? `${value} @rename(from: "${gone}")`
      : value,
  );
  return `enum E { ${values.join(' ')} }\n${types.join('')}`;
}

function printField(name: string, { type, list, required, extra }: FieldDraft, renamed: string) {
  const mark = required && !extra.startsWith('!') ? '!' : '';
  return `${name}: ${list ? `[${type}!]` : type}${mark}${extra.startsWith('!') ? '' : ' '}${extra}${renamed}`;
}

/** Fills the field from the nearest earlier one with the same type. */
function printBackfill({ fields }: TypeDraft, slot: number, names: readonly string[]): string {
  const field = fields[slot];
  if (field?.fromEarlier !== true || /^!|@backfill/.test(field.extra)) return '';
  const source = fields.findLastIndex(
    (other, index) => index < slot && other?.type === field.type && other.list === field.list,
  );
  return source < 0 ? '' : ` @backfill(from: "${names[source] ?? ''}")`;
}

function printPrimaryKey(
  schema: SchemaDraft,
  slot: number,
): { readonly directive: string; readonly fields: readonly string[] } {
  const key = schema.types[slot]?.key ?? 'FIELDS';
  if (key !== 'FIELDS' && key !== 'RELATION') return { directive: '', fields: [key] };
  const relation = schema.relations.findIndex(
    (each) => each?.from === slot && each.kind !== 'MANY_TO_MANY' && isRequired(schema, each),
  );
  return key === 'RELATION' && relation >= 0
    ? { directive: ` @id(fields: ["link${relation}", "code"])`, fields: ['code: String!'] }
    : { directive: ' @id(fields: ["place", "code"])', fields: ['place: Int!', 'code: String!'] };
}

/** Required relations point only to earlier slots, so that they cannot form a cycle. */
function isRequired({ types }: SchemaDraft, { from, to, required }: RelationDraft): boolean {
  return required && from > to && types[to]?.present === true;
}

/** Further arguments of `@relation` on the owning side. */
function printReference(
  { types, fieldNames: names }: SchemaDraft,
  { to, byUnique, named }: RelationDraft,
  number: number,
): string {
  const target = types[to];
  const slot =
    target?.fields.findIndex((field) => field?.extra.startsWith('@unique') === true) ?? -1;
  const references = byUnique && slot >= 0;
  const isSingle = references || (target?.key !== 'FIELDS' && target?.key !== 'RELATION');
  return [
    references ? `, references: ["${names[slot] ?? ''}"]` : '',
    named && isSingle ? `, key: "named${number}"` : '',
  ].join('');
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

function printRelations(schema: SchemaDraft, slot: number): string[] {
  const { types, relations, typeNames: names } = schema;
  return relations.flatMap((relation, number) => {
    if (relation === null) return [];
    const { from, to, kind, onDelete, oneSided } = relation;
    if (types[from]?.present !== true || types[to]?.present !== true) return [];
    const [source, target] = [names[from] ?? '', names[to] ?? ''];
    const required = isRequired(schema, relation);
    const action = onDelete === 'SET_NULL' && required ? 'RESTRICT' : onDelete;
    const lines: string[] = [];
    const label = `name: "relation${number}"`;
    if (slot === from && kind === 'MANY_TO_MANY') {
      lines.push(`link${number}: [${target}!]! @relation(${label})`);
    } else if (slot === from) {
      const unique = kind === 'ONE_TO_ONE' ? ' @unique' : '';
      const reference = printReference(schema, relation, number);
      lines.push(
        `link${number}: ${target}${required ? '!' : ''}${unique} @relation(${label}, onDelete: ${action}${reference})`,
      );
    }
    if (slot === to && (kind === 'MANY_TO_MANY' || !oneSided)) {
      const type = kind === 'ONE_TO_ONE' ? source : `[${source}!]!`;
      lines.push(`back${number}: ${type} @relation(${label})`);
    }
    return lines;
  });
}
