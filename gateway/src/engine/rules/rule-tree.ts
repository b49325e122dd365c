import { assertNever } from '../../platform/assert-never.ts';
import { isFilterOperator, isQuantifier } from '../api/filter-operators.ts';
import { isOwningSide, type ModelColumn } from '../api/model-index.ts';
import type { InputTree } from '../queries/input.ts';
import { linkedRows, whereClause } from '../queries/source.ts';
import type { AliasedRow, Conditions, ReadRow } from '../queries/visibility.ts';
import { compileWhere } from '../queries/where.ts';
import type { AccessOperation, FilterNode, FilterObject, Reference } from '../sdl/access-model.ts';
import type { ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { commaList, sql, type Sql } from '../sql/sql.ts';
import { literalValue, unchecked } from './filter-literals.ts';
import { callerKeyOf, nowAs, referenceSql, type RuleScope } from './references.ts';
import { dependsOnRow, isSelective } from './selective.ts';

/** A filter of a rule that is being compiled. */
export interface RuleFilter {
  readonly rules: RuleScope;
  /** The row that the rule is about, to which `$row` refers. */
  readonly row: AliasedRow;
  /** The references under `not`, `none` or `every`. If one of them is missing, the rule does not hold. */
  readonly required: Requirements;
  /** The requirements of rules that use this one, under `not`, `none` or `every`, with `_can`. */
  readonly alsoRequired: readonly Requirements[];
  /** Compiles `_can`: the rules of a row's type for an operation. */
  readonly can: (
    row: AliasedRow,
    operation: AccessOperation,
    requirements: readonly Requirements[],
  ) => Conditions;
}

/** Conditions by the text of the reference, so that each reference is tested once. */
export type Requirements = Map<string, Sql>;

/** The conditions of a filter on `of`, which is the row of the rule, the caller's row or a row related to them. */
export function compileRuleFilter(filter: RuleFilter, node: FilterObject, of: ReadRow): Conditions {
  const tree = treeOf({ ...filter, negated: false }, node, of.type);
  return compileWhere(filter.rules.context, tree, { ...of, path: [] });
}

interface TreeBuilder extends RuleFilter {
  /** Whether the part of the filter is under `not`, `none` or `every`. */
  readonly negated: boolean;
}

type NamedTree = readonly [string, InputTree];

/** The filter in the form in which the filters of requests are compiled. */
function treeOf(builder: TreeBuilder, { fields }: FilterObject, type: ModelType): InputTree {
  return {
    kind: 'OBJECT',
    fields: fields.flatMap(([name, node]) => partOf(builder, { name, node }, type)),
  };
}

interface NamedNode {
  readonly name: string;
  readonly node: FilterNode;
}

function partOf(
  builder: TreeBuilder,
  { name, node }: NamedNode,
  type: ModelType,
): readonly NamedTree[] {
  switch (name) {
    case 'and':
    case 'or': {
      if (node.kind !== 'LIST') throw unchecked();
      const items = node.items.map((item) => treeOf(builder, objectOf(item), type));
      return [[name, { kind: 'LIST', items }]];
    }
    case 'not':
      return [[name, treeOf({ ...builder, negated: true }, objectOf(node), type)]];
    default:
      if (node.kind === 'CAN') return [[name, canOf(builder, node.operation)]];
      return fieldOf(builder, { name, node: objectOf(node) }, type);
  }
}

function objectOf(node: FilterNode): FilterObject {
  if (node.kind !== 'OBJECT') throw unchecked();
  return node;
}

function canOf(builder: TreeBuilder, operation: AccessOperation): InputTree {
  const { can, negated, required, alsoRequired } = builder;
  const requirements = negated ? [...alsoRequired, required] : alsoRequired;
  return { kind: 'CONDITION', on: (row) => can(row, operation, requirements) };
}

interface NamedFilter {
  readonly name: string;
  readonly node: FilterObject;
}

function fieldOf(
  builder: TreeBuilder,
  { name, node }: NamedFilter,
  type: ModelType,
): readonly NamedTree[] {
  const { index } = builder.rules.context;
  const field = index.field(type, name);
  const column = index.column(type, name);
  if (column !== null) return [[name, operatorsOf(builder, node, type, column)]];
  switch (field?.kind) {
    case 'TO_ONE':
      return toOne(builder, field, node, type);
    case 'TO_MANY':
      return node.fields.map(([quantifier, inner]) => {
        if (!isQuantifier(quantifier)) throw unchecked();
        const negated = builder.negated || quantifier !== 'some';
        const filter = objectOf(inner);
        return quantifier === 'some' && runsOnce(builder, filter, field)
          ? [name, member(builder, field, related(builder, field, filter))]
          : [name, quantified(quantifier, related({ ...builder, negated }, field, filter))];
      });
    case 'VALUE':
    case undefined:
      throw unchecked();
    default:
      return assertNever(field);
  }
}

function quantified(quantifier: string, tree: InputTree): InputTree {
  return { kind: 'OBJECT', fields: [[quantifier, tree]] };
}

function related(
  builder: TreeBuilder,
  field: ToOneField | ToManyField,
  filter: FilterObject,
): InputTree {
  const { rules } = builder;
  const type = rules.context.index.type(field.target);
  return treeOf({ ...builder, rules: { ...rules, rowsAreStored: true } }, filter, type);
}

function operatorsOf(
  builder: TreeBuilder,
  { fields }: FilterObject,
  type: ModelType,
  column: ModelColumn,
): InputTree {
  const ignoresCase = fields.some(([operator]) => operator === 'mode');
  return {
    kind: 'OBJECT',
    fields: fields.map(([operator, node]): NamedTree => {
      if (!isFilterOperator(operator)) throw unchecked();
      builder.rules.context.budget.spendNode([]);
      if (node.kind === 'REFERENCE') {
        const { reference } = node;
        const isEqual = operator === 'eq' && !ignoresCase;
        const key = isEqual ? storedCallerKey(builder, reference, type, column) : null;
        return [operator, key ?? operandOf(builder, reference)];
      }
      if (node.kind !== 'LITERAL') throw unchecked();
      const value = literalValue(node, column, operator);
      return [operator, { kind: 'LEAF', read: () => value }];
    }),
  };
}

function operandOf(builder: TreeBuilder, reference: Reference): InputTree {
  const { rules, row, negated, required, alsoRequired } = builder;
  if (reference.of === 'NOW') return { kind: 'EXPRESSION', sqlAs: nowAs };
  const value = referenceSql(rules, reference, row);
  // `$row` refers to another row in the rule that uses this one.
  const others = reference.of === 'ROW' ? [] : alsoRequired;
  for (const requirements of negated ? [...others, required] : others) {
    requirements.set(JSON.stringify(reference), sql`${value} IS NOT NULL`);
  }
  return { kind: 'EXPRESSION', sqlAs: () => value };
}

/** `$1` for `$user.id`, without reading the caller's row, if the comparison implies that the row exists. */
function storedCallerKey(
  { rules, negated, alsoRequired }: TreeBuilder,
  reference: Reference,
  type: ModelType,
  column: ModelColumn,
): InputTree | null {
  // Under a negation, a comparison with the key of a missing row is false, and one with a missing value is null.
  const isPositive = !negated && alsoRequired.length === 0;
  if (reference.of !== 'USER' || !isPositive || !rules.rowsAreStored) return null;
  const key = callerKeyOf(rules, reference, type, column);
  return key === null ? null : { kind: 'EXPRESSION', sqlAs: () => key };
}

function toOne(
  builder: TreeBuilder,
  field: ToOneField,
  filter: FilterObject,
  type: ModelType,
): readonly NamedTree[] {
  const keyFields = foreignKeyFilter(builder, field, filter);
  if (keyFields !== null) {
    return keyFields.flatMap((each) => fieldOf(builder, each, type));
  }
  const tree = related(builder, field, filter);
  const inner = runsOnce(builder, filter, field) ? member(builder, field, tree) : tree;
  return [[field.name, onParent(builder, field, { tree, otherwise: inner })]];
}

/**
 * If the statement reads the related row anyway, because it reads the rows of a list of that row, the conditions are
 * about it: `"t1"."status" = $1` in a list of the issues of the board `t1`. PostgreSQL evaluates them once for the list.
 */
function onParent(
  { rules: { context } }: TreeBuilder,
  field: ToOneField,
  { tree, otherwise }: { readonly tree: InputTree; readonly otherwise: InputTree },
): InputTree {
  return {
    kind: 'CONDITION',
    on: (row) => {
      const { parent } = row;
      const isParent = isOwningSide(field) && parent?.relation === field.relation;
      const [on, of] = isParent
        ? [parent.row, tree]
        : [row, { kind: 'OBJECT', fields: [[field.name, otherwise]] } as const];
      return compileWhere(context, of, { ...on, path: [] });
    },
  };
}

/**
 * A filter on the key of a related row as a filter on the foreign key: `author: { id: … }` → `authorId: …`. Null if the
 * filter needs the related row.
 */
function foreignKeyFilter(
  { rules: { context } }: TreeBuilder,
  field: ToOneField,
  { fields }: FilterObject,
): readonly NamedFilter[] | null {
  if (!isOwningSide(field) || fields.length === 0) return null;
  // A key of several columns, of which some are null, has no related row.
  if (field.key.length > 1 && !field.required) return null;
  const target = context.index.type(field.target);
  const filters = fields.map(([name, node]): NamedFilter | null => {
    const referenced = context.index.column(target, name)?.column;
    const own = field.key.find(({ references }) => references === referenced);
    // A foreign key is also null if there is no related row.
    const isPlain =
      node.kind === 'OBJECT' &&
      node.fields.length > 0 &&
      node.fields.every(([operator]) => operator !== 'isNull' && operator !== 'mode');
    return own !== undefined && isPlain ? { name: own.name, node } : null;
  });
  const found = filters.filter((each) => each !== null);
  return found.length === filters.length ? found : null;
}

/** Whether the related rows that match a filter are few and the same for all rows, so that they are found once. */
function runsOnce(
  builder: TreeBuilder,
  filter: FilterObject,
  { target }: ToOneField | ToManyField,
): boolean {
  const { rules } = builder;
  return !dependsOnRow(filter) && isSelective(rules, filter, rules.context.index.type(target));
}

/** `"t1"."id" = ANY (ARRAY(SELECT "t2"."board_id" FROM … WHERE …))` */
function member(
  { rules: { context } }: TreeBuilder,
  field: ToOneField | ToManyField,
  tree: InputTree,
): InputTree {
  return {
    kind: 'CONDITION',
    on: (row) => {
      context.budget.spendRelation([]);
      const { type, alias, from, links } = linkedRows(context, field, row);
      const where = whereClause(compileWhere(context, tree, { type, alias, path: [] }));
      const own = commaList(links.map((link) => link.own));
      const rows = sql`SELECT ${commaList(links.map(({ other }) => other))} FROM ${from}${where}`;
      return [links.length === 1 ? sql`${own} = ANY (ARRAY(${rows}))` : sql`(${own}) IN (${rows})`];
    },
  };
}
