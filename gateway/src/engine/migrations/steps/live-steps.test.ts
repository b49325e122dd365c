import { expect, it } from 'vitest';
import { readModel } from '../../../../test/engine/project.ts';
import { planMigration } from '../plan-migration.ts';
import { projectNames } from '../project-names.ts';

const project = projectNames('abcdefgh01234567');
const plan = (current: string, next: string) =>
  planMigration(readModel(current), readModel(next), { project, baseVersion: 4 });
const stepsOf = (current: string, next: string) =>
  plan(current, next).steps.map(
    ({ kind, target, summary, hazard }) =>
      `${kind} ${target}${hazard === 'NONE' ? '' : ` ${hazard}`}: ${summary}`,
  );

const [a, liveA] = ['', ' @live'].map(
  (directive) => `type A @model${directive} { id: ID! @id n: Int bs: [B!]! }`,
) as [string, string];
const [b, liveB] = ['', ' @live'].map(
  (directive) => `type B @model${directive} { id: ID! @id as: [A!]! }`,
) as [string, string];

it('creates the log for the first live model, and logs its join tables', () => {
  expect(stepsOf(a + b, liveA + b)).toEqual([
    'CREATE_CHANGE_LOG Change log: Create the change log.',
    'ADD_LIVE A: Log the changes of A.',
    'ADD_LIVE A.bs: Log the changes of the join table for A.bs.',
  ]);
  expect(plan(a + b, liveA + b).locks).toEqual({ exclusive: [], shared: ['a', 'a:bs:join'] });
  expect(stepsOf(liveA + b, liveA + liveB)).toEqual(['ADD_LIVE B: Log the changes of B.']);
});

it('breaks clients if it stops logging, and drops the log with the last live model', () => {
  expect(stepsOf(liveA + liveB, liveA + b)).toEqual([
    'DROP_LIVE B BREAKS_CLIENTS: Stop logging the changes of B. Subscriptions to it end.',
  ]);
  expect(stepsOf(liveA + b, a + b)).toEqual([
    'DROP_LIVE A BREAKS_CLIENTS: Stop logging the changes of A. Subscriptions to it end.',
    'DROP_LIVE A.bs: Stop logging the changes of the join table for A.bs.',
    'DROP_CHANGE_LOG Change log BREAKS_CLIENTS: Drop the change log. Cursors in it become invalid.',
  ]);
  expect(plan(liveA + b, a + b).locks.exclusive).toEqual(['a', 'a:bs:join']);
});

it('logs with the new name of the key', () => {
  const next = liveA.replace('id: ID! @id', 'key: ID! @id @rename(from: "id")');
  const kinds = plan(liveA + b, next + b).steps.map(({ kind, target }) => `${kind} ${target}`);
  expect(kinds).toContain('CHANGE_LIVE A');
  expect(kinds).not.toContain('CREATE_CHANGE_LOG Change log');
});

it('has a marker that maps the names of logged tables', () => {
  const next = `type Z @model @live @rename(from: "A") {
    id: ID! @id m: Int @rename(from: "n") x: String bs: [B!]! }
    type B @model { id: ID! @id as: [Z!]! }`;
  expect(plan(liveA + b, next).marker).toEqual({
    version: 5,
    tables: { a: 'z', 'a:bs:join': 'b:as:join' },
    columns: { z: { n: 'm' }, 'b:as:join': { a_id: 'z_id' } },
    added: { z: ['x'] },
    reset: [],
  });
});

it.each([
  ['a field has another type', 'n: Int', 'n: String'],
  ['nulls are replaced', 'n: Int', 'n: Int! @backfill(value: 1)'],
  ['the key has other columns', 'id: ID! @id n: Int', 'id: ID! @unique n: Int! @id'],
])('resets a table if %s', (_, before, after) => {
  const next = liveA.replace(before, after).replace(' bs: [B!]!', '');
  expect(plan(liveA.replace(' bs: [B!]!', ''), next).marker?.reset).toEqual(['a']);
});

it('has no marker without a log before and after the plan', () => {
  expect(plan(a + b, a + b.replace('as:', 'n: Int as:')).marker).toBe(null);
  expect(plan(a + b, liveA + b).marker).toBe(null);
  expect(plan(liveA + b, a + b).marker).toBe(null);
  expect(plan(liveA + b, liveA + b).marker).toMatchObject({ version: 5, tables: {}, reset: [] });
});
