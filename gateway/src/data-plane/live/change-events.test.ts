import { describe, expect, it } from 'vitest';
import { projectNames } from '../../engine/migrations.ts';
import {
  OperationError,
  operationErrors,
  type ChangeOperation,
  type ChangesPlan,
  type PgValue,
  type Rows,
} from '../../engine/runtime.ts';
import { ByteList, bytesOf } from '../../platform/bytes.ts';
import { Canceller } from '../../platform/cancellation.ts';
import { evaluateChanges, type PlacedChange } from './change-events.ts';

const operations = new Set<ChangeOperation>(['CREATED', 'UPDATED', 'DELETED']);

/** The pairs of a subscriber and a change of a statement, as numbers. */
type Pair = readonly [subscriber: number, change: number];

/**
 * Evaluates changes for subscribers whose only value is a number. A subscriber sees the changes that its number divides.
 */
function createKit(maxRows = Infinity) {
  const statements: (readonly Pair[])[] = [];
  const written: string[] = [];
  const plan: Pick<
    ChangesPlan,
    'needsOld' | 'hasRules' | 'equalities' | 'parameters' | 'evaluate' | 'event'
  > = {
    needsOld: [],
    hasRules: true,
    equalities: [],
    parameters: [() => null],
    evaluate: { chunks: ['SELECT'] },
    event({ cursor, operation, row }) {
      written.push(`${operation} ${String(row?.[1])}`);
      return ByteList.of(JSON.stringify({ cursor, operation, row: String(row?.[1]) }));
    },
  };
  const answer = (values: readonly PgValue[]): Rows => {
    // The lists of the statement, as `ChangesPlan.evaluate` describes them.
    const [keys = [], , , numbers = [], lists = []] = values as readonly (readonly string[])[];
    const pairs = lists.flatMap((list, subscriber) =>
      (JSON.parse(list.replace('{', '[').replace('}', ']')) as number[]).map((change): Pair => [
        subscriber + 1,
        change,
      ]),
    );
    statements.push(pairs);
    const rows = pairs.flatMap(([subscriber, change]) => {
      const { id } = JSON.parse(keys[change - 1] ?? '') as { id: number };
      return id % Number(numbers[subscriber - 1]) === 0
        ? [[String(subscriber), String(change), 'f', 't', null, String(id)]]
        : [];
    });
    if (rows.length > maxRows) throw operationErrors.answerTooLarge(1);
    return rows.map((row) => row.map((text) => (text === null ? null : bytesOf(text))));
  };
  return {
    statements,
    written,
    /** @returns the ids of the rows that each subscriber gets */
    async evaluate(numbers: readonly number[], changes: number) {
      const events = await evaluateChanges(
        // The members that are missing are only used to compile.
        plan as ChangesPlan,
        Array.from({ length: changes }, (_, index) => created(index + 1)),
        numbers.map((number) => ({ values: [String(number)], operations })),
        {
          connections: { runInBackground: (_, { values }) => promised(() => answer(values)) },
          names: projectNames('a'.repeat(16)),
          signal: new Canceller(),
        },
      );
      return events.map((own) =>
        own.map((event) => {
          const { data } = JSON.parse(String(event)) as { data: { row: string } };
          return Number(data.row);
        }),
      );
    },
  };
}

function created(id: number): PlacedChange {
  const seq = BigInt(id);
  return {
    change: {
      seq,
      table: 'issue',
      operation: 'INSERT',
      key: { id: String(id) },
      changed: [],
      old: null,
      new: null,
      leftOut: [],
    },
    position: { epoch: '00000000-0000-0000-0000-000000000000', pos: 1n, seq },
    at: new Date(0),
    images: [],
  };
}

/** The result as a promise, which an error rejects. */
const promised = <T>(run: () => T): Promise<T> => Promise.resolve().then(run);

const multiples = (number: number, most: number) =>
  Array.from({ length: most }, (_, index) => index + 1).filter((id) => id % number === 0);

describe('changes of several streams', () => {
  it('are evaluated once for streams with equal values, and equal events are written once', async () => {
    const kit = createKit();
    const numbers = [1, 2, 1, 3, 2, 1];
    const events = await kit.evaluate(numbers, 6);
    expect(events).toEqual(numbers.map((number) => multiples(number, 6)));
    expect(kit.statements).toHaveLength(1);
    expect(kit.statements[0]).toHaveLength(3 * 6);
    expect(kit.written).toEqual(multiples(1, 6).map((id) => `CREATED ${id}`));
  });

  it('are divided into statements of 2,000 pairs', async () => {
    const kit = createKit();
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const events = await kit.evaluate(numbers, 900);
    expect(events).toEqual(numbers.map((number) => multiples(number, 900)));
    expect(kit.statements.map((pairs) => pairs.length)).toEqual([
      1_800, 1_800, 1_800, 1_800, 1_800,
    ]);
  });

  it('of one stream are divided too', async () => {
    const kit = createKit();
    expect(await kit.evaluate([2], 4_500)).toEqual([multiples(2, 4_500)]);
    expect(kit.statements.map((pairs) => pairs.length)).toEqual([2_000, 2_000, 500]);
  });

  it('are divided further where a result is too large', async () => {
    const kit = createKit(3);
    expect(await kit.evaluate([1, 2], 8)).toEqual([multiples(1, 8), multiples(2, 8)]);
    expect(Math.max(...kit.statements.map((pairs) => pairs.length))).toBe(16);
  });

  it('fail if one row is too large', async () => {
    const kit = createKit(0);
    await expect(kit.evaluate([1], 4)).rejects.toThrow(OperationError);
  });
});
