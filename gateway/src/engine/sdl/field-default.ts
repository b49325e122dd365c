import { Kind, type ConstValueNode } from 'graphql';
import { jsonText } from '../../graphql/exact-number.ts';
import { brokenRule } from './constraint-check.ts';
import { describePrecision, fitsPrecision, parseDecimal } from './decimal.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { DefaultGenerator } from './argument-types.ts';
import { limits } from './limits.ts';
import type { FieldConstraint, JsonValue, Precision } from './model.ts';
import type { FieldDraft, FieldType, Outline } from './outline.ts';
import { isScalarName, scalars } from './scalars.ts';

interface GeneratorContext {
  readonly draft: FieldDraft;
  readonly type: FieldType;
  readonly constraint: FieldConstraint | null;
}

/** The types of fields that each generator makes values for. */
export const typesOfGenerators: Readonly<Record<DefaultGenerator, readonly string[]>> = {
  NOW: ['DateTime', 'Date', 'Time'],
  UUID: ['UUID', 'String'],
  CUID: ['String'],
  NANOID: ['String'],
};

/** A text of each generator, for checking whether the constraint of a field allows such texts. */
const samples: Readonly<Record<DefaultGenerator, string | null>> = {
  NOW: null,
  UUID: 'c1b5f7a2-93d4-4e0b-8a6f-27d1e5c8b904',
  CUID: 'tz4a98xxat96iws9zmbrgj3a',
  NANOID: 'V1StGXR8_Z5jdHi6B-myT',
};

/** Reads `@default(generate:)`, and reports a `@default` that does not have exactly one argument. */
export function readGenerator(
  { draft, type, constraint }: GeneratorContext,
  bag: DiagnosticBag,
): DefaultGenerator | null {
  const use = draft.directives.first('default');
  if (use === undefined) return null;
  const generator = use.value('generate');
  const names = new Set(use.node.arguments?.map(({ name }) => name.value));
  if (!names.has('value') && !names.has('generate')) {
    bag.report(use.node, 'MISSING_ARGUMENT', 'default', 'value', 'generate');
  }
  if (generator === null) return null;
  const at = use.at('generate');
  if (names.has('value')) {
    bag.report(at, 'BAD_ARGUMENT', 'default', 'generate', 'either value or generate, not both');
    return null;
  }
  if (type.list || type.kind !== 'SCALAR' || !typesOfGenerators[generator].includes(type.name)) {
    bag.report(at, 'BAD_ARGUMENT', 'default', 'generate', expectedFor(type));
    return null;
  }
  const sample = samples[generator];
  const rule = sample === null || constraint === null ? null : brokenRule(constraint, sample);
  if (rule !== null) {
    const expected = `a generator whose values satisfy the field's ${rule}`;
    bag.report(at, 'BAD_DEFAULT', type.name, expected);
  }
  return generator;
}

function expectedFor({ name, list, kind }: FieldType): string {
  const possible = Object.entries(typesOfGenerators)
    .filter(([, types]) => !list && kind === 'SCALAR' && types.includes(name))
    .map(([generator]) => generator);
  if (possible.length > 0) return possible.join(' or ');
  return 'it only for a DateTime, Date or Time (NOW), a UUID (UUID) or a String (UUID, CUID, NANOID)';
}

interface DefaultContext extends GeneratorContext {
  readonly decimal: Precision | null;
  readonly enums: Outline['enums'];
  readonly isApplied: boolean;
}

/** Reads the value of `@default` or `@backfill`. @returns null if it is missing or invalid */
export function readGiven(
  directive: 'default' | 'backfill',
  context: DefaultContext,
  bag: DiagnosticBag,
): JsonValue {
  const { type, constraint, decimal, isApplied } = context;
  const node = literalOf(directive, context);
  if (node === null) return null;
  const refuse = (written: string, expected: string) =>
    directive === 'default'
      ? bag.report(node, 'BAD_DEFAULT', written, expected)
      : bag.report(
          node,
          'BAD_BACKFILL',
          `The value is not valid for a field of type ${written}.`,
          `Use ${expected}.`,
        );
  const literals = literalsOf(directive, context);
  const { expected } = literals;
  const read = (each: ConstValueNode): JsonValue => literals.read(each, isApplied);
  const value = type.list ? readList(node, read) : read(node);
  const written = type.list ? `[${type.name}!]` : type.name;
  if (value === null || tooLong(value)) {
    refuse(written, type.list ? `a list in which each item is ${expected}` : expected);
    return null;
  }
  const items = Array.isArray(value) ? value : [value];
  if (decimal !== null && !items.every((item) => isStorable(item, decimal))) {
    refuse(written, `a number with ${describePrecision(decimal)}`);
  }
  if (constraint !== null && (typeof value === 'string' || typeof value === 'number')) {
    const rule = brokenRule(constraint, value);
    if (rule !== null) refuse(written, `a value that satisfies the field's ${rule}`);
  }
  return value;
}

function literalOf(
  directive: 'default' | 'backfill',
  { draft: { directives } }: DefaultContext,
): ConstValueNode | null {
  const value =
    directive === 'default'
      ? directives.first('default')?.value('value')
      : directives.first('backfill')?.value('value');
  return value ?? null;
}

function isStorable(value: unknown, precision: Precision): boolean {
  const number = parseDecimal(String(value));
  return number !== null && fitsPrecision(number, precision);
}

function literalsOf(directive: 'default' | 'backfill', context: DefaultContext) {
  const { type, enums } = context;
  const node = literalOf(directive, context);
  if (type.kind === 'SCALAR' && isScalarName(type.name)) {
    const { expected, read } = scalars[type.name];
    const meant = node?.kind === Kind.STRING ? generatorFor(type.name, node.value) : null;
    if (meant === null) return { expected, read };
    const generated = `\`@${directive}(generate: ${meant})\` for ${generatedValues[meant]}`;
    return { expected: `${generated}, or ${expected}`, read };
  }
  const values = (enums.get(type.name)?.values ?? []).map(({ name }) => name);
  return {
    expected: `one of ${values.slice(0, 10).join(', ')}${values.length > 10 ? ', …' : ''}`,
    read: (node: ConstValueNode) =>
      node.kind === Kind.ENUM && values.includes(node.value) ? node.value : null,
  };
}

const generatedValues = {
  NOW: 'the time at which a row is created',
  UUID: 'a new UUID in each row',
} as const;

/** The generator that is meant by a text such as `now()` or `uuid`. Null if the text is something else. */
function generatorFor(type: string, text: string): keyof typeof generatedValues | null {
  if (typesOfGenerators.NOW.includes(type) && /^(?:now|today|current_\w+)\b/i.test(text)) {
    return 'NOW';
  }
  const isUuid = /^(?:uuid|cuid|nanoid|gen_random_uuid)\b/i.test(text);
  return type === 'UUID' && isUuid ? 'UUID' : null;
}

function readList(
  node: ConstValueNode,
  read: (node: ConstValueNode) => JsonValue,
): readonly JsonValue[] | null {
  if (node.kind !== Kind.LIST) return null;
  const items = node.values.map(read);
  return items.includes(null) ? null : items;
}

function tooLong(value: JsonValue): boolean {
  return jsonText(value).length > limits.defaultBytes;
}
