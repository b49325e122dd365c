import { Kind, parseConstValue, type ConstValueNode } from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import { valueType } from '../api/api-types.ts';
import { isOwningSide, type OwningSideField } from '../api/model-index.ts';
import type { LiteralNode, Preset, PresetValue, ReferenceNode } from '../sdl/access-model.ts';
import { brokenRule } from '../sdl/constraint-check.ts';
import { describePrecision, fitsPrecision, parseDecimal } from '../sdl/decimal.ts';
import type { FieldDirectives } from '../sdl/directives.ts';
import type { Field, ModelType, ValueField } from '../sdl/model.ts';
import { scalars } from '../sdl/scalars.ts';
import { isReference, readConstant } from './constant.ts';
import { readReference } from './reference.ts';
import { lineOf } from './rule-reader.ts';
import type { RuleContext } from './rule-context.ts';

/** Reads the `@preset` of a field. @returns null if there is none, or if it is invalid */
export function readPreset(
  context: RuleContext,
  directives: FieldDirectives,
  type: ModelType,
  field: Field,
): Preset | null {
  const { bag } = context;
  const use = directives.first('preset');
  const node = use?.value('value') ?? null;
  if (use === undefined || node === null) return null;
  const path = `${type.name}.${field.name}`;
  const on = [...new Set(use.value('on') ?? (['CREATE'] as const))];
  if (on.length === 0) {
    bag.report(
      use.at('on'),
      'BAD_PRESET',
      `The preset of ${path} is never set.`,
      'Write `on: [CREATE]`.',
    );
  }
  if (type.key.fields.includes(field.name) && on.includes('UPDATE')) {
    const what = `${path} is part of the key, which an UPDATE cannot change.`;
    bag.report(use.at('on'), 'BAD_PRESET', what, 'Write `on: [CREATE]`.');
  }
  const writes = directives
    .every('allow')
    .find((rule) => rule.value('to')?.some((operation) => operation !== 'READ'));
  if (writes !== undefined) {
    const what = `${path} has a preset, so no @allow can permit to write it.`;
    bag.report(writes.at('to'), 'BAD_PRESET', what, 'Write `to: [READ]`, or remove @preset.');
  }
  const why = reasonAgainst(field);
  if (why !== null) {
    const hint = 'Remove @preset, or move it to a field that callers could set.';
    bag.report(use.node, 'BAD_PRESET', `${path} cannot have a preset: ${why}.`, hint);
    return null;
  }
  const value = isOwningSide(field)
    ? readKey(context, node, type, field)
    : field.kind === 'VALUE'
      ? readValue(context, node, type, field)
      : null;
  return value === null ? null : { value, on, line: lineOf(use.node) };
}

/** Why a field cannot have a preset. Null if it can. */
function reasonAgainst(field: Field): string | null {
  switch (field.kind) {
    case 'TO_MANY':
      return 'it is a list of rows';
    case 'TO_ONE':
      if (field.key === null) return 'the foreign key is on the other side of the relation';
      return field.key.length > 1 ? 'its foreign key has several fields' : null;
    case 'VALUE':
      switch (field.role) {
        case 'ID':
          return 'it is the key';
        case 'CREATED_AT':
        case 'UPDATED_AT':
          return 'it is set automatically';
        case 'PLAIN':
          return null;
        default:
          return assertNever(field.role);
      }
    default:
      return assertNever(field);
  }
}

const noRow = 'a preset is not a filter';

function readValue(
  context: RuleContext,
  node: ConstValueNode,
  type: ModelType,
  field: ValueField,
): PresetValue | null {
  if (node.kind === Kind.STRING && isReference(node.value)) {
    const place = { node, type: { of: field.type, list: field.list }, row: noRow };
    return readReference(context, node.value, place);
  }
  const constant = readConstant(
    node,
    {
      what: `${type.name}.${field.name}`,
      type: valueType(context.api, field),
      code: 'BAD_PRESET',
      insteadOfNull: 'Remove @preset, and hide the field with @private.',
    },
    context.bag,
  );
  if (constant !== null) refuseBroken(context, node, constant, field);
  return constant;
}

/** Reports a constant that the field does not accept. */
function refuseBroken(
  { bag }: RuleContext,
  node: ConstValueNode,
  { literal }: LiteralNode,
  { type, list, constraint }: ValueField,
): void {
  if (type.kind !== 'SCALAR') return;
  const { read } = scalars[type.name];
  const constant = parseConstValue(literal);
  const needed = (constant.kind === Kind.LIST ? constant.values : [constant])
    .map((item) => read(item, false))
    .map((value: unknown) => whatIsNeeded(value, { type, constraint: list ? null : constraint }))
    .find((each) => each !== null);
  if (needed === undefined) return;
  bag.report(
    node,
    'BAD_PRESET',
    `The field does not accept ${literal.slice(0, 60)}.`,
    `Use ${needed}.`,
  );
}

/** What a value or an item of a list needs to be stored. Null if it can be stored. */
function whatIsNeeded(
  value: unknown,
  { type, constraint }: Pick<ValueField, 'type' | 'constraint'>,
): string | null {
  if (type.kind !== 'SCALAR' || (typeof value !== 'string' && typeof value !== 'number'))
    return null;
  const rule = constraint === null ? null : brokenRule(constraint, value);
  if (rule !== null) return `a value that satisfies the field's ${rule}`;
  if (type.decimal === undefined) return null;
  const number = parseDecimal(String(value));
  if (number !== null && fitsPrecision(number, type.decimal)) return null;
  return `a number with ${describePrecision(type.decimal)}`;
}

/** Reads the preset of a relation: a reference to a key of the related model. */
function readKey(
  context: RuleContext,
  node: ConstValueNode,
  type: ModelType,
  field: OwningSideField,
): ReferenceNode | null {
  const { bag, userType, api } = context;
  const [key] = field.key;
  const path = `${type.name}.${field.name}`;
  if (node.kind !== Kind.STRING || !isReference(node.value)) {
    const hint = `Write a reference to the key of a ${field.target}, such as \`"$user.id"\`.`;
    bag.report(node, 'BAD_PRESET', `The preset of the relation ${path} is not a reference.`, hint);
    return null;
  }
  const place = { node, type: { of: key.type, list: false }, row: noRow };
  const read = readReference(context, node.value, place);
  if (read === null || userType === null || read.reference.of !== 'USER') return read;
  const own = api.index.column(userType, read.reference.field);
  const isOfTarget =
    own !== null &&
    (field.target === userType.name
      ? own.column === key.references
      : own.field.kind === 'TO_ONE' &&
        own.field.target === field.target &&
        own.field.key.some((each) => each.name === own.name && each.references === key.references));
  if (isOfTarget) return read;
  const hint =
    field.target === userType.name
      ? `Write \`"$user.${api.index.columnsOf(userType, userType.key)[0]?.name ?? 'id'}"\`.`
      : `Refer to a relation of ${userType.name} to ${field.target}, such as \`"$user.${field.name}Id"\`.`;
  bag.report(node, 'BAD_PRESET', `${node.value} is not the key of a ${field.target}.`, hint);
  return null;
}
