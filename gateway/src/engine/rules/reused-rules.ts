import type { ASTNode } from 'graphql';
import { groupBy } from '../sdl/collections.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import { limits } from '../sdl/limits.ts';
import type { ReusedRules } from './read-filter.ts';

/** What is known of a rule whose filters were read. */
export interface ReadRule {
  readonly type: string;
  /** Whether the rule decides which rows of the type can be read. `_can: READ` reuses such rules. */
  readonly decidesRead: boolean;
  readonly node: ASTNode;
  /** The number of relations that its filters go through. */
  readonly hops: number;
  readonly conditions: number;
  readonly reused: readonly ReusedRules[];
}

/** Reports `_can` that makes rules depend on themselves, and rules that are too large because of `_can`. */
export function refuseBadReuse(rules: readonly ReadRule[], bag: DiagnosticBag): void {
  const ofType = groupBy(
    rules.filter(({ decidesRead }) => decidesRead),
    ({ type }) => type,
  );
  const reusedBy = (type: string): readonly string[] =>
    (ofType.get(type) ?? []).flatMap(({ reused }) => reused.map((each) => each.type));
  const cycles = [...ofType.values()].flat().flatMap(({ type, reused }) =>
    reused.flatMap(({ type: target, node }) => {
      const path = pathBetween(target, type, reusedBy);
      return path === null ? [] : [{ node, path: [type, ...path] }];
    }),
  );
  for (const { node, path } of cycles) bag.report(node, 'RULE_CYCLE', path);
  if (cycles.length === 0) refuseTooLarge(rules, ofType, bag);
}

/** The shortest path between two types. Null if there is none. */
function pathBetween(
  from: string,
  to: string,
  next: (type: string) => readonly string[],
): readonly string[] | null {
  const seen = new Set([from]);
  let paths: readonly (readonly string[])[] = [[from]];
  while (paths.length > 0) {
    const found = paths.find((path) => path.at(-1) === to);
    if (found !== undefined) return found;
    paths = paths.flatMap((path) =>
      next(path.at(-1) ?? '').flatMap((type) => {
        if (seen.has(type)) return [];
        seen.add(type);
        return [[...path, type]];
      }),
    );
  }
  return null;
}

interface Size {
  readonly hops: number;
  readonly conditions: number;
}

function refuseTooLarge(
  rules: readonly ReadRule[],
  ofType: ReadonlyMap<string, readonly ReadRule[]>,
  bag: DiagnosticBag,
): void {
  const known = new Map<string, Size>();
  const sizeOfType = (type: string): Size => {
    const size = known.get(type) ?? sizeOf(ofType.get(type) ?? []);
    known.set(type, size);
    return size;
  };
  const sizeOf = (of: readonly ReadRule[]): Size => ({
    hops: Math.max(0, ...of.flatMap((rule) => [rule.hops, ...rule.reused.map(hopsWith)])),
    conditions: of.reduce((sum, rule) => sum + conditionsOf(rule), 0),
  });
  const hopsWith = ({ type, hops }: ReusedRules): number => hops + sizeOfType(type).hops;
  const conditionsOf = ({ conditions, reused }: ReadRule): number =>
    reused.reduce((sum, { type }) => sum + sizeOfType(type).conditions, conditions);

  for (const rule of rules) {
    for (const reused of rule.reused) {
      const hops = hopsWith(reused);
      if (hops > limits.ruleHops) bag.report(reused.node, 'FILTER_TOO_DEEP', hops);
    }
    const conditions = conditionsOf(rule);
    if (conditions > limits.ruleConditions) bag.report(rule.node, 'RULE_TOO_LARGE', conditions);
  }
}
