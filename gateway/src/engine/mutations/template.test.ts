import { describe, expect, it } from 'vitest';
import { param, projectTable, sql } from '../sql/sql.ts';
import { bindPart, createTemplateMemo, type Part } from './template.ts';

function countingPart(key: string, values: Part['values']): Part & { written: () => number } {
  let count = 0;
  return {
    key,
    values,
    sql: (slot) => {
      count += 1;
      const [first, second] = [slot(), slot()];
      return sql`SELECT ${second}, ${param(() => 'theirs')}, ${first}, ${second} FROM ${projectTable('x')}`;
    },
    written: () => count,
  };
}

describe('bindPart', () => {
  it('binds slots and parameters where they stand, each value once', () => {
    const context = { memo: createTemplateMemo(), schema: 'p_a', variables: {} };
    expect(bindPart(context, countingPart('k', ['one', 'two']))).toEqual({
      text: 'SELECT $1, $2, $3, $1 FROM "p_a"."x"',
      values: ['two', 'theirs', 'one'],
    });
  });

  it('writes a text once for its key, for every project and request', () => {
    const memo = createTemplateMemo();
    const first = countingPart('k', [1, 2]);
    const second = countingPart('k', [3, 4]);
    bindPart({ memo, schema: 'p_a', variables: {} }, first);
    const bound = bindPart({ memo, schema: 'p_b', variables: {} }, second);
    expect(bound).toEqual({
      text: 'SELECT $1, $2, $3, $1 FROM "p_b"."x"',
      values: [4, 'theirs', 3],
    });
    expect([first.written(), second.written()]).toEqual([1, 0]);
  });

  it('keeps the sixteen texts that were used last', () => {
    const context = { memo: createTemplateMemo(), schema: 'p_a', variables: {} };
    const parts = Array.from({ length: 17 }, (_, index) => countingPart(String(index), [1, 2]));
    const [first, second] = parts;
    for (const part of parts.slice(0, 16)) bindPart(context, part);
    for (const part of [first, ...parts.slice(16), first, second]) {
      if (part !== undefined) bindPart(context, part);
    }
    expect([first?.written(), second?.written()]).toEqual([1, 2]);
    expect(context.memo.templates.size).toBe(16);
  });

  it('refuses a part that has more or fewer values than slots', () => {
    const context = { memo: createTemplateMemo(), schema: 'p_a', variables: {} };
    expect(() => bindPart(context, countingPart('k', [1]))).toThrow('A slot has one value.');
  });
});
