import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pg from 'pg';
import { expect, it } from 'vitest';
import { withLog } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';

const database = useTestDatabase();
const rows = 1_000_000;
const perPage = 5_000;
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

      const seen = new Uint8Array(rows + 1);
      let [after, pages, more, mostBytes, mostChanges] = [start, 0, true, 0, 0];
      const before = usedBytes();
      while (more) {
        const page = await log.read(ref, after, { changes: perPage, bytes: 8_000_000 });
        const changes = page.commits.flatMap((commit) => commit.changes);
        for (const { operation, key, new: image } of changes) {
          const id = Number(key?.['id']);
          if (operation === 'INSERT' && image === null) seen[id] = (seen[id] ?? 0) + 1;
        }
        ({ end: after, more } = page);
        pages += 1;
        mostChanges = Math.max(mostChanges, changes.length);
        // Garbage is not counted.
        if (pages % 40 === 0) mostBytes = Math.max(mostBytes, usedBytes() - before);
      }
      expect(seen.findIndex((times, id) => times !== (id === 0 ? 0 : 1))).toBe(-1);
      expect([pages, mostChanges]).toEqual([rows / perPage, perPage]);
      // All changes at once would need several hundred megabytes.
      expect(mostBytes).toBeLessThan(50_000_000);
    },
    'type Card @model @live { id: Int! @id title: String }',
  );
});
