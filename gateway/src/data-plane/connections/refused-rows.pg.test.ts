import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import type { CanaryProject } from '../../../test/engine/canary-projects.ts';
import {
  codeOf,
  never,
  pid,
  run,
  useProjectConnections,
} from '../../../test/engine/connections-kit.ts';
import { textsOf } from '../../../test/engine/rows.ts';
import type { ReserveRow } from './exchange.ts';
import type { ProjectConnections } from './project-connections.ts';

const database = useTestDatabase();
const kit = useProjectConnections(database, 2);

const refused = new Error('There is no memory for this row.');
const atMost =
  (limit: number): ReserveRow =>
  (bytes) =>
    bytes > limit ? refused : null;

/** A row with this many characters. */
const long = 'SELECT repeat($1::text, $2::int)';

describe('a row for which there is no memory', () => {
  let one: CanaryProject;
  let connections: ProjectConnections;
  beforeAll(() => void ([one] = kit.pair));
  beforeEach(() => void (connections = kit.open({ size: 1 })));

  const ask = async (text: string, values: readonly string[], reserve?: ReserveRow) => {
    const memory = reserve && { reserve };
    return textsOf(await connections.run(one, { text, values }, never, memory))[0]?.[0];
  };
  const askLong = (length: number, limit: number) =>
    ask(long, ['x', String(length)], atMost(limit));

  it('is announced with its length, which includes a few bytes for each column', async () => {
    const announced: number[] = [];
    await ask('SELECT $1::text, 1', ['x'.repeat(1_000)], (bytes) => {
      announced.push(bytes);
      return null;
    });
    expect(announced).toEqual([2 + (4 + 1_000) + (4 + 1)]);
  });

  it('fails the statement, and the connection is used again', async () => {
    const first = await ask(pid, []);
    await expect(askLong(100_000, 1_000)).rejects.toBe(refused);
    expect(await ask(pid, [])).toBe(first);
  });

  it('closes the connection if it is long, instead of being read', async () => {
    const first = await ask(pid, []);
    await expect(askLong(100_000_000, 1_000)).rejects.toBe(refused);
    expect(await ask(pid, [])).not.toBe(first);
    expect(connections.stats()).toMatchObject({ busy: 0 });
  });

  it('does not affect the statements before and after it on the same connection', async () => {
    await ask(pid, []);
    await askLong(1, 1_000_000);
    const lengths = [10, 20_000_000, 20, 2_000_000, 30];
    const answers = lengths.map((length) =>
      askLong(length, 1_000_000).catch((error: unknown) => error),
    );
    expect(await Promise.all(answers)).toEqual(
      lengths.map((length) => (length > 1_000_000 ? refused : 'x'.repeat(length))),
    );
  });

  it('is the last one that is received of its statement', async () => {
    const announced: number[] = [];
    const rows = `SELECT repeat('x', 100 * n) FROM generate_series(1, 100) AS n`;
    const failing = ask(rows, [], (bytes) => {
      announced.push(bytes);
      return bytes > 1_000 ? refused : null;
    });
    await expect(failing).rejects.toBe(refused);
    expect(announced.at(-1)).toBe(2 + 4 + 1_000);
  });

  it('leaves a transaction open that its owner can roll back', async () => {
    const kept = await connections.lease(
      one,
      never,
      async (runner) => {
        await run(runner, 'BEGIN');
        const error = await codeOf(run(runner, long, ['x', '100000']));
        await run(runner, 'ROLLBACK');
        return [error, await run(runner, 'SELECT 1::text')];
      },
      atMost(1_000),
    );
    expect(kept).toEqual(['Error', '1']);
  });
});
