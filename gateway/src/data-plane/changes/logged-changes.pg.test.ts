import { beforeAll, describe, expect, it } from 'vitest';
import { withLog } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { closePrivileges } from '../schema/database-privileges.ts';
import { inspectProjectRole, restoreProjectRole } from '../schema/project-role.ts';
import { encodeCursor } from './cursor.ts';

const database = useTestDatabase();

const readImage = (image: string | null): unknown => JSON.parse(image ?? 'null');

describe('the changes of a transaction', () => {
  it('have keys, images and changed columns', async () => {
    await withLog(database.pool, async ({ project, end, changes }) => {
      const start = await end();
      await project.query(
        `INSERT INTO card (id, title, price, big) VALUES (1, 'a', 1.50, 9007199254740993)`,
      );
      await project.query(`UPDATE card SET price = 1.5`);
      await project.query(`UPDATE card SET price = 1.5`);
      await project.query(`DELETE FROM card`);
      const [inserted, updated, deleted, ...others] = await changes(start);
      expect(others).toEqual([]);
      expect(inserted).toMatchObject({
        operation: 'INSERT',
        table: 'card',
        key: { id: '1' },
        old: null,
      });
      expect(inserted?.new).toContain('"big": 9007199254740993');
      expect(inserted?.new).toContain('"price": 1.50');
      expect(updated).toMatchObject({ operation: 'UPDATE', changed: ['price'], leftOut: [] });
      expect(
        [updated?.old, updated?.new].map((image) => /"price": ([\d.]+)/.exec(image ?? '')?.[1]),
      ).toEqual(['1.50', '1.5']);
      expect(deleted).toMatchObject({ operation: 'DELETE', new: null, old: updated?.new });
    });
  });

  it('are combined for each row', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      await project.query(`INSERT INTO card (id, title) VALUES (1, 'a'), (2, 'b'), (3, 'c')`);
      const start = await end();
      await project.query('BEGIN');
      await project.query(`INSERT INTO card (id) VALUES (4), (5)`);
      await project.query(`UPDATE card SET title = 'x' WHERE id IN (1, 4)`);
      await project.query(`UPDATE card SET big = 1 WHERE id = 1`);
      await project.query(`DELETE FROM card WHERE id IN (2, 3, 5)`);
      await project.query(`INSERT INTO card (id, title) VALUES (3, 'again')`);
      await project.query('COMMIT');
      expect(await since(start)).toEqual([
        'INSERT card 4',
        'UPDATE card 1 (big,title)',
        'DELETE card 2',
        'UPDATE card 3',
      ]);
    });
  });

  it('contain cascades of deletes and updates, also of two in one statement', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      await project.query(`INSERT INTO board VALUES (1, 'a'); INSERT INTO label VALUES (7)`);
      await project.query(
        `INSERT INTO card (id, board_id) VALUES (1, 1), (2, 1); INSERT INTO card (id, parent_id) VALUES (3, 1), (4, 2)`,
      );
      await project.query(`INSERT INTO "card:labels:join" VALUES (1, 7)`);
      const start = await end();
      await project.query(`DELETE FROM board`);
      expect([...(await since(start))].sort()).toEqual([
        'DELETE board 1',
        'DELETE card 1',
        'DELETE card 2',
        'DELETE card:labels:join 1,7',
        'UPDATE card 3 (parent_id)',
        'UPDATE card 4 (parent_id)',
      ]);
    });
  });

  it('are right for a row that one statement updates twice', async () => {
    await withLog(
      database.pool,
      async ({ project, end, changes }) => {
        await project.query(
          `INSERT INTO pair VALUES (1), (2); INSERT INTO both_of VALUES (1, 1, 2), (2, 2, 1)`,
        );
        const start = await end();
        await project.query(`DELETE FROM pair`);
        const found = (await changes(start))
          .filter(({ table }) => table === 'both_of')
          .sort((a, b) => Number(a.key?.['id']) - Number(b.key?.['id']));
        expect(
          found.map(({ key, old, new: next }) => [key, readImage(old), readImage(next)]),
        ).toEqual([
          [{ id: '1' }, { id: 1, a_id: 1, b_id: 2 }, { id: 1, a_id: null, b_id: null }],
          [{ id: '2' }, { id: 2, a_id: 2, b_id: 1 }, { id: 2, a_id: null, b_id: null }],
        ]);
      },
      `type Pair @model @live { id: Int! @id as: [BothOf!]! @relation(name: "a") bs: [BothOf!]! @relation(name: "b") }
      type BothOf @model @live { id: Int! @id a: Pair @relation(name: "a", onDelete: SET_NULL) b: Pair @relation(name: "b", onDelete: SET_NULL) }`,
    );
  });

  it('delete and create a row whose key changes', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      await project.query(`INSERT INTO card (id) VALUES (1), (2), (3)`);
      const start = await end();
      await project.query(`UPDATE card SET id = 10 WHERE id = 1`);
      expect(await since(start)).toEqual(['DELETE card 1', 'INSERT card 10']);
      const next = await end();
      // In this order, each row gets a key that another has just given up.
      await project.query(`UPDATE card SET id = id - 1 WHERE id IN (2, 3)`);
      expect(await since(next)).toEqual(['UPDATE card 2', 'DELETE card 3', 'INSERT card 1'].sort());
    });
  });

  it('leave out values over 1 kB, and see that they change', async () => {
    await withLog(database.pool, async ({ project, end, changes }) => {
      const start = await end();
      await project.query(`INSERT INTO card (id, title) VALUES (1, repeat('x', 2000))`);
      await project.query(`UPDATE card SET title = repeat('y', 2000)`);
      const [inserted, updated] = await changes(start);
      expect(inserted?.leftOut).toEqual(['title']);
      expect(JSON.parse(inserted?.new ?? '')).toEqual({
        id: 1,
        price: null,
        big: null,
        board_id: null,
        parent_id: null,
      });
      expect(updated).toMatchObject({
        operation: 'UPDATE',
        changed: ['title'],
        leftOut: ['title'],
      });
    });
  });

  it('are only keys if a statement changes more than 10,000 rows, and are read in parts', async () => {
    await withLog(database.pool, async ({ project, log, end }) => {
      const start = await end();
      await project.query(
        `INSERT INTO card (id, title) SELECT i, 'a' FROM generate_series(1, 20000) AS i`,
      );
      await project.query(`UPDATE card SET title = 'b'`);
      const ids = new Set<string>();
      const operations = new Set<string>();
      let [after, parts, more] = [start, 0, true];
      while (more) {
        const reading = await log.read(project.names.ref, after, {
          changes: 3_000,
          bytes: 64_000_000,
        });
        for (const change of reading.commits.flatMap((commit) => commit.changes)) {
          if (change.operation === 'UPDATE') ids.add(change.key?.['id'] ?? '');
          operations.add(
            `${change.operation} ${change.old ?? ''}${change.new ?? ''} ${change.leftOut.join()}`,
          );
        }
        ({ end: after, more } = reading);
        parts += 1;
      }
      expect(ids.size).toBe(20_000);
      expect([...operations]).toEqual(['INSERT  *', 'UPDATE  *']);
      expect(parts).toBe(14);
    });
  });

  it('reset a table that is truncated', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      await project.query(`INSERT INTO card (id) VALUES (1)`);
      const start = await end();
      await project.query(
        `BEGIN; INSERT INTO card (id) VALUES (2); TRUNCATE board CASCADE; INSERT INTO card (id) VALUES (3); COMMIT`,
      );
      expect([...(await since(start))].sort()).toEqual([
        'RESET board',
        'RESET card',
        'RESET card:labels:join',
      ]);
    });
  });

  it('are logged with session_replication_role = replica, in the time zone of UTC', async () => {
    await withLog(
      database.pool,
      async ({ project, end, changes }) => {
        const start = await end();
        await project.query(
          `SET session_replication_role = replica; SET TimeZone = 'Asia/Tokyo'; SET bytea_output = 'escape'`,
        );
        await project.query(`INSERT INTO a VALUES (1, '2020-01-01T00:00:00Z', '\\x00ff', 0.1)`);
        await project.query(`RESET session_replication_role; RESET TimeZone; RESET bytea_output`);
        expect((await changes(start)).map((change) => readImage(change.new))).toEqual([
          { id: 1, at: '2020-01-01T00:00:00+00:00', raw: '\\x00ff', float: 0.1 },
        ]);
      },
      'type A @model @live { id: Int! @id at: DateTime raw: Bytes float: Float }',
    );
  });

  it('can have columns that are named like the parts of statements', async () => {
    await withLog(
      database.pool,
      async ({ project, end, since }) => {
        const start = await end();
        await project.query(
          `INSERT INTO new ("key", "old", "new", "c", "n", "r", "image") VALUES (1, 1, 1, 1, 1, 1, 1), (2, 1, 1, 1, 1, 1, 1)`,
        );
        await project.query('UPDATE new SET "c" = 2 WHERE "key" = 1');
        await project.query('UPDATE new SET "n" = 3');
        await project.query('DELETE FROM new');
        expect(await since(start)).toEqual([
          'INSERT new 1',
          'INSERT new 2',
          'UPDATE new 1 (c)',
          'UPDATE new 2 (n)',
          'UPDATE new 1 (n)',
          'DELETE new 2',
          'DELETE new 1',
        ]);
      },
      'type New @model @live { key: Int! @id old: Int new: Int c: Int n: Int r: Int image: Int }',
    );
  });
});

describe('the role of the project', () => {
  beforeAll(() => closePrivileges(database.pool));

  it('cannot read or write the log, and cannot stop the triggers', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      const start = await end();
      await project.query(`SET ROLE "${project.names.role}"`);
      const refused = expect.objectContaining({ code: '42501' }) as unknown;
      for (const statement of [
        'SELECT * FROM "$changes"',
        'SELECT * FROM "$log"',
        'SELECT * FROM "$commits"',
        'SELECT * FROM "$versions"',
        `INSERT INTO "$changes" (xid, seq, source, operation) VALUES (pg_current_xact_id(), 1, '', 'M')`,
        'DELETE FROM "$changes"',
        'TRUNCATE "$changes"',
        `SELECT nextval('"$changes_seq"')`,
        `SELECT setval('"$changes_seq"', 1)`,
        'SELECT "$cluster"()',
        `SELECT "$short_values"('{}')`,
        'ALTER TABLE card DISABLE TRIGGER ALL',
        'DROP TRIGGER "$changes_insert" ON card',
        'CREATE TRIGGER x AFTER INSERT ON card FOR EACH STATEMENT EXECUTE FUNCTION "$log_changes"(1)',
        'SET session_replication_role = replica',
      ]) {
        await expect(project.query(statement), statement).rejects.toEqual(refused);
      }
      expect(await project.query('SELECT "$changes_cursor"() AS cursor')).toEqual([
        { cursor: encodeCursor(start) },
      ]);
      await project.query(
        `BEGIN; SET LOCAL tessera.apply = 'on'; INSERT INTO card (id) VALUES (1); COMMIT`,
      );
      await project.query('RESET ROLE');
      expect(await since(start)).toEqual(['INSERT card 1']);
    });
  });

  it('gets back the function that it needs, and no other privilege is accepted', async () => {
    await withLog(database.pool, async ({ project }) => {
      const { client, names } = project;
      expect(await inspectProjectRole(client, names)).toEqual({ isComplete: true, excess: [] });
      await project.query(`REVOKE EXECUTE ON FUNCTION "$changes_cursor"() FROM "${names.role}"`);
      expect((await inspectProjectRole(client, names)).isComplete).toBe(false);
      await restoreProjectRole(client, names);
      expect(await inspectProjectRole(client, names)).toEqual({ isComplete: true, excess: [] });
      for (const what of [
        'UPDATE (seq) ON "$changes"',
        'USAGE ON SEQUENCE "$changes_seq"',
        'EXECUTE ON FUNCTION "$cluster"()',
      ]) {
        await project.query(`GRANT ${what} TO "${names.role}"`);
        expect((await inspectProjectRole(client, names)).excess, what).toEqual([
          'privileges on system tables',
        ]);
        await project.query(`REVOKE ${what} FROM "${names.role}"`);
      }
    });
  });
});
