import { describe, expect, it } from 'vitest';
import { issuesOf, trackerApi } from '../../../test/engine/compile-kit.ts';
import { requestLimits } from '../limits.ts';

const text = 'query ($where: IssueWhereInput) { issues(where: $where) { totalCount } }';
const issues = (where: unknown) => issuesOf(trackerApi, text, { where });

describe('arguments', () => {
  it('cannot be nested too deeply, whether in variables or in literals', () => {
    const nested = (levels: number): object => (levels === 0 ? {} : { not: nested(levels - 1) });
    const written = (levels: number) =>
      `{ issues(where: ${'{ not: '.repeat(levels)}{}${' }'.repeat(levels)}) { totalCount } }`;
    const { argumentDepth: depth } = requestLimits;
    const tooDeep = [
      {
        path: ['issues', 'where', ...Array.from({ length: depth + 1 }, () => 'not')],
        message: `Arguments can be nested at most ${depth} levels deep. Use fewer levels.`,
      },
    ];
    expect(issues(nested(depth))).toEqual([]);
    expect(issues(nested(depth + 1))).toEqual(tooDeep);
    expect(issuesOf(trackerApi, written(depth))).toEqual([]);
    expect(issuesOf(trackerApi, written(depth + 1))).toEqual(tooDeep);
  });

  it('cannot contain too many values', () => {
    const wide = (length: number) => ({ or: Array.from({ length }, () => ({})) });
    // The filter and the list also count toward the limit.
    expect(issues(wide(requestLimits.argumentValues - 2))).toEqual([]);
    expect(issues(wide(requestLimits.argumentValues - 1))).toMatchObject([
      { path: ['issues', 'where', 'or', requestLimits.argumentValues - 2] },
    ]);
  });

  it('cannot use too many relations in one operation', () => {
    const through = (count: number) =>
      `{ a: issues(where: { and: [${'{ board: {} }'.repeat(count - 1)}] }) { totalCount }
         b: issues(orderBy: { board: { name: ASC } }) { totalCount } }`;
    expect(issuesOf(trackerApi, through(requestLimits.relations))).toEqual([]);
    expect(issuesOf(trackerApi, through(requestLimits.relations + 1))).toMatchObject([
      { path: ['b', 'orderBy', 0, 'board'] },
    ]);
  });

  it('cannot contain a list that is too long', () => {
    const among = (length: number) => ({ number: { in: Array.from({ length }, () => 1) } });
    expect(issues(among(requestLimits.listLength))).toEqual([]);
    expect(issues(among(requestLimits.listLength + 1))).toMatchObject([
      { path: ['issues', 'where', 'number', 'in'] },
    ]);
  });
});
