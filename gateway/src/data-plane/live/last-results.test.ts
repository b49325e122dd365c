import { describe, expect, it } from 'vitest';
import { ByteList } from '../../platform/bytes.ts';
import { createLastResults } from './last-results.ts';

interface Row {
  readonly project: string;
}

/** A store in which the results of two rows fit for each project, and of three in total. */
function createKit() {
  const results = createLastResults<Row>({ bytes: 1_900, bytesPerProject: 1_300 });
  return {
    results,
    add(project: string, bytes = 400): Row {
      const row = { project };
      results.set(project, row, { data: ByteList.of('x'.repeat(bytes)), patch: null });
      return row;
    },
    kept: (...rows: readonly Row[]) => rows.map((row) => results.get(row) !== null),
  };
}

describe('the store of last results', () => {
  it('drops the result of the project that was not used for the longest time', () => {
    const kit = createKit();
    const [a, b] = [kit.add('p'), kit.add('p')];
    const other = kit.add('q');
    expect(kit.kept(a)).toEqual([true]);
    const c = kit.add('p');
    expect(kit.kept(a, b, c, other)).toEqual([true, false, true, true]);
  });

  it('drops the oldest result of all projects if the total is reached', () => {
    const kit = createKit();
    const rows = [kit.add('p'), kit.add('q'), kit.add('r'), kit.add('s')];
    expect(kit.kept(...rows)).toEqual([false, true, true, true]);
    expect(kit.results.bytes).toBe(1_800);
  });

  it('does not keep a result that is larger than the share of a project', () => {
    const kit = createKit();
    const small = kit.add('p');
    expect(kit.kept(small, kit.add('p', 1_200))).toEqual([true, false]);
  });

  it('counts a replaced or deleted result no more', () => {
    const kit = createKit();
    const row = kit.add('p');
    kit.results.set('p', row, { data: ByteList.of('y'), patch: 'z' });
    expect(kit.results.bytes).toBe(202);
    kit.results.delete(row);
    kit.results.delete(row);
    expect(kit.results.bytes).toBe(0);
    expect(kit.kept(row)).toEqual([false]);
  });
});
