import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { findBadRenames } from './find-bad-renames.ts';
import { explainBadRenames } from '../sdl/rename-diagnostics.ts';

const database = useTestDatabase();

/** `{ OLD OTHER }` → a schema with a column and a list of the enum. */
const sdl = (values: string, preset = '', directives = '') => `
  enum Feed { ${values} }
  type Quote @model {
    id: ID! @id
    feed: Feed ${preset === '' ? '' : `@default(value: ${preset})`} ${directives}
    feeds: [Feed!] ${preset === '' ? '' : `@default(value: [${preset}])`}
    updatedAt: DateTime! @updatedAt
  }`;

const fill = (project: EngineProject) =>
  project.query(`INSERT INTO quote (id, feed, feeds, updated_at) VALUES
    ('00000000-0000-0000-0000-000000000001', 'A', '{B,A,A}', '2024-01-01'),
    ('00000000-0000-0000-0000-000000000002', 'B', '{}', '2024-01-01'),
    ('00000000-0000-0000-0000-000000000003', NULL, NULL, '2024-01-01')`);
const rows = (project: EngineProject) =>
  project.query(
    `SELECT feed, to_json(feeds)::text AS feeds, updated_at::date::text AS updated FROM quote ORDER BY id`,
  );
const row = (feed: string | null, feeds: string | null) => ({
  feed,
  feeds,
  updated: '2024-01-01',
});

describe('@rename on an enum value', () => {
  it('changes rows, lists and defaults, and leaves the time of the update', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B', 'A'));
      await fill(project);
      const next = sdl('NEW @rename(from: "A") B C', 'NEW');
      expect(await project.hazards(next)).toEqual({
        'RENAME_VALUES Quote.feed': 'LOCK 3',
        'RENAME_VALUES Quote.feeds': 'LOCK 3',
        'ADD_CHECK Quote.feed': 'LOCK 3',
        'ADD_CHECK Quote.feeds': 'LOCK 3',
      });
      await project.apply(next);
      expect(await rows(project)).toEqual([
        row('NEW', '["B","NEW","NEW"]'),
        row('B', '[]'),
        row(null, null),
      ]);
      await project.query('INSERT INTO quote (id) VALUES (gen_random_uuid())');
      expect(await project.query(`SELECT feed FROM quote WHERE feeds = '{NEW}'`)).toEqual([
        { feed: 'NEW' },
      ]);
      // The rename was performed, so the directive has no further effect.
      expect(project.plan(next).steps).toEqual([]);
    });
  });

  it.each([
    ['a new SDL', sdl('A B OTHER')],
    ['an earlier version', sdl('A B')],
  ])('is inverted by %s with the former name', async (_what, back) => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B'));
      await fill(project);
      const before = await rows(project);
      await project.apply(sdl('NEW @rename(from: "A") B'));
      await project.apply(back);
      expect(await rows(project)).toEqual(before);
    });
  });

  it('can swap two values of a unique column', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B', '', '@unique'));
      await fill(project);
      await project.apply(sdl('A @rename(from: "B") B @rename(from: "A")', '', '@unique'));
      expect(await rows(project)).toEqual([
        row('B', '["A","B","B"]'),
        row('A', '[]'),
        row(null, null),
      ]);
    });
  });

  it('works together with a change from a single value to a list', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B'));
      await fill(project);
      await project.apply(sdl('NEW @rename(from: "A") B').replace('feed: Feed', 'feed: [Feed!]'));
      expect(await project.query(`SELECT feed FROM quote ORDER BY id LIMIT 1`)).toEqual([
        { feed: ['NEW'] },
      ]);
    });
  });

  it('works together with a change from a list to a required single value', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B'));
      await fill(project);
      await project.query(`DELETE FROM quote WHERE feeds IS NULL OR feeds = '{}'`);
      const next = sdl('A NEW @rename(from: "B")').replace('feeds: [Feed!]', 'feeds: Feed!');
      expect(await project.hazards(next)).toMatchObject({
        'SET_REQUIRED Quote.feeds': 'MAY_FAIL 0',
      });
      await project.apply(next);
      expect(await project.query('SELECT feeds FROM quote')).toEqual([{ feeds: 'NEW' }]);
    });
  });

  it('still counts the rows with a value that is removed', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl('A B'));
      await fill(project);
      expect(await project.hazards(sdl('NEW @rename(from: "A")'))).toMatchObject({
        'ADD_CHECK Quote.feed': 'MAY_FAIL 1',
        'ADD_CHECK Quote.feeds': 'MAY_FAIL 1',
      });
    });
  });
});

describe('a plan', () => {
  it.each([
    ['OLDNAME OTHER', 'NEWNAME OTHER', ['Feed.NEWNAME @rename(from: "OLDNAME")']],
    ['OPEN DONE', 'OPENED CLOSED MAYBE', ['Feed.OPENED @rename(from: "OPEN")']],
    ['A B', 'A B C', []],
    ['A', 'NEW @rename(from: "A")', []],
  ])('suggests renames from %s to %s', async (before, after, expected) => {
    await withProject(database.pool, async (project) => {
      await project.apply(sdl(before));
      const { suggestions } = project.plan(sdl(after));
      expect(suggestions.map(({ target, directive }) => `${target} ${directive}`)).toEqual(
        expected,
      );
    });
  });

  it('refuses a rename that does not fit the current schema', () => {
    const explained = (before: string, after: string) => {
      const next = sdl(after);
      const bad = findBadRenames(readModel(sdl(before)), readModel(next), {
        lineage: null,
        restored: null,
      });
      return explainBadRenames(next, bad).map(({ message, hint, column }) => [
        message,
        hint.replace(/^.*Did/, 'Did'),
        column,
      ]);
    };
    expect(explained('OPEN B', 'NEW @rename(from: "OPNE") B')).toEqual([
      [
        'Feed.NEW cannot be renamed from OPNE: the current schema has neither Feed.OPNE nor Feed.NEW.',
        'Did you mean `@rename(from: "OPEN")`?',
        19,
      ],
    ]);
    expect(explained('A B', 'A @rename(from: "B") B')).toHaveLength(1);
    expect(explained('A B', 'NEW @rename(from: "A") B')).toEqual([]);
  });
});
