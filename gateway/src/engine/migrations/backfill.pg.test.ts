import { describe, expect, it } from 'vitest';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();

const t = (fields: string, directives = '') =>
  `type T @model ${directives} { n: Int! @id ${fields} }`;

/** Applies both schemas and inserts rows in between. Returns the steps with their hazards. */
async function change(
  project: EngineProject,
  {
    before,
    rows,
    after,
  }: { readonly before: string; readonly rows: string; readonly after: string },
): Promise<Record<string, string>> {
  await project.apply(before);
  await project.query(rows);
  const hazards = await project.hazards(after);
  await project.apply(after);
  expect(await introspect(project.client, project.names)).toEqual(catalogOf(readModel(after)));
  expect(project.plan(after).steps).toEqual([]);
  return hazards;
}

const values = (project: EngineProject, column = 'f') =>
  project
    .query(`SELECT "${column}"::text AS value FROM t ORDER BY n`)
    .then((rows) => rows.map(({ value }) => value));

describe('@backfill gives existing rows a value in a new field', () => {
  it.each([
    ['f: Int! @backfill(value: 7)', ['7', '7'], undefined],
    ['f: Int @backfill(value: 7)', ['7', '7'], undefined],
    ['f: Int! @backfill(value: 7) @default(value: 3)', ['7', '7'], undefined],
    ['f: [String!]! @backfill(value: ["a"])', ['{a}', '{a}'], undefined],
    ['f: String! @backfill(from: "s")', ['x', 'y'], 'LOCK 2'],
    ['f: String @backfill(from: "o")', ['x', null], 'LOCK 2'],
    ['f: String! @backfill(from: "o") @default(value: "d")', ['x', 'd'], 'LOCK 2'],
    ['f: String! @backfill(from: "n")', ['1', '2'], 'LOCK 2'],
    ['f: [String!]! @backfill(from: "o")', ['{x}', '{}'], 'MAY_FAIL 0'],
  ])('%s', async (field, expected, hazard) => {
    await withProject(database.pool, async (project) => {
      const fields = 's: String! o: String';
      const hazards = await change(project, {
        before: t(fields),
        rows: `INSERT INTO t (n, s, o) VALUES (1, 'x', 'x'), (2, 'y', NULL)`,
        after: t(`${fields} ${field}`),
      });
      expect(await values(project)).toEqual(expected);
      expect(hazards['FILL_COLUMN T.f']).toBe(hazard);
      expect(hazards['ADD_COLUMN T.f']).toBeUndefined();
    });
  });

  it.each([
    ['f: ID! @backfill(generate: UUID)', /^[0-9a-f-]{36}$/],
    ['f: String! @unique @backfill(generate: UUID)', /^[0-9a-f-]{36}$/],
    ['f: String! @unique @backfill(generate: CUID)', /^[a-z][a-z0-9]{23}$/],
    ['f: String! @unique @backfill(generate: NANOID)', /^[\w-]{21}$/],
  ])('%s', async (field, pattern) => {
    await withProject(database.pool, async (project) => {
      const hazards = await change(project, {
        before: t(''),
        rows: `INSERT INTO t (n) SELECT generate_series(1, 100)`,
        after: t(field),
      });
      expect(hazards['ADD_COLUMN T.f']).toBe('LOCK 100');
      const found = await values(project);
      expect(new Set(found).size).toBe(100);
      for (const value of found) expect(value).toMatch(pattern);
    });
  });

  it('NOW', async () => {
    await withProject(database.pool, async (project) => {
      await change(project, {
        before: t(''),
        rows: 'INSERT INTO t (n) VALUES (1)',
        after: t('f: DateTime! @backfill(generate: NOW)'),
      });
      expect(await project.query(`SELECT now() - f < interval '1 minute' AS fresh FROM t`)).toEqual(
        [{ fresh: true }],
      );
    });
  });

  it('from a field that is filled, renamed or converted in the same plan', async () => {
    await withProject(database.pool, async (project) => {
      await change(project, {
        before: t('s: Int'),
        rows: 'INSERT INTO t (n, s) VALUES (1, 5)',
        after: t(
          'a: String @backfill(from: "b") b: String @backfill(from: "c") c: String @rename(from: "s")',
        ),
      });
      expect(await project.query('SELECT a, b, c FROM t')).toEqual([{ a: '5', b: '5', c: '5' }]);
    });
  });

  it('a relation from another relation, and rows that do not exist are counted', async () => {
    await withProject(database.pool, async (project) => {
      const both = (fields: string) =>
        `type P @model { id: Int! @id } type T @model { n: Int! @id a: P @relation(name: "a") k: Int ${fields} }`;
      await project.apply(both(''));
      await project.query(
        'INSERT INTO p (id) VALUES (1); INSERT INTO t (n, a_id, k) VALUES (1, 1, 9)',
      );
      const bad = both('b: P @relation(name: "b") @backfill(from: "k")');
      expect(await project.hazards(bad)).toMatchObject({
        'ADD_FOREIGN_KEY T.b': 'MAY_FAIL 1 (all)',
      });
      const good = both('b: P! @relation(name: "b") @backfill(from: "a")');
      expect(await project.hazards(good)).toMatchObject({ 'ADD_FOREIGN_KEY T.b': 'MAY_FAIL 0' });
      await project.apply(good);
      expect(await values(project, 'b_id')).toEqual(['1']);
    });
  });

  it('a key that the caller brings', async () => {
    await withProject(database.pool, async (project) => {
      const hazards = await change(project, {
        before: 'type T @model { id: ID! @id n: Int! slug: String! }',
        rows: `INSERT INTO t (id, n, slug) VALUES (gen_random_uuid(), 1, 'a'), (gen_random_uuid(), 2, 'b')`,
        after: 'type T @model { key: String! @id @backfill(from: "slug") n: Int! slug: String! }',
      });
      expect(hazards['ADD_KEY T(key)']).toBe('MAY_FAIL 0');
      expect(await values(project, 'key')).toEqual(['a', 'b']);
    });
  });

  it('a numbered key, which then continues after the largest value', async () => {
    await withProject(database.pool, async (project) => {
      await change(project, {
        before: 'type T @model { id: ID! @id n: Int! }',
        rows: 'INSERT INTO t (id, n) VALUES (gen_random_uuid(), 41), (gen_random_uuid(), 5)',
        after: 'type T @model { number: Int! @id @backfill(from: "n") n: Int! }',
      });
      expect(await project.query('INSERT INTO t (n) VALUES (1) RETURNING number')).toEqual([
        { number: 42 },
      ]);
    });
  });
});

describe('rows that cannot be filled are counted and stop the migration', () => {
  it.each([
    ['have no value in the source', 'f: String! @backfill(from: "o")', 'FILL_COLUMN T.f'],
    ['cannot be converted', 'f: Int @backfill(from: "s")', 'FILL_COLUMN T.f'],
    [
      'violate a constraint',
      'f: String @backfill(from: "s") @constraint(maxLength: 1)',
      'ADD_CHECK T.f',
    ],
    ['are equal', 'f: String @unique @backfill(from: "same")', 'ADD_KEY T(f)'],
  ])('if they %s', async (_, field, step) => {
    await withProject(database.pool, async (project) => {
      const fields = 's: String! o: String same: Int!';
      await project.apply(t(fields));
      await project.query(
        `INSERT INTO t (n, s, o, same) VALUES (1, '1', 'x', 1), (2, 'yy', NULL, 1)`,
      );
      const next = t(`${fields} ${field}`);
      expect((await project.hazards(next))[step]).toMatch(/^MAY_FAIL 1/);
      await expect(project.apply(next)).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
    });
  });

  it('if a text is too long for the index of a new field', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(t('s: String'));
      await project.query(
        `INSERT INTO t (n, s) SELECT 1, string_agg(md5(i::text), '') FROM generate_series(1, 200) AS i`,
      );
      const next = t('s: String f: String @unique @backfill(from: "s")');
      expect((await project.hazards(next))['ADD_KEY T(f)']).toBe('MAY_FAIL 1');
      await expect(project.apply(next)).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
    });
  });

  it('also in a field that is kept with its constraint, unique key and foreign key', async () => {
    await withProject(database.pool, async (project) => {
      const both = (f: string, g: string, p: string) =>
        `type P @model { id: Int! @id } type T @model { n: Int! @id source: Int! f: Int${f} @constraint(max: 10) g: Int${g} @unique p: P${p} }`;
      await project.apply(both('', '', ''));
      await project.query('INSERT INTO t (n, source) VALUES (1, 20), (2, 20)');
      const from = '! @backfill(from: "source")';
      expect(await project.hazards(both(from, '', ''))).toEqual({
        'FILL_COLUMN T.f': 'MAY_FAIL 2 (all)',
      });
      expect(await project.hazards(both('', from, ''))).toEqual({
        'FILL_COLUMN T.g': 'MAY_FAIL 1',
      });
      expect(await project.hazards(both('', '', from))).toEqual({
        'FILL_COLUMN T.p': 'MAY_FAIL 2 (all)',
      });
    });
  });
});

describe('a field that becomes required', () => {
  it.each([
    ['f: Int! @default(value: 3)', ['1', '3'], 'LOCK 1'],
    ['f: Int! @backfill(value: 7) @default(value: 3)', ['1', '7'], 'LOCK 1'],
    ['f: Int! @backfill(from: "n")', ['1', '2'], 'LOCK 1'],
    ['f: String! @default(value: "x")', ['1', 'x'], 'LOCK 1'],
  ])('fills rows with null: %s', async (field, expected, hazard) => {
    await withProject(database.pool, async (project) => {
      const hazards = await change(project, {
        before: t('f: Int u: DateTime! @updatedAt'),
        rows: `INSERT INTO t (n, f, u) VALUES (1, 1, '2020-01-01Z'), (2, NULL, '2020-01-01Z')`,
        after: t(`${field} u: DateTime! @updatedAt`),
      });
      expect(hazards['FILL_COLUMN T.f']).toBe(hazard);
      expect(await values(project)).toEqual(expected);
      const moved = await project.query(`SELECT FROM t WHERE u <> '2020-01-01Z'`);
      expect(moved).toEqual([]);
    });
  });

  it('is filled after a list became a single value', async () => {
    await withProject(database.pool, async (project) => {
      await change(project, {
        before: t('f: [Int!]!'),
        rows: `INSERT INTO t (n, f) VALUES (1, '{4,5}'), (2, '{}')`,
        after: t('f: Int! @default(value: 9)'),
      });
      expect(await values(project)).toEqual(['4', '9']);
    });
  });
});

it('a directive that is done changes nothing', async () => {
  await withProject(database.pool, async (project) => {
    const done = t('f: Int @backfill(value: 7)');
    await change(project, { before: t(''), rows: 'INSERT INTO t (n) VALUES (1)', after: done });
    await project.query('UPDATE t SET f = NULL');
    await project.apply(done.replace('f: Int', 'g: Int f: Int'));
    expect(await values(project)).toEqual([null]);
  });
});
