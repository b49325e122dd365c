import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

import type { MeasuredDefinition } from './document-meter.ts';

/**
 * Counts the pairs of fields with the same response key in the same object. Validation compares the arguments of each
 * pair (GraphQL, section 5.3.2), which takes time that grows with the square of their number.
 *
 * The time is linear in the number of fields after fragments are expanded, so this number must be limited first.
 * @returns a function that counts the pairs in one definition
 */
export function createOverlapCounter(
  document: DocumentNode,
): (definition: MeasuredDefinition) => number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    }
  }

  const collect = (
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void => {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD: {
          const key = (selection.alias ?? selection.name).value;
          const known = fields.get(key);
          if (known === undefined) fields.set(key, [selection]);
          else known.push(selection);
          break;
        }
        case Kind.INLINE_FRAGMENT:
          collect(selection.selectionSet, fields, spread);
          break;
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          if (fragment === undefined || spread.has(selection.name.value)) break;
          spread.add(selection.name.value);
          collect(fragment.selectionSet, fields, spread);
        }
      }
    }
  };

  const pairsIn = (sets: readonly SelectionSetNode[]): number => {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) collect(set, fields, spread);
    let pairs = 0;
    for (const same of fields.values()) {
      pairs += (same.length * (same.length - 1)) / 2;
      const inner = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (inner.length > 0) pairs += pairsIn(inner);
    }
    return pairs;
  };

  return ({ selectionSet }) => pairsIn([selectionSet]);
}
