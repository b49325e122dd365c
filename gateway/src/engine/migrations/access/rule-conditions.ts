import { possibleRules } from '../../rules/possible-rules.ts';
import { neededFor } from '../../rules/rights.ts';
import type {
  AccessOperation,
  FilterNode,
  FilterObject,
  Preset,
  Reference,
  RuleConditions,
} from '../../sdl/access-model.ts';
import type { Model, ModelType } from '../../sdl/model.ts';

// Rules as sets of conditions, so that two rules can be compared: one that has all conditions of the other one, and
// maybe more, permits nothing that the other one does not permit.

/** A condition of a rule. Conditions with the same key mean the same. */
export interface Condition {
  readonly key: string;
  /** The alternatives of an `or`. Null for other conditions. */
  readonly alternatives: readonly Conditions[] | null;
  /**
   * Whether the condition contains a reference under `not`, `none` or `every`. If the reference is missing, the whole
   * rule does not hold, so that no alternative is enough.
   */
  readonly isFragile: boolean;
}

/** All of them must hold. */
export type Conditions = readonly Condition[];

/** The names of a model's types and fields in the model with which it is compared. */
export interface Naming {
  readonly model: Model;
  /** The fields, as `Type.field`, that callers cannot write because rules read them. */
  readonly guarded: ReadonlySet<string>;
  readonly typeName: (type: string) => string;
  readonly fieldName: (type: string, field: string) => string;
}

/** The conditions under which a rule permits an operation. */
export function conditionsOf(
  naming: Naming,
  { where, check, user, claims }: RuleConditions,
  { type, operation }: { readonly type: ModelType; readonly operation: AccessOperation },
): Conditions {
  const { access, types } = naming.model;
  const scope: Scope = { naming, owner: type, isNegated: false };
  const userType = types.find(({ name }) => name === access?.userType);
  const claimFilter = claims === null ? undefined : access?.claimConditions[claims];
  const after = check ?? where;
  return [
    ...(where === null ? [] : rowConditions(scope, where, { type, path: '' })),
    ...(operation === 'UPDATE' && after !== null
      ? rowConditions(scope, after, { type, path: 'after.' })
      : []),
    ...(user === null || userType === undefined
      ? []
      : [
          plain(`user ${naming.typeName(userType.name)}`),
          ...rowConditions(scope, user, { type: userType, path: 'user.' }),
        ]),
    ...(claimFilter === undefined ? [] : claimConditions(scope, claimFilter)),
  ];
}

/** Whether `some` never hold unless `others` hold too. */
export function imply(some: Conditions, others: Conditions): boolean {
  return others.every((condition) => implyOne(some, condition));
}

function implyOne(some: Conditions, condition: Condition): boolean {
  return (
    some.some(({ key }) => key === condition.key) ||
    (!condition.isFragile && condition.alternatives?.some((each) => imply(some, each)) === true) ||
    some.some(({ alternatives }) => alternatives?.every((each) => implyOne(each, condition)))
  );
}

/** Whether two sets of conditions are the same, in any order. */
export function areEqual(some: Conditions, others: Conditions): boolean {
  return keyOf(some) === keyOf(others);
}

function keyOf(conditions: Conditions): string {
  return [...new Set(conditions.map(({ key }) => key))].sort().join(' & ');
}

interface Scope {
  readonly naming: Naming;
  /** The type of the row that the rule is about. */
  readonly owner: ModelType;
  readonly isNegated: boolean;
}

interface Place {
  readonly type: ModelType;
  /** The words before a key: the relations from the row of the rule. */
  readonly path: string;
}

function plain(key: string, isFragile = false): Condition {
  return { key, alternatives: null, isFragile };
}

function rowConditions(scope: Scope, { fields }: FilterObject, place: Place): Conditions {
  return fields.flatMap(([name, node]) =>
    combined(
      scope,
      { name, node, path: place.path },
      (inner, filter) => rowConditions(inner, filter, place),
      () => fieldConditions(scope, name, node, place),
    ),
  );
}

function claimConditions(scope: Scope, { fields }: FilterObject): Conditions {
  return fields.flatMap(([name, node]) =>
    combined(scope, { name, node, path: 'claims.' }, claimConditions, () =>
      node.kind === 'OBJECT' ? operators(scope, claimKey(scope, name), node) : [],
    ),
  );
}

interface Part {
  readonly name: string;
  readonly node: FilterNode;
  readonly path: string;
}

/** The conditions of `and`, `or` and `not`, or of another part of a filter. */
function combined(
  scope: Scope,
  { name, node, path }: Part,
  inside: (scope: Scope, filter: FilterObject) => Conditions,
  other: () => Conditions,
): Conditions {
  const items = (inner: Scope) =>
    (node.kind === 'LIST' ? node.items : [node]).map((item) =>
      item.kind === 'OBJECT' ? inside(inner, item) : [],
    );
  switch (name) {
    case 'and':
      return items(scope).flat();
    case 'or': {
      const alternatives = items(scope);
      const key = `${path}or(${alternatives.map(keyOf).sort().join(' | ')})`;
      return [{ key, alternatives, isFragile: areFragile(alternatives.flat()) }];
    }
    case 'not': {
      const negated = items({ ...scope, isNegated: true }).flat();
      return [plain(`${path}not(${keyOf(negated)})`, areFragile(negated))];
    }
    default:
      return other();
  }
}

function areFragile(conditions: Conditions): boolean {
  return conditions.some(({ isFragile }) => isFragile);
}

function fieldConditions(scope: Scope, name: string, node: FilterNode, place: Place): Conditions {
  const { naming } = scope;
  const { type, path } = place;
  if (node.kind === 'CAN') return [reused(scope, node.operation, place)];
  if (node.kind !== 'OBJECT') return [];
  const field = type.fields.find((each) => each.name === name);
  const target = naming.model.types.find(
    (each) => field !== undefined && field.kind !== 'VALUE' && each.name === field.target,
  );
  if (field === undefined || field.kind === 'VALUE' || target === undefined) {
    return operators(scope, `${path}${columnKey(naming, type, name)}`, node);
  }
  const relation = `${path}${naming.fieldName(type.name, name)}>${naming.typeName(target.name)}`;
  if (field.kind === 'TO_ONE') {
    const inner = rowConditions(scope, node, { type: target, path: `${relation}.` });
    return [plain(relation), ...inner];
  }
  return node.fields.map(([quantifier, filter]) => {
    const isNegated = scope.isNegated || quantifier !== 'some';
    const inner =
      filter.kind === 'OBJECT'
        ? rowConditions({ ...scope, isNegated }, filter, { type: target, path: '' })
        : [];
    return plain(`${relation} ${quantifier}(${keyOf(inner)})`, areFragile(inner));
  });
}

/**
 * Another type's rules. Where they are negated, a change that makes them narrower makes this rule wider, so their text
 * is part of the key.
 */
function reused(scope: Scope, operation: AccessOperation, { type, path }: Place): Condition {
  const { naming, isNegated } = scope;
  const key = `${path}can ${operation} ${naming.typeName(type.name)}`;
  if (!isNegated) return plain(key);
  const rules = neededFor(naming.model.access, { type: type.name, operation }).map((needed) => {
    const right = { type: type.name, operation: needed, audience: 'USER' } as const;
    const { allows, requires } = possibleRules(naming.model, right);
    const of = (rule: RuleConditions) =>
      keyOf(conditionsOf(naming, rule, { type, operation: needed }));
    return [...allows.map((rule) => `${rule.as} ${of(rule)}`), ...requires.map(of)]
      .sort()
      .join(' | ');
  });
  return plain(`${key} [${rules.join(' + ')}]`, true);
}

/** One condition for each operator. */
function operators(scope: Scope, name: string, { fields }: FilterObject): Conditions {
  const mode = fields.some(([, node]) => node.kind === 'LITERAL' && node.literal === 'INSENSITIVE');
  return fields
    .filter(([operator]) => operator !== 'mode')
    .map(([operator, node]) => {
      const isReference = node.kind === 'REFERENCE';
      const operand = isReference
        ? referenceKey(scope, node.reference)
        : node.kind === 'LITERAL'
          ? node.literal
          : '';
      const key = `${name} ${operator}${mode ? ' (ignoring case)' : ''} ${operand}`;
      return plain(key, isReference && scope.isNegated);
    });
}

function claimKey({ naming: { model } }: Scope, name: string): string {
  const claim = model.access?.claims.find((each) => each.name === name);
  return `claims.${name}: ${claim?.type.name ?? ''}${claim?.list === true ? ' list' : ''}`;
}

function referenceKey(scope: Scope, reference: Reference): string {
  const { naming, owner } = scope;
  const { access, types } = naming.model;
  switch (reference.of) {
    case 'USER': {
      const user = types.find(({ name }) => name === access?.userType) ?? owner;
      return `$${naming.typeName(user.name)}.${columnKey(naming, user, reference.field)}`;
    }
    case 'CLAIM':
      return `$${claimKey(scope, reference.name)}`;
    case 'ROW':
      return `$row.${columnKey(naming, owner, reference.field)}`;
    case 'NOW':
      return '$now';
  }
}

/** The name of a field, or the number of the column in the foreign key of a relation. */
function columnKey({ fieldName }: Naming, { name: type, fields }: ModelType, name: string): string {
  if (fields.some((field) => field.name === name)) return fieldName(type, name);
  for (const field of fields) {
    const place =
      field.kind === 'TO_ONE' ? (field.key?.findIndex((key) => key.name === name) ?? -1) : -1;
    if (place >= 0) return `${fieldName(type, field.name)}#${place}`;
  }
  return name;
}

/** A text that is equal for presets that set the same value. */
export function presetKey(naming: Naming, owner: ModelType, { value, on }: Preset): string {
  const key =
    value.kind === 'LITERAL'
      ? value.literal
      : referenceKey({ naming, owner, isNegated: false }, value.reference);
  return `${[...on].sort().join()} ${key}`;
}
