import { jsonText } from '../../graphql/exact-number.ts';
import { Kind, type ConstValueNode } from 'graphql';
import { readBackfill } from './backfill.ts';
import { valueTypeOf } from './columns.ts';
import { brokenRule } from './constraint-check.ts';
import { describePrecision, fitsPrecision, parseDecimal } from './decimal.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import { deprecationOf, refuseMisplaced } from './directives.ts';
import { readConstraint } from './field-constraint.ts';
import { keyGenerator, refuseBadKey } from './key-field.ts';
import { limits } from './limits.ts';
import { readPrecision } from './field-decimal.ts';
import type { FieldConstraint, FieldRole, JsonValue, Precision, ValueField } from './model.ts';
import type { FieldDraft, FieldType, Outline } from './outline.ts';
import type { PatternChecks } from './pattern/pattern-checks.ts';
import { isScalarName, scalars } from './scalars.ts';

export interface ValueFieldContext {
  readonly enums: Outline['enums'];
  readonly patterns: PatternChecks;
  /** Whether the SDL was applied before. */
  readonly isApplied: boolean;
}

interface ValueFieldDraft {
  readonly draft: FieldDraft;
  readonly type: FieldType;
  readonly column: string;
}

/** Reads a field whose type is a scalar or an enum. */
export function readValueField(
  { draft, type, column }: ValueFieldDraft,
  { enums, patterns, isApplied }: ValueFieldContext,
  bag: DiagnosticBag,
): ValueField {
  const role = readRole(draft, type, bag);
  const constraint = readConstraint(draft, type, patterns, bag);
  const decimal = readPrecision(draft, type, bag);
  const context = { draft, type, constraint, decimal, enums, isApplied };
  refuseMisplaced(draft.directives, 'RELATIONS', `${type.name} is not a model`, bag);
  return {
    kind: 'VALUE',
    name: draft.name,
    description: draft.node.description?.value ?? null,
    deprecationReason: deprecationOf(draft.directives),
    renamedFrom: draft.directives.first('rename')?.value('from') ?? null,
    column,
    type: valueTypeOf(draft, type),
    list: type.list,
    required: type.required,
    role,
    generate: role === 'ID' ? keyGenerator(draft, type, bag) : null,
    default: readGiven('default', context, bag),
    backfill: readBackfill(draft, type, () => readGiven('backfill', context, bag), bag),
    constraint,
  };
}

const timestamps = [
  { directive: 'createdAt', role: 'CREATED_AT' },
  { directive: 'updatedAt', role: 'UPDATED_AT' },
] as const;

function readRole({ directives }: FieldDraft, type: FieldType, bag: DiagnosticBag): FieldRole {
  const [first, second] = timestamps.filter(({ directive }) => directives.has(directive));
  const id = directives.first('id');
  if (id !== undefined) {
    refuseBadKey(id, directives, type, bag);
    return 'ID';
  }
  if (first === undefined) return 'PLAIN';
  const node = directives.first(first.directive)?.node;
  if (node === undefined) return 'PLAIN';
  if (type.name !== 'DateTime' || type.list || !type.required) {
    bag.report(node, 'BAD_ROLE_TYPE', first.directive, 'DateTime!');
  }
  if (second !== undefined) {
    const why = `the field also has @${second.directive}`;
    bag.report(node, 'DIRECTIVE_MISPLACED', first.directive, why);
  }
  for (const name of ['default', 'unique', 'constraint'] as const) {
    const use = directives.first(name);
    if (use === undefined) continue;
    bag.report(use.node, 'DIRECTIVE_MISPLACED', name, `@${first.directive} sets the value`);
  }
  return first.role;
}

interface DefaultContext {
  readonly draft: FieldDraft;
  readonly type: FieldType;
  readonly constraint: FieldConstraint | null;
  readonly decimal: Precision | null;
  readonly enums: Outline['enums'];
  readonly isApplied: boolean;
}

/** Reads the value of `@default` or `@backfill`. */
function readGiven(
  directive: 'default' | 'backfill',
  context: DefaultContext,
  bag: DiagnosticBag,
): JsonValue {
  const { draft, type, constraint, decimal, isApplied } = context;
  const { directives } = draft;
  const node =
    (directive === 'default'
      ? directives.first('default')?.value('value')
      : directives.first('backfill')?.value('value')) ?? null;
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
  const literals = literalsOf(context);
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

function isStorable(value: unknown, precision: Precision): boolean {
  const number = parseDecimal(String(value));
  return number !== null && fitsPrecision(number, precision);
}

function literalsOf({ draft, type, enums }: DefaultContext) {
  const node = draft.directives.first('default')?.value('value') ?? null;
  if (type.name === 'DateTime' && node?.kind === Kind.STRING && /^now\b/i.test(node.value)) {
    const { expected, read } = scalars.DateTime;
    return { expected: `@createdAt for the time at which a row is created, or ${expected}`, read };
  }
  if (type.kind === 'SCALAR' && isScalarName(type.name)) return scalars[type.name];
  const values = (enums.get(type.name)?.values ?? []).map(({ name }) => name);
  return {
    expected: `one of ${values.slice(0, 10).join(', ')}${values.length > 10 ? ', …' : ''}`,
    read: (node: ConstValueNode) =>
      node.kind === Kind.ENUM && values.includes(node.value) ? node.value : null,
  };
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
