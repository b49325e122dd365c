import { parse, visit } from 'graphql';
import type { Subject } from '../../../src/engine/rules/subject.ts';
import { Cursors } from '../cursors.ts';
import { evaluate, type Oracle } from '../evaluate.ts';
import type { ClientOperation } from '../random-operation.ts';
import { Undecided } from '../undecided.ts';
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

function namesIn({ text }: Pick<ClientOperation, 'text'>, pattern = /^/): ReadonlySet<string> {
  const names = new Set<string>();
  visit(parse(text), {
    Field: ({ name }) => void names.add(name.value),
    Argument: ({ name }) => void names.add(name.value),
    ObjectField: ({ name }) => void names.add(name.value),
  });
  return new Set([...names].filter((name) => pattern.test(name)));
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
  const oracle = { api, store: world.store, cursors: new Cursors() };
  const [without, withRules] = [oracle, { ...oracle, rules: world }].map((each) => {
    try {
      return JSON.stringify(evaluate(each, { document: parse(text), variables }));
    } catch {
      // A row of a required relation is hidden, or the answer is undecided.
      return null;
    }
  });
  return without !== withRules;
}

/** Each mutation is evaluated on the data that the earlier ones leave. */
export function countWrites(
  counts: Counts,
  { ruled, data }: RandomWorld,
  subject: Subject,
  operations: readonly ClientOperation[],
): void {
  const rules = ruled.worldOf(data, subject);
  const api = ruled.apiOf(subject);
  const oracle: Oracle = { api, store: rules.store, cursors: new Cursors(), rules };
  for (const { text, variables } of operations) {
    const document = parse(text);
    counts.add('mutations');
    try {
      const answer = evaluate(oracle, { document, variables });
      counts.add('decided');
      counts.add('data' in answer ? 'accepted' : [...answer.codes].sort().join(' or '));
      for (const name of namesIn({ text }, /^(?:create|update|upsert|delete)/)) {
        if ('data' in answer) counts.add(name.replace(/[A-Z].*/, ''));
      }
      if (/connect:|disconnect:|set:/.test(text) && 'data' in answer) counts.add('links');
    } catch (error) {
      if (!(error instanceof Undecided)) throw error;
      counts.add('undecided');
    }
  }
}
