import type {
  AccessOperation,
  AllowRule,
  Audience,
  FilterNode,
  FilterObject,
  RequireRule,
  RuleConditions,
} from '../sdl/access-model.ts';
import type { Model, ModelType } from '../sdl/model.ts';
import { claimTests } from './claim-conditions.ts';
import { neededFor, rulesOf } from './rights.ts';

/** The rules of a type for an operation that can hold for a caller of an audience. */
export interface PossibleRules {
  /** Alternatives. Without any, callers of the audience cannot do this. */
  readonly allows: readonly AllowRule[];
  /** All of them must hold as well. */
  readonly requires: readonly RequireRule[];
}

export interface AudienceRight {
  readonly type: string;
  readonly operation: AccessOperation;
  readonly audience: Audience;
}

/** The rules about the operation itself, without those of READ that an UPDATE and a DELETE need too. */
export function possibleRules(
  model: Model,
  { type, operation, audience }: AudienceRight,
): PossibleRules {
  const rules = rulesOf(model.access, type);
  const isPossible = (rule: RuleConditions) => !isImpossible(model, rule, { type, audience });
  const requires = rules?.requires.filter(({ to }) => to.includes(operation)) ?? [];
  const allows = rules?.allows.filter((rule) => rule.to.includes(operation)) ?? [];
  return {
    allows: requires.every(isPossible)
      ? allows.filter((rule) => isFor(rule, audience) && isPossible(rule))
      : [],
    requires,
  };
}

/** Whether a rule is for the callers of an audience. A signed-in caller has the rights of signed-out callers too. */
export function isFor({ as }: AllowRule, audience: Audience): boolean {
  switch (audience) {
    case 'PUBLIC':
      return as === 'PUBLIC';
    case 'GUEST':
      return as !== 'USER';
    case 'USER':
      return true;
  }
}

/**
 * Whether a rule holds for no caller of an audience. Callers who are signed out have no row and no claims, so that
 * comparisons with them are false.
 */
export function isImpossible(
  model: Model,
  { where, user, claims }: RuleConditions,
  { type: typeName, audience }: { readonly type: string; readonly audience: Audience },
): boolean {
  const { access } = model;
  const type = model.types.find(({ name }) => name === typeName);
  if (access === null || type === undefined) return true;
  if (audience === 'PUBLIC') {
    if (user !== null) return true;
    if (claims !== null && claimTests(access)[claims]?.(new Map()) !== true) return true;
  }
  if (where === null) return false;
  const scope = { model, audience, broken: false };
  return isFalse(scope, where, { type, negated: false }) || scope.broken;
}

interface Scope {
  readonly model: Model;
  readonly audience: Audience;
  /** Whether a reference is missing under `not`, `none` or `every`, so that the whole rule does not hold. */
  broken: boolean;
}

interface Place {
  readonly type: ModelType;
  readonly negated: boolean;
}

/** Whether a filter matches no row for any caller of the audience. Also finds out whether the rule is broken. */
function isFalse(scope: Scope, { fields }: FilterObject, place: Place): boolean {
  return fields.map(([name, node]) => isFalsePart(scope, { name, node }, place)).includes(true);
}

interface Part<Node = FilterNode> {
  readonly name: string;
  readonly node: Node;
}

function isFalsePart(scope: Scope, { name, node }: Part, place: Place): boolean {
  switch (node.kind) {
    case 'LIST': {
      const items = node.items.map((item) => item.kind === 'OBJECT' && isFalse(scope, item, place));
      return name === 'or' ? !items.includes(false) : items.includes(true);
    }
    case 'CAN':
      return isNever(scope, { type: place.type.name, operation: node.operation });
    case 'OBJECT':
      if (name !== 'not') return isFalseField(scope, { name, node }, place);
      isFalse(scope, node, { ...place, negated: true });
      return false;
    case 'LITERAL':
    case 'REFERENCE':
      return false;
  }
}

function isFalseField(scope: Scope, { name, node }: Part<FilterObject>, place: Place): boolean {
  const field = place.type.fields.find((each) => each.name === name);
  if (field === undefined || field.kind === 'VALUE') {
    const isMissing = node.fields.some(([, operand]) => isMissingFor(scope, operand));
    if (isMissing && place.negated) scope.broken = true;
    return isMissing;
  }
  const type = scope.model.types.find((each) => each.name === field.target);
  if (type === undefined) return true;
  if (field.kind === 'TO_ONE') return isFalse(scope, node, { ...place, type });
  return node.fields
    .map(([quantifier, inner]) => {
      if (inner.kind !== 'OBJECT') return false;
      const isSome = quantifier === 'some';
      const is = isFalse(scope, inner, { type, negated: place.negated || !isSome });
      return isSome && is;
    })
    .includes(true);
}

function isNever(
  { model, audience }: Scope,
  right: { readonly type: string; readonly operation: AccessOperation },
): boolean {
  return neededFor(model.access, right).some(
    (operation) => possibleRules(model, { ...right, operation, audience }).allows.length === 0,
  );
}

function isMissingFor({ audience }: Scope, node: FilterNode): boolean {
  if (audience !== 'PUBLIC' || node.kind !== 'REFERENCE') return false;
  return node.reference.of === 'USER' || node.reference.of === 'CLAIM';
}
