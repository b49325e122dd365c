import { parse, visit } from 'graphql';
import type { Subject } from '../../../src/engine/rules/subject.ts';
import { Cursors } from '../cursors.ts';
import { evaluate } from '../evaluate.ts';
import type { ClientOperation } from '../random-operation.ts';
import { Store } from '../store.ts';
import type { RandomWorld } from './random-world.ts';

/** Counts of what random operations contained, which show that a test covers something. */
export class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, count = 1): void {
    this.#counts.set(name, this.of(name) + count);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  toString(): string {
    const sorted = [...this.#counts].sort(([, a], [, b]) => b - a);
    return sorted.map(([name, count]) => `${count} ${name}`).join(', ');
  }
}

const partsOfQueries = [
  ...['where', 'orderBy', 'some', 'every', 'none', 'totalCount', 'aggregate', 'edges', 'nodes'],
  ...['first', 'last', 'after', 'before', 'offset', 'me'],
];

export function countReads(
  counts: Counts,
  random: RandomWorld,
  subject: Subject,
  operations: readonly ClientOperation[],
): void {
  const { ruled, data } = random;
  const world = ruled.worldOf(data, subject);
  const visible = world.visible();
  counts.add(`callers ${subject.audience}`);
  if (world.caller.row !== null) counts.add('callers with a row');
  for (const type of ruled.model.types.filter((each) => world.mayRead(each))) {
    const all = data.rows[type.name] ?? [];
    const seen = visible.all(type.name);
    counts.add('hidden rows', all.length - seen.length);
    const values = seen.flatMap((row) => Object.values(row)).filter((value) => value === null);
    const before = all.flatMap((row) => Object.values(row)).filter((value) => value === null);
    counts.add('hidden values', Math.max(values.length - before.length, 0));
  }
  for (const operation of operations) {
    counts.add('operations');
    const names = namesIn(operation);
    if (ruled.model.types.some((type) => names.has(type.names.one))) counts.add('single rows');
    for (const name of partsOfQueries.filter((each) => names.has(each))) counts.add(name);
    if (isChangedByRules(random, subject, operation)) counts.add('answers that rules change');
  }
}

function namesIn({ text }: ClientOperation): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(text), {
    Field: ({ name }) => void names.add(name.value),
    Argument: ({ name }) => void names.add(name.value),
    ObjectField: ({ name }) => void names.add(name.value),
  });
  return names;
}

/** Whether the answer would be another one without rules. Queries with cursors are not evaluated. */
function isChangedByRules(
  { ruled, data }: RandomWorld,
  subject: Subject,
  { text, variables, cursors }: ClientOperation,
): boolean {
  if (cursors.length > 0) return false;
  const api = ruled.apiOf(subject);
  const world = ruled.worldOf(data, subject);
  const stores = [new Store(ruled.serverApi.index, data), world.visible()];
  const [without, withRules] = stores.map((store) => {
    try {
      const oracle = { api, store, cursors: new Cursors(), me: world.caller.row };
      return JSON.stringify(evaluate(oracle, { document: parse(text), variables }));
    } catch {
      // A row of a required relation is hidden, or the answer is undecided.
      return null;
    }
  });
  return without !== withRules;
}
