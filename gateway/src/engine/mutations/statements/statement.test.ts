import { describe, expect, it } from 'vitest';
import { ident, param, projectTable, sql } from '../../sql/sql.ts';
import { defineStatement, StatementCache } from './statement.ts';

interface Selected {
  readonly column: string;
}

/** A statement with two slots that counts how many times it is rendered. */
function countingStatement() {
  let rendered = 0;
  const statement = defineStatement(({ column }: Selected, slot) => {
    rendered += 1;
    const [first, second] = [slot(), slot()];
    return sql`SELECT ${second}, ${param(() => 'theirs')}, ${first}, ${second} FROM ${projectTable('x')} ORDER BY ${ident(column)}`;
  });
  return { statement, rendered: () => rendered };
}

describe('StatementCache', () => {
  it('binds slots and parameters by position and sends each value once', () => {
    const { statement } = countingStatement();
    const bound = new StatementCache().bind(statement({ column: 'a' }, ['one', 'two']), 'p_a', {});
    expect(bound).toEqual({
      text: 'SELECT $1, $2, $3, $1 FROM "p_a"."x" ORDER BY "a"',
      values: ['two', 'theirs', 'one'],
    });
  });

  it('renders a statement once for all projects and requests', () => {
    const cache = new StatementCache();
    const { statement, rendered } = countingStatement();
    cache.bind(statement({ column: 'a' }, [1, 2]), 'p_a', {});
    expect(cache.bind(statement({ column: 'a' }, [3, 4]), 'p_b', {})).toEqual({
      text: 'SELECT $1, $2, $3, $1 FROM "p_b"."x" ORDER BY "a"',
      values: [4, 'theirs', 3],
    });
    expect(rendered()).toBe(1);
    cache.bind(statement({ column: 'b' }, [1, 2]), 'p_a', {});
    expect(rendered()).toBe(2);
  });

  it('keeps the sixteen most recently used SQL strings', () => {
    const cache = new StatementCache();
    const { statement, rendered } = countingStatement();
    const bind = (number: number) =>
      cache.bind(statement({ column: `c${number}` }, [1, 2]), 'p_a', {});
    for (let number = 0; number < 16; number += 1) bind(number);
    // The first SQL string is used again, so the seventeenth replaces the second.
    bind(0);
    bind(16);
    bind(0);
    expect(rendered()).toBe(17);
    bind(1);
    expect(rendered()).toBe(18);
    expect(cache.size).toBe(16);
  });

  it.each([[[1]], [[1, 2, 3]]])('rejects the values %j for two slots', (values) => {
    const cache = new StatementCache();
    const { statement } = countingStatement();
    const bind = () => cache.bind(statement({ column: 'a' }, values), 'p_a', {});
    expect(bind).toThrow('The number of values does not match the number of placeholders.');
    expect(bind).toThrow('The number of values does not match the number of placeholders.');
  });
});

describe('a statement key', () => {
  const anything = defineStatement((_: object) => sql``);
  const keyOf = (structure: object) => anything(structure, []).form.key;

  it('is the same for equal structures', () => {
    const table = {};
    const structure = () => ({ table, columns: ['a', 'b'], atMost: 1, isOne: true, none: null });
    expect(keyOf(structure())).toBe(keyOf(structure()));
  });

  it('differs if any part of the structure differs', () => {
    const [a, b] = [sql`a`, sql`a`];
    const nested = anything({ a }, []).form;
    const structures = [
      {},
      { part: a },
      { part: b },
      { other: a },
      { part: [a] },
      { part: [[a]] },
      { part: [a, b] },
      { part: [b, a] },
      { part: [[a], b] },
      { part: [] },
      { part: nested },
      { part: anything({ a: b }, []).form },
      { part: 1 },
      { part: '1' },
      { part: '1,' },
      { part: [1, 2] },
      { part: [12] },
      { part: true },
      { part: 'true' },
      { part: null },
      { part: 'null' },
      { part: '', other: a },
      { part: ';other=#1,' },
      { part: '";other="' },
    ];
    expect(new Set(structures.map(keyOf)).size).toBe(structures.length);
  });

  it('differs for each definition, even if the builders have the same source code', () => {
    const define = (text: 'a' | 'b') =>
      defineStatement((_: object) => (text === 'a' ? sql`a` : sql`b`));
    const key = (text: 'a' | 'b') => define(text)({}, []).form.key;
    expect(new Set([key('a'), key('b'), key('a')]).size).toBe(3);
  });

  it('cannot contain values without an identity', () => {
    expect(() => keyOf({ where: undefined })).toThrow(
      'A structure cannot contain a value of type undefined.',
    );
  });
});
