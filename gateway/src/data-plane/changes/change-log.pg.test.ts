import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { connected, inShort, limits, sdl, withLog } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { withProject } from '../../../test/engine/project.ts';
import { createLogger } from '../../platform/telemetry/logger.ts';
import { CursorExpired, NoChangeLog } from './change-log.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { createLogRetention } from './retention.ts';

const database = useTestDatabase({ poolSize: 20 });
const logger = createLogger({ level: 'silent', format: 'json' });

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

it('a read does not go through the log, whatever PostgreSQL expects to find there', async () => {
  await withLog(database.pool, async ({ project, log, end }) => {
    // All changes are of one transaction, so that its number seems to be that of each row.
    await project.query('INSERT INTO card (id) SELECT generate_series(1, 3000)');
    await project.query('ANALYZE "$changes"');
    const start = await end();
    await project.query('INSERT INTO card (id) VALUES (3001)');
    const query = vi.spyOn(pg.Client.prototype, 'query');
    await log.read(project.names.ref, start, limits);
    // The driver's overloads hide what is passed: a text, or an object with a text and values.
    const calls = query.mock.calls as unknown as readonly [string | Statement][];
    query.mockRestore();
    const [begin, ...statements] = calls.map(([each]) =>
      typeof each === 'string' ? { text: each, values: [] } : each,
    );
    const plans = await connected(database.pool, project, async (_, client) => {
      await client.query(begin?.text ?? '');
      const found: string[] = [];
      for (const { text, values } of statements.filter((each) =>
        each.text.includes('"$changes"'),
      )) {
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [
          ...values,
        ]);
        found.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      }
      await client.query('ROLLBACK');
      return found.filter((plan) => plan.includes('$changes'));
    });
    expect(plans.length).toBeGreaterThan(1);
    for (const plan of plans) expect(plan).not.toContain('Seq Scan on "$changes"');
  });
});

describe('the order of the log', () => {
  it('is that of commits, also for a transaction that gets its id first and writes last', async () => {
    await withLog(database.pool, async ({ project, log, end, since }) => {
      const start = await end();
      await connected(database.pool, project, async (query) => {
        await query('BEGIN');
        await query('SELECT pg_current_xact_id()');
        await project.query(`INSERT INTO card (id) VALUES (1)`);
        expect(await since(start)).toEqual(['INSERT card 1']);
        const between = await end();
        await query(`INSERT INTO card (id) VALUES (2)`);
        expect((await log.read(project.names.ref, between, limits)).pending).toBe(true);
        expect(await since(between)).toEqual([]);
        await query('COMMIT');
        expect(await since(between)).toEqual(['INSERT card 2']);
        expect(await since(start)).toEqual(['INSERT card 1', 'INSERT card 2']);
        expect((await log.read(project.names.ref, between, limits)).pending).toBe(false);
      });
    });
  });

  it('includes a transaction that drew its number first and commits last', async () => {
    await withLog(database.pool, async ({ project, end, since }) => {
      const start = await end();
      await connected(database.pool, project, async (query) => {
        await query(`BEGIN; INSERT INTO card (id) VALUES (1)`);
        await project.query(`INSERT INTO card (id) VALUES (2)`);
        const [first] = [await since(start)];
        expect(first).toEqual(['INSERT card 2']);
        const between = await end();
        await query('COMMIT');
        expect(await since(between)).toEqual(['INSERT card 1']);
      });
    });
  });

  it('is not delayed by a transaction of another project, and is not pending because of it', async () => {
    await withLog(database.pool, async ({ project, log, end, since }) => {
      await withProject(database.pool, async (other) => {
        await other.apply(sdl);
        await other.query(`BEGIN; INSERT INTO card (id) VALUES (1)`);
        const start = await end();
        for (let id = 1; id <= 3; id++) {
          await project.query(`INSERT INTO card (id) VALUES (${id})`);
          expect(await since(start)).toHaveLength(id);
        }
        expect((await log.read(project.names.ref, start, limits)).pending).toBe(false);
        await other.query('ROLLBACK');
      });
    });
  });

  it('is the same for two readers at once, and a killed reader loses nothing', async () => {
    await withLog(database.pool, async ({ project, log, end }) => {
      const start = await end();
      const { ref } = project.names;
      const writers = [0, 1, 2, 3].map((writer) =>
        connected(database.pool, project, async (query) => {
          for (let id = 0; id < 25; id++)
            await query(`INSERT INTO card (id) VALUES (${writer * 100 + id})`);
        }),
      );
      const reader = async () => {
        const seen: string[] = [];
        let after = start;
        while (seen.length < 100) {
          const { commits, end: next } = await log.read(ref, after, { changes: 7, bytes: 1e6 });
          seen.push(...commits.map(({ pos, changes }) => `${pos} ${changes.map(inShort).join()}`));
          after = next;
        }
        return seen;
      };
      const killer = async () => {
        for (let round = 0; round < 20; round++) {
          await database.pool.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
              AND query LIKE 'WITH state AS%' LIMIT 1`,
          );
        }
      };
      const patient = async () => {
        for (;;) {
          try {
            return await reader();
          } catch {
            // The reader was killed. Another one reads from the start.
          }
        }
      };
      const [one, other] = await Promise.all([patient(), patient(), killer(), ...writers]);
      expect(one).toHaveLength(100);
      expect(new Set(one).size).toBe(100);
      expect(one).toEqual(other);
    });
  });
});

describe('an apply', () => {
  it('maps earlier changes to the present names of tables and columns', async () => {
    await withLog(database.pool, async ({ project, end, changes }) => {
      const start = await end();
      await project.query(
        `INSERT INTO card (id, title, big, price) VALUES (1, 'a', 12345678901234567, 1.10)`,
      );
      await project.query(`UPDATE card SET title = 'b', price = 2.20`);
      await project.apply(
        sdl
          .replace('type Card @model @live', 'type Task @model @live @rename(from: "Card")')
          .replaceAll('Card', 'Task')
          .replace('from: "Task"', 'from: "Card"')
          .replace('title: String', 'name: String @rename(from: "title") extra: Int')
          .replace('price: Decimal', ''),
      );
      await project.query(`UPDATE task SET name = 'c'`);
      const found = await changes(start);
      expect(found.map(inShort)).toEqual([
        'INSERT task 1',
        'UPDATE task 1 (name)',
        'UPDATE task 1 (name)',
      ]);
      expect(found.map(({ leftOut }) => leftOut)).toEqual([['extra'], ['extra'], []]);
      expect(found[1]?.old).toContain('"big": 12345678901234567');
      expect(Object.keys(JSON.parse(found[1]?.old ?? '') as object).sort()).toEqual([
        'big',
        'board_id',
        'id',
        'name',
        'parent_id',
      ]);
    });
  });

  it('logs its version instead of its changes of rows, and resets tables whose values it changes', async () => {
    await withLog(database.pool, async ({ project, log, end }) => {
      await project.query(`INSERT INTO card (id) VALUES (1)`);
      await project.query(`INSERT INTO board VALUES (1, 'a')`);
      const start = await end();
      await project.query(`INSERT INTO card (id) VALUES (2)`);
      await project.apply(sdl.replace('title: String', 'title: String! @backfill(value: "none")'));
      await project.query(`UPDATE card SET title = 'x' WHERE id = 2`);
      const { commits } = await log.read(project.names.ref, start, limits);
      expect(commits.map(({ version, changes }) => [version, changes.map(inShort)])).toEqual([
        [null, ['RESET card']],
        [2, ['RESET card']],
        [null, ['UPDATE card 2 (title)']],
      ]);
    });
  });

  it('leaves out changes of tables that are not logged anymore, and drops the log with the last one', async () => {
    await withLog(database.pool, async ({ project, log, end, since }) => {
      const start = await end();
      await project.query(`INSERT INTO card (id) VALUES (1); INSERT INTO board VALUES (1, 'a')`);
      await project.apply(sdl.replace('type Board @model @live', 'type Board @model'));
      await project.query(`INSERT INTO board VALUES (2, 'b')`);
      expect(await since(start)).toEqual(['INSERT card 1']);
      await project.apply(sdl.replaceAll('@live', ''));
      await project.query(`INSERT INTO card (id) VALUES (2)`);
      await expect(log.read(project.names.ref, start, limits)).rejects.toThrow(NoChangeLog);
      await project.apply(sdl);
      await expect(log.read(project.names.ref, start, limits)).rejects.toThrow(CursorExpired);
      expect((await log.poll([project.names.ref])).get(project.names.ref)).toBe(0n);
    });
  });
});

describe('a position', () => {
  it('has the same text in the database', async () => {
    await withLog(database.pool, async ({ project, end }) => {
      await project.query(`INSERT INTO card (id) VALUES (1)`);
      const position = await end();
      const [row] = await project.query(`SELECT "$changes_cursor"() AS cursor`);
      expect(row?.['cursor']).toBe(encodeCursor(position));
      expect(decodeCursor(encodeCursor(position))).toEqual(position);
      for (const text of ['', 'x', `${encodeCursor(position)}=`, encodeCursor(position).slice(1)]) {
        expect(decodeCursor(text)).toBe(null);
      }
    });
  });

  it.each([
    ['another cluster', `UPDATE "$log" SET cluster = 'other ' || cluster`],
    ['a later snapshot', `UPDATE "$log" SET snapshot = '99999999999:99999999999:'`],
  ])('expires if the log is from %s', async (_, change) => {
    await withLog(database.pool, async ({ project, log, end, since }) => {
      const start = await end();
      await project.query(`INSERT INTO card (id) VALUES (1)`);
      await project.query(change);
      await expect(log.read(project.names.ref, start, limits)).rejects.toThrow(CursorExpired);
      const next = await end();
      expect(next.epoch).not.toBe(start.epoch);
      await project.query(`INSERT INTO card (id) VALUES (2)`);
      expect(await since(next)).toEqual(['INSERT card 2']);
      expect(await project.query('SELECT count(*)::int AS n FROM "$changes"')).toEqual([{ n: 1 }]);
    });
  });

  it('expires if it is beyond the log', async () => {
    await withLog(database.pool, async ({ project, log, end }) => {
      const position = await end();
      const later = { ...position, pos: position.pos + 1n };
      await expect(log.read(project.names.ref, later, limits)).rejects.toThrow(CursorExpired);
    });
  });

  it('expires when its changes are deleted, because of their age or their size', async () => {
    await withLog(database.pool, async ({ project, log, end, since }) => {
      const { ref } = project.names;
      const start = await end();
      for (let id = 0; id < 10; id++)
        await project.query(`INSERT INTO card (id, title) VALUES (${id}, repeat('x', 900))`);
      expect(await log.trim(ref, { ageSeconds: 3_600, bytes: 1e9 })).toBe(0);
      expect(await since(start)).toHaveLength(10);
      expect(await log.trim(ref, { ageSeconds: 3_600, bytes: 3_500 })).toBe(7);
      await expect(log.read(ref, start, limits)).rejects.toThrow(CursorExpired);
      const after = { ...start, pos: 7n };
      expect(await since(after)).toHaveLength(3);
      expect(await log.trim(ref, { ageSeconds: 0, bytes: 1e9 })).toBe(3);
      await expect(log.read(ref, after, limits)).rejects.toThrow(CursorExpired);
      expect(await since({ ...start, pos: 10n })).toEqual([]);
      expect(
        await project.query(
          'SELECT (SELECT count(*) FROM "$commits")::int AS n, bytes FROM "$log"',
        ),
      ).toEqual([{ n: 0, bytes: '0' }]);
    });
  });
});

it('erases what it has about a row, also under former names', async () => {
  await withLog(database.pool, async ({ project, log, end, changes }) => {
    const start = await end();
    await project.query(`INSERT INTO card (id, title) VALUES (1, 'secret'), (2, 'other')`);
    await project.apply(
      sdl
        .replace(
          'type Card @model @live {\n    id: Int! @id',
          'type Task @model @live @rename(from: "Card") {\n    key: Int! @id @rename(from: "id")',
        )
        .replaceAll('Card!', 'Task!')
        .replace('parent: Card', 'parent: Task'),
    );
    await project.query(`UPDATE task SET title = 'secret too' WHERE key = 1`);
    expect(await log.erase(project.names.ref, 'task', { key: '1' })).toBe(2);
    expect(JSON.stringify(await project.query('SELECT * FROM "$changes"'))).not.toContain('secret');
    expect(
      (await changes(start)).map((change) => [inShort(change), change.leftOut.includes('*')]),
    ).toEqual([
      ['INSERT task 1', true],
      ['INSERT task 2', false],
      ['UPDATE task 1 (title)', true],
    ]);
  });
});

it('polls the last numbers of several projects', async () => {
  await withLog(database.pool, async ({ project, log }) => {
    const { ref } = project.names;
    expect(await log.poll([ref, 'a'.repeat(16)])).toEqual(
      new Map([
        [ref, 0n],
        ['a'.repeat(16), null],
      ]),
    );
    await project.query(`INSERT INTO card (id) VALUES (1), (2)`);
    expect((await log.poll([ref])).get(ref)).toBe(2n);
  });
});

it('shortens the logs of all projects, and does not stop at a log that fails', async () => {
  await withLog(database.pool, async ({ project, end }) => {
    await withLog(database.pool, async (broken) => {
      for (const each of [project, broken.project]) {
        await each.query(`INSERT INTO card (id) VALUES (1)`);
      }
      const start = await end();
      await broken.project.query(`DELETE FROM "$log"`);
      const retention = createLogRetention(database.pool, { ageSeconds: 0, bytes: 1e9 });
      const signal = new AbortController().signal;
      await expect(retention(logger, signal)).rejects.toThrow('no state');
      expect(await project.query('SELECT count(*)::int AS n FROM "$changes"')).toEqual([{ n: 0 }]);
      expect(start.pos).toBe(1n);
    });
  });
});
