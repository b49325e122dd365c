import { Kind, type ConstValueNode } from 'graphql';
import { scalarFilters } from '../api/filters.ts';
import type { Claim, FilterNode, FilterObject } from '../sdl/access-model.ts';
import { suggestion } from '../sdl/similar-names.ts';
import { objectFields, readOperators } from './filter-object.ts';
import type { RuleContext } from './rule-context.ts';

/** Reads a `ClaimFilter`: conditions on claims, with the operators of their types. Mistakes are in the bag. */
export function readClaimFilter(
  context: RuleContext,
  node: ConstValueNode,
  name = 'claims',
): FilterObject {
  const { bag, claims } = context;
  const hint = 'Write `claims: { role: { eq: … } }`.';
  return {
    kind: 'OBJECT',
    fields: objectFields({ node, name, hint }, bag).flatMap(
      ({ name: at, value }): readonly (readonly [string, FilterNode])[] => {
        switch (at.value) {
          case 'and':
          case 'or': {
            const items = value.kind === Kind.LIST ? value.values : [value];
            const read = items.map((item) => readClaimFilter(context, item, at.value));
            return [[at.value, { kind: 'LIST', items: read }]];
          }
          case 'not':
            return [[at.value, readClaimFilter(context, value, at.value)]];
          default: {
            const claim = claims?.get(at.value);
            if (claim !== undefined) return [[at.value, readClaim(context, value, claim)]];
            const known = suggestion(at.value, [...(claims?.keys() ?? [])], 'Declared claims');
            bag.report(at, 'BAD_FILTER', `The claim ${at.value} is not declared.`, known);
            return [];
          }
        }
      },
    ),
  };
}

function readClaim(
  { api: { types }, bag }: RuleContext,
  node: ConstValueNode,
  { name, type, list }: Claim,
): FilterObject {
  const filters = type.kind === 'ENUM' ? types.enumFilters(type.name) : scalarFilters[type.name];
  const operators = list ? filters.list : filters.one;
  return readOperators(
    { node, name, operators, of: type },
    (reference) => {
      const what = `The operand of ${reference.operator} is a reference, but conditions on claims have constants.`;
      const hint =
        'Compare the claim in `where`: `orgId: { eq: "$claims.orgId" }`. For text that begins with `$`, write `$$`.';
      bag.report(reference.node, 'MISPLACED_REFERENCE', what, hint);
      return null;
    },
    bag,
  );
}
