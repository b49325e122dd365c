import { describe, expect, it } from 'vitest';
import type { PgValue, ReadEquality, TableRead } from '../../engine/runtime.ts';
import type { Change } from '../changes/changes.ts';
import { bindReads } from './bound-reads.ts';
import { createDependencyIndex } from './dependency-index.ts';

const equal = (column: string, name: 'Int' | 'String', parameter: number): ReadEquality => ({
  column,
  type: { kind: 'SCALAR', name },
  parameter,
});
const read = (table: string, ...equalities: readonly ReadEquality[]): TableRead => ({
  table,
  equalities,
});

function change(table: string, parts: Partial<Change>): Change {
  const operation = parts.operation ?? 'UPDATE';
  return {
    seq: 1n,
    table,
    operation,
    key: {},
    changed: [],
    old: null,
    new: null,
    leftOut: [],
    ...parts,
  };
}

/** An index with entries that are named after their values. */
function indexOf(
  reads: readonly TableRead[],
  entries: Readonly<Record<string, readonly PgValue[]>>,
) {
  const index = createDependencyIndex<string>();
  for (const [name, values] of Object.entries(entries)) index.add(name, bindReads(reads, values));
  return {
    ...index,
    affected: (table: string, parts: Partial<Change>) => [
      ...index.affectedBy([change(table, parts)]),
    ],
  };
}

const updated = (from: unknown, to: unknown): Partial<Change> => ({
  old: JSON.stringify(from),
  new: JSON.stringify(to),
});

describe('a change', () => {
  it('affects the entries with the value before or after it', () => {
    const index = indexOf([read('issue', equal('board', 'Int', 0))], {
      a: [1],
      b: ['2'],
      c: [3],
      d: [[1, 3].map(String)],
    });
    expect(index.affected('issue', updated({ board: 1 }, { board: 2 }))).toEqual(['a', 'd', 'b']);
    expect(index.affected('issue', { operation: 'INSERT', new: '{"board":3}' })).toEqual([
      'c',
      'd',
    ]);
    expect(index.affected('issue', { operation: 'DELETE', old: '{"board":2}' })).toEqual(['b']);
    expect(index.affected('issue', { operation: 'DELETE', old: '{"board":null}' })).toEqual([]);
    expect(index.affected('issue', { operation: 'DELETE', old: '{"board":4}' })).toEqual([]);
    expect(index.affected('board', updated({ board: 1 }, { board: 2 }))).toEqual([]);
  });

  it('affects all entries that it can affect if the log does not contain the value', () => {
    const index = indexOf([read('issue', equal('board', 'Int', 0))], { a: [1], b: [2] });
    expect(index.affected('issue', { operation: 'RESET', key: null })).toEqual(['a', 'b']);
    expect(index.affected('issue', { leftOut: ['*'] })).toEqual(['a', 'b']);
    expect(index.affected('issue', updated({ title: 'x' }, { board: 2 }))).toEqual(['a', 'b']);
  });

  it('must satisfy all conditions, in the same image of the row', () => {
    const index = indexOf([read('issue', equal('board', 'Int', 0), equal('state', 'String', 1))], {
      a: [1, ['OPEN', 'DONE']],
      b: [1, ['NEW']],
    });
    const affected = (from: unknown, to: unknown) => index.affected('issue', updated(from, to));
    expect(affected({ board: 1, state: 'NEW' }, { board: 2, state: 'OPEN' })).toEqual(['b']);
    expect(affected({ board: 1 }, { board: 2, state: 'OPEN' })).toEqual(['a', 'b']);
  });

  it('affects an entry once, although the entry reads the table several times', () => {
    const index = indexOf(
      [
        read('issue', equal('board', 'Int', 0)),
        read('issue', equal('id', 'Int', 1)),
        read('member'),
      ],
      { a: [1, 7], b: [2, 8] },
    );
    expect(index.affected('issue', updated({ board: 1, id: 7 }, { board: 2, id: 7 }))).toEqual([
      'a',
      'b',
    ]);
    expect(index.affected('member', updated({}, {}))).toEqual(['a', 'b']);
  });

  it('does not affect entries that were removed', () => {
    const reads = [read('issue', equal('board', 'Int', 0)), read('member')];
    const index = indexOf(reads, { a: [1], b: [1] });
    index.remove('a');
    index.remove('a');
    expect(index.affected('issue', updated({ board: 1 }, { board: 1 }))).toEqual(['b']);
    index.remove('b');
    expect(index.affected('member', updated({}, {}))).toEqual([]);
  });
});

describe('values', () => {
  it('that JavaScript rounds match each row', () => {
    const index = indexOf([read('issue', equal('id', 'Int', 0))], {
      a: ['9007199254740993'],
      b: ['2'],
    });
    expect(
      index.affected('issue', { operation: 'INSERT', new: '{"id":9007199254740993}' }),
    ).toEqual(['a', 'b']);
  });

  it('that are null match no row', () => {
    const index = indexOf([read('issue', equal('id', 'Int', 0))], { a: [null], b: ['1'] });
    expect(index.affected('issue', { operation: 'INSERT', new: '{"id":1}' })).toEqual(['b']);
    expect(index.affected('issue', { operation: 'RESET' })).toEqual(['b']);
  });
});

describe('an index of many entries', () => {
  it('compares only those with the value of the change', () => {
    const index = createDependencyIndex<number>();
    let compared = 0;
    for (let board = 0; board < 1_000; board += 1) {
      const [bound] = bindReads([read('issue', equal('board', 'Int', 0))], [board]);
      if (bound === undefined) throw new Error('Expected a read.');
      index.add(board, [
        {
          table: bound.table,
          get conditions() {
            return bound.conditions.map((condition) => ({
              ...condition,
              get values() {
                compared += 1;
                return condition.values;
              },
            }));
          },
        },
      ]);
    }
    compared = 0;
    expect([...index.affectedBy([change('issue', updated({ board: 5 }, { board: 7 }))])]).toEqual([
      5, 7,
    ]);
    expect(compared).toBeLessThan(10);
  });
});
