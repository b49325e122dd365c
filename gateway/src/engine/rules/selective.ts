import type { FilterNode, FilterObject } from '../sdl/access-model.ts';
import type { ModelType } from '../sdl/model.ts';
import type { RuleScope } from './references.ts';
import { neededFor, rightTo } from './rights.ts';

// A filter that compares with a value of the caller is likely to match few rows.

/** Whether a filter contains `$row`. */
export function dependsOnRow(node: FilterNode): boolean {
  switch (node.kind) {
    case 'OBJECT':
      return node.fields.some(([, inner]) => dependsOnRow(inner));
    case 'LIST':
      return node.items.some(dependsOnRow);
    case 'REFERENCE':
      return node.reference.of === 'ROW';
    case 'LITERAL':
    case 'CAN':
      return false;
  }
}

/** Whether all rows of a type that match a filter are equal to a value of the caller, or related to such a row. */
export function isSelective(rules: RuleScope, filter: FilterObject, type: ModelType): boolean {
  return filter.fields.some(([name, node]) => isSelectivePart(rules, name, node, type));
}

function isSelectivePart(
  rules: RuleScope,
  name: string,
  node: FilterNode,
  type: ModelType,
): boolean {
  const isItem = (item: FilterNode) => item.kind === 'OBJECT' && isSelective(rules, item, type);
  switch (node.kind) {
    case 'LIST':
      return name === 'or'
        ? node.items.length > 0 && node.items.every(isItem)
        : node.items.some(isItem);
    case 'CAN':
      return isSelectiveRight(rules, node, type);
    case 'OBJECT':
      return name !== 'not' && isSelectiveField(rules, name, node, type);
    case 'LITERAL':
    case 'REFERENCE':
      return false;
  }
}

function isSelectiveField(
  rules: RuleScope,
  name: string,
  node: FilterObject,
  type: ModelType,
): boolean {
  const { index } = rules.context;
  const field = index.field(type, name);
  if (field === null || field.kind === 'VALUE') return comparesWithCaller(node);
  const target = index.type(field.target);
  if (field.kind === 'TO_ONE') return isSelective(rules, node, target);
  return node.fields.some(
    ([quantifier, inner]) =>
      quantifier === 'some' && inner.kind === 'OBJECT' && isSelective(rules, inner, target),
  );
}

const equalities: readonly string[] = ['eq', 'in', 'has', 'hasSome'];

function comparesWithCaller({ fields }: FilterObject): boolean {
  return fields.some(
    ([operator, node]) =>
      equalities.includes(operator) &&
      node.kind === 'REFERENCE' &&
      (node.reference.of === 'USER' || node.reference.of === 'CLAIM'),
  );
}

function isSelectiveRight(
  rules: RuleScope,
  { operation }: Extract<FilterNode, { kind: 'CAN' }>,
  type: ModelType,
): boolean {
  const { access, profile } = rules;
  return neededFor(access, { type: type.name, operation }).some((needed) => {
    const right = rightTo(access, profile, { type: type.name, operation: needed });
    return (
      right.kind === 'NEVER' ||
      right.allows.every(({ where }) => where !== null && isSelective(rules, where, type))
    );
  });
}
