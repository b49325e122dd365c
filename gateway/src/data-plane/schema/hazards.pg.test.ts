import { describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { withProject, type EngineProject } from '../../../test/engine/project.ts';
import { SchemaChangeError } from './schema-change-error.ts';

const database = useTestDatabase();

const uuids = (from: number, to: number) =>
  `SELECT lpad(n::text, 32, '0')::uuid AS id, n FROM generate_series(${from}, ${to}) AS n`;

/**
 * Creates a project with a type T that has these fields, and inserts a row for each `n` from 1 to `rows`. The values of
 * the row are computed from `n`.
 */
async function withRows(
  {
    fields,
    columns,
    select,
    rows = 10,
  }: {
    readonly fields: string;
    readonly columns: string;
    readonly select: string;
    readonly rows?: number;
  },
  work: (project: EngineProject) => Promise<void>,
): Promise<void> {
  await withProject(database.pool, async (project) => {
    await project.apply(`type T @model { id: ID! @id ${fields} }`);
    await project.query(
      `INSERT INTO t (id, ${columns}) SELECT id, ${select} FROM (${uuids(1, rows)}) AS s`,
    );
    await work(project);
  });
}

const t = (fields: string, directives = '') =>
  `type T @model ${directives} { id: ID! @id ${fields} }`;

/** Bytes that are too long for an index and cannot be compressed. */
const longBytes =
  "(SELECT string_agg(sha256(i::text::bytea), '') FROM generate_series(1, 100) AS i)";

/** Applies an SDL as soon as no transaction, such as that of an automatic ANALYZE, can read rows that were deleted. */
async function applyWhenFree(project: EngineProject, sdl: string): Promise<void> {
  const attempt = async () => {
    const failure = await project.apply(sdl).then(
      () => null,
      (error: unknown) => error,
    );
    if (failure instanceof SchemaChangeError && failure.code === 'LOCKED') throw failure;
    return failure;
  };
  expect(await vi.waitFor(attempt, { timeout: 20_000, interval: 50 })).toBeNull();
}

const inTheWay = (rows: number): unknown =>
  expect.objectContaining({ code: 'ROWS_IN_THE_WAY', rows });

describe('affected rows are counted in the live data, and rows that violate a new rule block the migration', () => {
  it('NOT NULL on a column with nulls', async () => {
    const table = { fields: 'f: Int', columns: 'f', select: 'nullif(n % 5, 0)' };
    await withRows(table, async (project) => {
      const next = t('f: Int!');
      expect(await project.hazards(next)).toEqual({ 'SET_REQUIRED T.f': 'MAY_FAIL 2' });
      await expect(project.apply(next)).rejects.toEqual(inTheWay(2));
      await project.query('UPDATE t SET f = 5 WHERE f IS NULL');
      await project.apply(next);
      await expect(project.query('UPDATE t SET f = NULL')).rejects.toMatchObject({ code: '23502' });
    });
  });

  it('a new required field on a table with rows', async () => {
    await withRows({ fields: 'f: Int', columns: 'f', select: 'n' }, async (project) => {
      const next = t('f: Int g: Int!');
      expect(await project.hazards(next)).toEqual({ 'ADD_COLUMN T.g': 'MAY_FAIL 10 (all)' });
      await expect(project.apply(next)).rejects.toEqual(inTheWay(10));
      await project.apply(t('f: Int g: Int! @default(value: 3) at: DateTime! @createdAt'));
      expect(await project.query('SELECT sum(g)::int AS g, count(at)::int AS at FROM t')).toEqual([
        { g: 30, at: 10 },
      ]);
    });
  });

  it('a unique key on a column with duplicates', async () => {
    const table = { fields: 'f: Int g: Int', columns: 'f, g', select: 'n % 4, nullif(n % 2, 0)' };
    await withRows(table, async (project) => {
      expect(await project.hazards(t('f: Int @unique g: Int'))).toEqual({
        'ADD_KEY T(f)': 'MAY_FAIL 6',
      });
      // Nulls are not equal to each other, so rows with an even `n` are not counted.
      const both = t('f: Int g: Int', '@unique(fields: ["f", "g"])');
      expect(await project.hazards(both)).toEqual({ 'ADD_KEY T(f, g)': 'MAY_FAIL 3' });
      await expect(project.apply(both)).rejects.toEqual(inTheWay(3));
      await project.query(`DELETE FROM t WHERE g IS NOT NULL AND id > lpad('4', 32, '0')::uuid`);
      await project.apply(both);
    });
  });

  it('a unique key on rows that are all equal, which is certain to fail', async () => {
    await withRows({ fields: 'f: Int', columns: 'f', select: '7' }, async (project) => {
      expect(await project.hazards(t('f: Int @unique'))).toEqual({
        'ADD_KEY T(f)': 'MAY_FAIL 9 (all)',
      });
    });
  });

  it('an index and a unique key on strings that are too long for an index', async () => {
    const table = {
      fields: 'f: String g: String @constraint(maxLength: 100) h: Decimal',
      columns: 'f, h',
      // Row 1 is the longest string that fits, and row 2 the shortest one that does not. Row 3 is compressed.
      select: `CASE n WHEN 3 THEN repeat('x', 100000) WHEN 4 THEN NULL ELSE left((
        SELECT string_agg(encode(sha256((n * 1000 + i)::text::bytea), 'base64'), '')
        FROM generate_series(1, 100) AS i), (CASE n WHEN 1 THEN 2692 WHEN 2 THEN 2693 ELSE 10 END)) END, 1`,
    };
    await withRows(table, async (project) => {
      const fields = table.fields;
      const index = t(fields, '@index(fields: ["f"])');
      expect(await project.hazards(index)).toEqual({ 'ADD_KEY T(f)': 'MAY_FAIL 1' });
      await expect(project.apply(index)).rejects.toEqual(inTheWay(1));
      const unique = t(fields, '@unique(fields: ["f", "h"])');
      expect(await project.hazards(unique)).toEqual({ 'ADD_KEY T(f, h)': 'MAY_FAIL 2' });
      expect(await project.hazards(t(fields, '@index(fields: ["g", "h"])'))).toEqual({
        'ADD_KEY T(g, h)': 'LOCK 10',
      });
      await project.query(`DELETE FROM t WHERE id = lpad('2', 32, '0')::uuid`);
      expect(await project.hazards(index)).toEqual({ 'ADD_KEY T(f)': 'LOCK 9' });
      await applyWhenFree(project, index);
    });
  });

  it('a deleted row that is too long for an index, while another transaction can read it', async () => {
    const table = {
      fields: 'f: Bytes',
      columns: 'f',
      select: `CASE n WHEN 2 THEN ${longBytes} ELSE '\\x00' END`,
    };
    await withRows(table, async (project) => {
      const index = t(table.fields, '@index(fields: ["f"])');
      const other = await database.pool.connect();
      try {
        await other.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        await other.query('SELECT');
        await project.query(`DELETE FROM t WHERE id = lpad('2', 32, '0')::uuid`);
        expect(await project.hazards(index)).toEqual({ 'ADD_KEY T(f)': 'LOCK 9' });
        await expect(project.apply(index)).rejects.toMatchObject({ code: 'LOCKED' });
      } finally {
        await other.query('ROLLBACK');
        other.release();
      }
      await applyWhenFree(project, index);
    });
  });

  it('an index on bytes that are too long for an index', async () => {
    const table = {
      fields: 'f: Bytes',
      columns: 'f',
      // Row 2 is too long. Row 3 is compressed.
      select: `CASE n WHEN 2 THEN ${longBytes} WHEN 3 THEN decode(repeat('00', 10000), 'hex') ELSE '\\x00' END`,
    };
    await withRows(table, async (project) => {
      const index = t(table.fields, '@index(fields: ["f"])');
      expect(await project.hazards(index)).toEqual({ 'ADD_KEY T(f)': 'MAY_FAIL 1' });
      await project.query(`DELETE FROM t WHERE id = lpad('2', 32, '0')::uuid`);
      await applyWhenFree(project, index);
    });
  });

  it('a change to a narrower type', async () => {
    const table = { fields: 'f: BigInt', columns: 'f', select: 'n * 500000000::bigint' };
    await withRows(table, async (project) => {
      expect(await project.hazards(t('f: Int'))).toEqual({ 'CHANGE_TYPE T.f': 'MAY_FAIL 6' });
      await expect(project.apply(t('f: Int'))).rejects.toEqual(inTheWay(6));
      await project.query('UPDATE t SET f = f / 1000');
      await project.apply(t('f: Int'));
      expect(await project.query('SELECT sum(f)::int AS sum FROM t')).toEqual([
        { sum: 27_500_000 },
      ]);
    });
  });

  it('a dropped table and a dropped column', async () => {
    const table = { fields: 'f: Int g: Int', columns: 'f', select: 'nullif(n, 3)' };
    await withRows(table, async (project) => {
      expect(await project.hazards('')).toEqual({ 'DROP_TABLE T': 'DATA_LOSS 10' });
      expect(await project.hazards(t('g: Int'))).toEqual({ 'DROP_COLUMN T.f': 'DATA_LOSS 9' });
    });
  });

  it('a removed enum value', async () => {
    await withProject(database.pool, async (project) => {
      const sdl = (values: string) =>
        `enum E { ${values} } ${t('f: E fs: [E!]! @default(value: [])')}`;
      await project.apply(sdl('A B C'));
      await project.query(`INSERT INTO t (id, f, fs) SELECT id,
        CASE WHEN n <= 3 THEN 'B' ELSE 'A' END, CASE WHEN n = 1 THEN ARRAY['B', 'A'] ELSE ARRAY[]::text[] END
        FROM (${uuids(1, 10)}) AS s`);
      expect(await project.hazards(sdl('A C'))).toEqual({
        'ADD_CHECK T.f': 'MAY_FAIL 3',
        'ADD_CHECK T.fs': 'MAY_FAIL 1',
      });
      await expect(project.apply(sdl('A C'))).rejects.toEqual(inTheWay(3));
      expect(await project.hazards(sdl('A B C D'))).toEqual({
        'ADD_CHECK T.f': 'LOCK 10',
        'ADD_CHECK T.fs': 'LOCK 10',
      });
      await project.query(`UPDATE t SET f = 'A', fs = '{}'`);
      await project.apply(sdl('A C'));
      await expect(project.query(`UPDATE t SET f = 'B'`)).rejects.toMatchObject({ code: '23514' });
    });
  });

  it('a constraint that is tightened and relaxed', async () => {
    const table = {
      fields: 'f: String @constraint(maxLength: 5)',
      columns: 'f',
      select: "repeat('x', n % 6)",
    };
    await withRows(table, async (project) => {
      expect(await project.hazards(t('f: String @constraint(maxLength: 3)'))).toEqual({
        'ADD_CHECK T.f': 'MAY_FAIL 3',
      });
      expect(await project.hazards(t('f: String @constraint(maxLength: 9)'))).toEqual({
        'ADD_CHECK T.f': 'LOCK 10',
      });
      expect(await project.hazards(t('f: String @constraint(pattern: "^x+$")'))).toEqual({
        'ADD_CHECK T.f': 'MAY_FAIL 1',
      });
      expect(await project.hazards(t('f: String'))).toEqual({});
    });
  });

  it('a unique key on values that become equal through a cast', async () => {
    const table = {
      fields: 'f: String! @unique',
      columns: 'f',
      select: "CASE WHEN n = 1 THEN '002' ELSE n::text END",
    };
    await withRows(table, async (project) => {
      expect(await project.hazards(t('f: Int! @unique'))).toEqual({
        'CHANGE_TYPE T.f': 'MAY_FAIL 0',
        'ADD_KEY T(f)': 'MAY_FAIL 1',
      });
      await expect(project.apply(t('f: Int! @unique'))).rejects.toEqual(inTheWay(1));
    });
  });

  it('a one-to-many relation that becomes many-to-many, and back', async () => {
    await withProject(database.pool, async (project) => {
      const toMany = 'type A @model { id: ID! @id bs: [B!]! } type B @model { id: ID! @id a: A }';
      const join = 'type A @model { id: ID! @id bs: [B!]! } type B @model { id: ID! @id a: [A!]! }';
      await project.apply(toMany);
      await project.query(`INSERT INTO a SELECT id FROM (${uuids(1, 3)}) AS s`);
      await project.query(
        `INSERT INTO b (id, a_id) SELECT id, CASE WHEN n < 3 THEN id END FROM (${uuids(1, 3)}) AS s`,
      );
      expect(await project.hazards(join)).toEqual({ 'DROP_COLUMN B.a': 'DATA_LOSS 2' });
      await project.apply(join);
      await project.query(`INSERT INTO "a:bs:join" (a_id, b_id) SELECT a.id, b.id FROM a, b`);
      expect(await project.hazards(toMany)).toEqual({
        'DROP_TABLE A.bs': 'DATA_LOSS 9',
        'ADD_KEY B(a)': 'LOCK 3',
        'ADD_FOREIGN_KEY B.a': 'LOCK 3',
      });
      await project.apply(toMany);
    });
  });

  it('an id field that becomes a relation, with orphaned rows', async () => {
    await withProject(database.pool, async (project) => {
      const a = (field: string) => `type A @model { id: ID! @id ${field} }`;
      await project.apply(`${a('')} type B @model { id: ID! @id aId: UUID }`);
      await project.query(`INSERT INTO a SELECT id FROM (${uuids(1, 3)}) AS s`);
      await project.query(`INSERT INTO b (id, a_id) SELECT id, id FROM (${uuids(1, 5)}) AS s`);
      const next = `${a('bs: [B!]!')} type B @model { id: ID! @id a: A @rename(from: "aId") }`;
      expect(await project.hazards(next)).toEqual({
        'ADD_KEY B(a)': 'LOCK 5',
        'ADD_FOREIGN_KEY B.a': 'MAY_FAIL 2',
      });
      await expect(project.apply(next)).rejects.toEqual(inTheWay(2));
      await project.query(`DELETE FROM b WHERE a_id NOT IN (SELECT id FROM a)`);
      await project.apply(next);
      expect(await project.query('SELECT count(a_id)::int AS n FROM b')).toEqual([{ n: 3 }]);
    });
  });

  it('a relation that becomes required, then optional again', async () => {
    await withProject(database.pool, async (project) => {
      const sdl = (type: string, action: string) =>
        `type A @model { id: ID! @id bs: [B!]! } type B @model { id: ID! @id a: ${type} @relation(onDelete: ${action}) }`;
      await project.apply(sdl('A', 'SET_NULL'));
      await project.query(`INSERT INTO b (id) SELECT id FROM (${uuids(1, 2)}) AS s`);
      expect(await project.hazards(sdl('A!', 'CASCADE'))).toEqual({
        'SET_REQUIRED B.a': 'MAY_FAIL 2 (all)',
        'ADD_FOREIGN_KEY B.a': 'LOCK 2',
      });
      await project.query('DELETE FROM b');
      await project.apply(sdl('A!', 'CASCADE'));
      const plan = await project.apply(sdl('A', 'CASCADE'));
      expect(plan.steps.map(({ kind, hazard }) => `${kind} ${hazard}`)).toEqual([
        'SET_OPTIONAL NONE',
      ]);
    });
  });
});
