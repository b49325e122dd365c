import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { TypeDraft } from './outline.ts';
import { groupBy } from './collections.ts';
import type { ForeignKeyRelation, Relation } from './model.ts';

/** Reports cycles of required foreign keys, because the first row of such a cycle could not be inserted. */
export function refuseRequiredCycles(
  relations: readonly Relation[],
  types: readonly TypeDraft[],
  bag: DiagnosticBag,
): void {
  const required = relations.filter(isRequiredKey);
  const from = groupBy(required, (relation) => relation.owningSide.type);
  for (const relation of required) {
    const way = shortestWay(from, relation.inverseSide.type, relation.owningSide.type);
    if (way === null) continue;
    const field = types
      .find((type) => type.name === relation.owningSide.type)
      ?.fields.find(({ name }) => name === relation.owningSide.field);
    const path = [relation, ...way].map(
      ({ owningSide }) => `${owningSide.type}.${owningSide.field}`,
    );
    if (field !== undefined) bag.report(field.node.type, 'REQUIRED_CYCLE', path);
  }
}

function isRequiredKey(relation: Relation): relation is ForeignKeyRelation {
  return relation.kind === 'FOREIGN_KEY' && relation.required;
}

/**
 * The shortest path of foreign keys from one type to another. Empty if the types are equal, null if there is no path.
 */
function shortestWay(
  from: ReadonlyMap<string, readonly ForeignKeyRelation[]>,
  start: string,
  goal: string,
): readonly ForeignKeyRelation[] | null {
  const ways = new Map<string, readonly ForeignKeyRelation[]>([[start, []]]);
  for (const [type, way] of ways) {
    if (type === goal) return way;
    for (const relation of from.get(type) ?? []) {
      const next = relation.inverseSide.type;
      // Iterating over a Map also visits entries that the loop adds, so the Map serves as the queue of a breadth-first
      // search.
      if (!ways.has(next)) ways.set(next, [...way, relation]);
    }
  }
  return null;
}
