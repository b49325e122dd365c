import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { expect, it } from 'vitest';
import { withLog } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';
import type { LogPosition } from './cursor.ts';

const database = useTestDatabase();
const rows = 1_000_000;
const perPage = 5_000;
/** From the beginning and from the end, because each page takes the same time. */
const pagesRead = 10;
const timeout = 600_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

it('COPY of a million rows is logged as keys, and read in pages', { timeout }, async () => {
  await withLog(
    database.pool,
    async ({ project, log, end }) => {
      const { ref } = project.names;
      const start = await end();
      // Connections of the pool have a timeout.
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      try {
        await client.query(`SET search_path = "${project.names.schema}"`);
        await client.query(`COPY card (id) FROM PROGRAM 'seq 1 ${rows}'`);
        const { rows: logged } = await client.query(
          `SELECT count(*)::int AS all, count(*) FILTER (WHERE left_out = '{*}' AND operation = 'I' AND old IS NULL AND new IS NULL)::int AS keys FROM "$changes"`,
        );
        expect(logged).toEqual([{ all: rows, keys: rows }]);
      } finally {
        await client.end();
      }

      let mostBytes = 0;
      const before = usedBytes();
      /** Reads pages after a position, and returns the keys. */
      const read = async (from: LogPosition, pages: number) => {
        const ids: number[] = [];
        let [after, more] = [from, true];
        for (let page = 0; page < pages; page += 1) {
          const reading = await log.read(ref, after, { changes: perPage, bytes: 8_000_000 });
          const changes = reading.commits.flatMap((commit) => commit.changes);
          expect(changes).toHaveLength(perPage);
          for (const { operation, key, new: image } of changes) {
            if (operation === 'INSERT' && image === null) ids.push(Number(key?.['id']));
          }
          ({ end: after, more } = reading);
        }
        mostBytes = Math.max(mostBytes, usedBytes() - before);
        return { ids, after, more };
      };
      const numbers = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => from + index);
      const beginning = await read(start, pagesRead);
      expect(beginning.ids).toEqual(numbers(1, pagesRead * perPage));
      expect(beginning.more).toBe(true);
      // Numbers of changes are consecutive, so this is the place before the last pages.
      const left = rows - 2 * pagesRead * perPage;
      const late = { ...beginning.after, seq: beginning.after.seq + BigInt(left) };
      const ending = await read(late, pagesRead);
      expect(ending.ids).toEqual(numbers(rows - pagesRead * perPage + 1, pagesRead * perPage));
      expect(ending.more).toBe(false);
      // All changes at once would need several hundred megabytes.
      expect(mostBytes).toBeLessThan(50_000_000);
    },
    'type Card @model @live { id: Int! @id title: String }',
  );
});
