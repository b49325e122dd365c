import {
  Kind,
  type ASTNode,
  type ConstObjectFieldNode,
  type ConstValueNode,
  type GraphQLInputObjectType,
} from 'graphql';
import { isFilterOperator } from '../api/filter-operators.ts';
import { isOwningSide } from '../api/model-index.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { FilterNode, FilterObject } from '../sdl/access-model.ts';
import { familiarOperator } from '../sdl/familiar-rules.ts';
import { limits } from '../sdl/limits.ts';
import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { suggestion } from '../sdl/similar-names.ts';
import { objectFields, readOperators, type OperandReference } from './filter-object.ts';
import { readOperandReference } from './reference.ts';
import type { RuleContext } from './rule-context.ts';

/** A filter of a rule, and what it consists of. */
export interface FilterReading {
  readonly filter: FilterObject;
  /** The number of relations that it goes through, one inside the other. */
  readonly hops: number;
  /** The number of fields, operators and alternatives. */
  readonly conditions: number;
  readonly reused: readonly ReusedRules[];
}

/** `_can: READ` in the filter of a relation. */
export interface ReusedRules {
  /** The type whose rules are reused. */
  readonly type: string;
  readonly hops: number;
  readonly node: ASTNode;
}

export type RowArgument = 'where' | 'check' | 'user';

/**
 * Reads a `RowFilter`: a literal in the grammar of the API's `where`. Mistakes are in the bag.
 *
 * @param type the type of the rows to which the filter applies
 * @param owner the type of the row that the rule is about
 */
export function readRowFilter(
  context: RuleContext,
  node: ConstValueNode,
  {
    type,
    owner,
    argument,
  }: { readonly type: ModelType; readonly owner: ModelType; readonly argument: RowArgument },
): FilterReading {
  const found = { hops: 0, conditions: 0, reused: [] as ReusedRules[] };
  const filter = readConditions({ context, found, owner }, node, { type, hops: 0, what: argument });
  return { filter, ...found };
}

interface Reader {
  readonly context: RuleContext;
  readonly found: { hops: number; conditions: number; readonly reused: ReusedRules[] };
  /** The type of the row that the rule is about. */
  readonly owner: ModelType;
}

/** A place in the filter that has conditions on the rows of a type. */
interface Place {
  readonly type: ModelType;
  readonly hops: number;
  /** What has the conditions: an argument of the directive, or a field. */
  readonly what: string;
  /** The relation whose rows have the conditions. Undefined at the top of the filter. */
  readonly relation?: ToOneField | ToManyField;
}

function readConditions(reader: Reader, node: ConstValueNode, place: Place): FilterObject {
  const { bag } = reader.context;
  const fields = objectFields({ node, name: place.what, hint: relationHint(node, place) }, bag);
  reader.found.conditions += fields.length;
  return {
    kind: 'OBJECT',
    fields: fields.flatMap((field): readonly (readonly [string, FilterNode])[] => {
      const { value } = field;
      const name = field.name.value;
      switch (name) {
        case 'and':
        case 'or': {
          // As in GraphQL, a single item is a list with one item.
          const items = value.kind === Kind.LIST ? value.values : [value];
          reader.found.conditions += items.length;
          const inner = { ...place, what: name };
          return [
            [name, { kind: 'LIST', items: items.map((i) => readConditions(reader, i, inner)) }],
          ];
        }
        case 'not':
          return [[name, readConditions(reader, value, { ...place, what: name })]];
        case '_can':
          return readReused(reader, field, place);
        default:
          return readField(reader, field, place);
      }
    }),
  };
}

function relationHint(node: ConstValueNode, { what, relation }: Place): string {
  const text = node.kind === Kind.STRING ? JSON.stringify(node.value) : '…';
  if (relation !== undefined && relation.name === what && isOwningSide(relation)) {
    return `Filter by the foreign key: \`${relation.key[0].name}: { eq: ${text} }\`.`;
  }
  return `Write \`${what}: { field: { eq: … } }\`.`;
}

/** Reads `_can: READ`. */
function readReused(
  { context: { bag }, found }: Reader,
  { name, value }: ConstObjectFieldNode,
  { type, hops, relation }: Place,
): readonly (readonly [string, FilterNode])[] {
  if (relation === undefined) {
    const what = '`_can` is not in the filter of a relation.';
    const hint = 'Write `project: { _can: READ }` to reuse the rules of another type.';
    bag.report(name, 'BAD_FILTER', what, hint);
    return [];
  }
  if (value.kind !== Kind.ENUM || value.value !== 'READ') {
    const what = 'The value of `_can` is not READ.';
    bag.report(value, 'BAD_FILTER', what, 'Write `_can: READ`.');
    return [];
  }
  found.reused.push({ type: type.name, hops, node: name });
  return [['_can', { kind: 'CAN', operation: 'READ' }]];
}

function readField(
  reader: Reader,
  { name: { value: name }, name: nameNode, value }: ConstObjectFieldNode,
  place: Place,
): readonly (readonly [string, FilterNode])[] {
  const { index, types } = reader.context.api;
  const { type } = place;
  const known = types.where(type).getFields()[name];
  const column = index.column(type, name);
  if (known !== undefined && column !== null) {
    // A column has a filter type, which is an input object.
    const operators = known.type as GraphQLInputObjectType;
    const filter = { node: value, name, operators, of: column.type };
    const row = ownRow(reader, place);
    const read = (reference: OperandReference) =>
      readOperandReference(reader.context, reference, row);
    const of = readOperators(filter, read, reader.context.bag);
    reader.found.conditions += of.fields.length;
    return [[name, of]];
  }
  const field = index.field(type, name);
  if (known === undefined || field === null || field.kind === 'VALUE') {
    reportUnknown(reader, nameNode, place);
    return [];
  }
  const hops = place.hops + 1;
  if (hops === limits.ruleHops + 1) reader.context.bag.report(nameNode, 'FILTER_TOO_DEEP', hops);
  if (hops > limits.ruleHops) return [];
  reader.found.hops = Math.max(reader.found.hops, hops);
  const inner: Place = { type: index.type(field.target), hops, what: name, relation: field };
  return [[name, readRelated(reader, value, field, inner)]];
}

/** The row that `$row` refers to, or the reason why there is none. */
function ownRow({ owner }: Reader, { relation }: Place): ModelType | string {
  return relation === undefined ? 'it is possible only in the filter of a relation' : owner;
}

function readRelated(
  reader: Reader,
  value: ConstValueNode,
  field: ToOneField | ToManyField,
  inner: Place,
): FilterObject {
  switch (field.kind) {
    case 'TO_ONE':
      return readConditions(reader, value, inner);
    case 'TO_MANY': {
      const { types } = reader.context.api;
      const quantifiers = Object.keys(types.listWhere(inner.type).getFields());
      const hint = `Write \`${field.name}: { some: { … } }\`, or use ${quantifiers.slice(1).join(' or ')}.`;
      const fields = objectFields({ node: value, name: field.name, hint }, reader.context.bag);
      reader.found.conditions += fields.length;
      return {
        kind: 'OBJECT',
        fields: fields.flatMap(({ name, value: of }) => {
          if (quantifiers.includes(name.value)) {
            return [[name.value, readConditions(reader, of, { ...inner, what: name.value })]];
          }
          const what = `${name.value} is not a quantifier of the list ${field.name}.`;
          reader.context.bag.report(name, 'BAD_FILTER', what, hint);
          return [];
        }),
      };
    }
    default:
      return assertNever(field);
  }
}

function reportUnknown(
  { context: { api, bag } }: Reader,
  node: ConstObjectFieldNode['name'],
  { type, what, relation }: Place,
): void {
  const name = node.value;
  const isOperator = isFilterOperator(familiarOperator(name) ?? name);
  const names = Object.keys(api.types.where(type).getFields());
  const [key] = relation !== undefined && isOwningSide(relation) ? relation.key : [];
  const hint =
    isOperator && key !== undefined && relation?.name === what
      ? `Filter by the foreign key: \`${key.name}: { ${familiarOperator(name) ?? name}: … }\`.`
      : suggestion(name, names, `Fields of ${type.name}`);
  bag.report(node, 'BAD_FILTER', `${type.name} has no field ${name}.`, hint);
}
