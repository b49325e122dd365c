import { beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import type { CanaryProject } from '../../../test/engine/canary-projects.ts';
import {
  ask,
  codeOf,
  never,
  pid,
  run,
  slow,
  useProjectConnections,
} from '../../../test/engine/connections-kit.ts';
import { textsOf } from '../../../test/engine/rows.ts';
import { watchSentMessages } from '../../../test/engine/sent-messages.ts';

const database = useTestDatabase();
const kit = useProjectConnections(database);
const { open } = kit;
let one: CanaryProject;
let other: CanaryProject;
beforeAll(() => {
  [one, other] = kit.pair;
});

describe('a connection', () => {
  it("runs with the project's role, in UTC and with ISO dates", async () => {
    const connections = open();
    expect(await ask(connections, one, 'SELECT current_user::text')).toBe(one.role);
    expect(
      await ask(
        connections,
        one,
        "SELECT row_to_json(r)::text FROM (SELECT timestamptz '2020-01-01 12:00+02' AS at) r",
      ),
    ).toBe('{"at":"2020-01-01T10:00:00+00:00"}');
  });

  it('passes strings, nulls and lists as parameters', async () => {
    const connections = open();
    const list = ['a', null, '', 'NULL', '{"b,\\', 'ü\n'];
    const rows = await connections.lease(one, never, (runner) =>
      runner.run({
        text: 'SELECT $1::text, $2::text, to_json($3::text[])::text, $4::int::text, $5::bool::text',
        values: ['x', null, list, 7, true],
      }),
    );
    expect(textsOf(rows)).toEqual([['x', null, JSON.stringify(list), '7', 'true']]);
  });

  it('is reused by the same project without setting the role again', async () => {
    const sent = watchSentMessages();
    const rolesSet = () => sent.prepared.filter((text) => text.startsWith('SET ROLE'));
    const connections = open();
    const pids = await connections.lease(one, never, (runner) =>
      Promise.all([run(runner, pid), ask(connections, other, pid)]),
    );
    for (let round = 0; round < 5; round += 1) {
      expect(await ask(connections, one, pid)).toBe(pids[0]);
      expect(await ask(connections, other, pid)).toBe(pids[1]);
    }
    expect(rolesSet()).toEqual([`SET ROLE "${one.role}"`, `SET ROLE "${other.role}"`]);
  });

  it('switches to the role of the project that leases it', async () => {
    const connections = open({ size: 1 });
    for (const project of [one, other, one, other, other]) {
      expect(await ask(connections, project, 'SELECT current_user::text')).toBe(project.role);
      expect(await ask(connections, project, project.readNotes)).toBe(`["${project.canary}"]`);
    }
    expect(connections.stats()).toEqual({ busy: 0, idle: 1, waiting: 0, opened: 1 });
  });

  it("cannot read another project's table, because of its role", async () => {
    const connections = open({ size: 1 });
    await ask(connections, other, other.readNotes);
    expect(await codeOf(ask(connections, one, other.readNotes))).toBe('42501');
    expect(await ask(connections, one, one.readNotes)).toBe(`["${one.canary}"]`);
  });

  it('does not run a statement if the role does not exist', async () => {
    const connections = open({ size: 1 });
    const gone = { ...one, role: 'r_0000000000000000' };
    expect(await codeOf(ask(connections, gone, one.readNotes))).toBe('ProjectRoleError');
    await ask(connections, other, pid);
    expect(await codeOf(ask(connections, gone, 'SELECT 1'))).toBe('ProjectRoleError');
    expect(await ask(connections, one, 'SELECT current_user::text')).toBe(one.role);
  });

  it('restores the role after a rolled-back transaction', async () => {
    const connections = open({ size: 1 });
    await ask(connections, one, pid);
    const insert = `INSERT INTO "${other.schema}".note VALUES (2, 'x')`;
    for (const end of ['COMMIT', 'ROLLBACK', 'nothing', 'an error']) {
      await connections
        .lease(other, never, async (runner) => {
          await run(runner, 'BEGIN');
          await run(runner, `DELETE FROM "${other.schema}".note WHERE id = 2`);
          await run(runner, insert);
          if (end === 'an error') await run(runner, insert);
          if (end !== 'nothing') await run(runner, end);
        })
        .catch((error: unknown) => expect(Reflect.get(error as Error, 'code')).toBe('23505'));
      expect(await ask(connections, one, 'SELECT current_user::text')).toBe(one.role);
      expect(await ask(connections, other, 'SELECT current_user::text')).toBe(other.role);
      await ask(connections, one, pid);
    }
    expect(await ask(connections, other, `SELECT count(*)::text FROM "${other.schema}".note`)).toBe(
      '2',
    );
    await ask(connections, other, `DELETE FROM "${other.schema}".note WHERE id = 2`);
    expect(connections.stats().opened).toBe(1);
  });

  it('sets the role again when a transaction restarts after a rollback', async () => {
    const connections = open({ size: 1 });
    await ask(connections, one, pid);
    const user = await connections.lease(other, never, async (runner) => {
      await run(runner, 'BEGIN');
      await run(runner, 'SELECT 1 / 0').catch(() => undefined);
      await run(runner, 'ROLLBACK');
      await run(runner, 'BEGIN');
      return run(runner, 'SELECT current_user::text');
    });
    expect(user).toBe(other.role);
  });

  it('cannot be used after the lease has ended', async () => {
    const connections = open();
    const kept = await connections.lease(one, never, (runner) => Promise.resolve(runner));
    await expect(run(kept, pid)).rejects.toThrow('lease of this connection has ended');
  });

  it("runs a request's statements one after another", async () => {
    const connections = open();
    const answers = await connections.lease(one, never, (runner) =>
      Promise.all(
        ['1', '2', '1 / 0', '4'].map((n) =>
          run(runner, `SELECT (${n})::text`).catch(() => 'error'),
        ),
      ),
    );
    expect(answers).toEqual(['1', '2', 'error', '4']);
  });

  it('is leased again only after statements that were not awaited have ended', async () => {
    const connections = open({ size: 1 });
    const left: Promise<unknown>[] = [];
    await connections.lease(one, never, (runner) => {
      left.push(codeOf(run(runner, slow)), codeOf(run(runner, `SELECT 'late'`)));
      return Promise.resolve();
    });
    expect(await ask(connections, other, other.readNotes)).toBe(`["${other.canary}"]`);
    expect(await Promise.all(left)).toEqual(['TIMEOUT', 'Error']);
  });
});

describe('prepared statements', () => {
  const prepared = 'SELECT count(*)::text FROM pg_prepared_statements';

  it('are prepared once per connection and SQL text', async () => {
    const sent = watchSentMessages();
    const connections = open({ size: 1 });
    for (let round = 0; round < 3; round += 1) await ask(connections, one, one.readNotes);
    expect(sent.prepared.filter((text) => text === one.readNotes)).toHaveLength(1);
  });

  it('are evicted if there are too many', async () => {
    const connections = open({ size: 1, maxStatements: 5 });
    for (let number = 0; number < 20; number += 1) {
      await ask(connections, one, `SELECT ${number}`);
      expect(Number(await ask(connections, one, prepared))).toBeLessThanOrEqual(5);
    }
    expect(await ask(connections, one, prepared)).toBe('5');
  });

  it('do not include statements that are used only once', async () => {
    const connections = open({ size: 1 });
    const count = await connections.lease(one, never, async (runner) => {
      await runner.run({ text: 'SELECT 1', values: [], once: true });
      return run(runner, prepared);
    });
    expect(count).toBe('1');
  });

  it('are prepared again after failures and table changes', async () => {
    const connections = open({ size: 1 });
    const table = `"${one.schema}".changing`;
    const read = `SELECT * FROM ${table}`;
    const change = (sql: string) => database.pool.query(sql);
    expect(await codeOf(ask(connections, one, read))).toBe('42P01');
    await change(
      `CREATE TABLE ${table} AS SELECT 1 AS a; GRANT SELECT ON ${table} TO "${one.role}"`,
    );
    expect(await ask(connections, one, read)).toBe('1');
    await change(`ALTER TABLE ${table} ALTER a TYPE text`);
    expect(await codeOf(ask(connections, one, read))).toBe('0A000');
    expect(await ask(connections, one, read)).toBe('1');
    await change(`DROP TABLE ${table}`);
    expect(await codeOf(ask(connections, one, read))).toBe('42P01');
    expect(Number(await ask(connections, one, prepared))).toBeLessThanOrEqual(2);
  });
});
