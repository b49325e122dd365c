import { describe, expect, it, vi } from 'vitest';
import { connected, limits, sdl, withLog, type LogKit } from '../../../test/change-log-kit.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { changeLogSet, ident, sql, type SystemSet } from '../../engine/migrations.ts';
import { createChangeLog, type ChangeLog } from './change-log.ts';
import { prepareSystemTables, SystemVersionError } from './system-versions.ts';

const database = useTestDatabase({ poolSize: 20 });

/** What a later gateway needs: each version adds a column. */
function setOf(version: number): SystemSet {
  const upgrades = new Map(
    Array.from({ length: version - changeLogSet.version }, (_, index) => {
      const to = changeLogSet.version + 1 + index;
      return [
        to,
        ({ schema }: { readonly schema: string }) => [
          sql`ALTER TABLE ${ident(schema, '$changes')} ADD COLUMN ${ident(`v${to}`)} int`,
        ],
      ] as const;
    }),
  );
  return { name: changeLogSet.name, version, upgrades };
}

/** The log as a gateway sees it that is this many versions ahead of the present one. */
function gatewayAhead(by: number, lockTimeoutMs = 5_000): ChangeLog {
  return createChangeLog(database.pool, { set: setOf(changeLogSet.version + by), lockTimeoutMs });
}

const end = (log: ChangeLog, { project }: LogKit) => log.read(project.names.ref, null, limits);

/** How many versions the objects of a project are ahead, and which columns they have. */
async function stateOf({ project }: LogKit) {
  const [row] = await project.query(
    `SELECT version, (SELECT string_agg(column_name, ' ' ORDER BY 1) FROM information_schema.columns
      WHERE table_schema = '${project.names.schema}' AND table_name = '$changes' AND column_name ~ '^v[0-9]') AS added
     FROM "$versions" WHERE name = 'changes'`,
  );
  return [Number(row?.['version']) - changeLogSet.version, row?.['added']];
}

const lockProject = ({ project }: LogKit) =>
  `BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('tessera:schema:${project.names.schema}', 0))`;

describe('a gateway', () => {
  it('upgrades tables of the version before in the background, when it uses them', async () => {
    await withLog(database.pool, async (kit) => {
      const later = gatewayAhead(1);
      await connected(database.pool, kit.project, async (query) => {
        await query(lockProject(kit));
        // It works with them until the upgrade can get the lock.
        await end(later, kit);
        expect(await stateOf(kit)).toEqual([0, null]);
        await query('COMMIT');
      });
      await vi.waitFor(async () => expect(await stateOf(kit)).toEqual([1, 'v2']), 10_000);
      await end(later, kit);
    });
  });

  it('works with tables of the version after', async () => {
    await withLog(database.pool, async (kit) => {
      await end(gatewayAhead(2), kit);
      expect(await stateOf(kit)).toEqual([2, 'v2 v3']);
      const start = await end(gatewayAhead(1), kit);
      await kit.project.query('INSERT INTO card (id) VALUES (1)');
      const { commits } = await gatewayAhead(1).read(kit.project.names.ref, start.end, limits);
      expect(commits).toHaveLength(1);
      expect(await stateOf(kit)).toEqual([2, 'v2 v3']);
    });
  });

  it('refuses tables that are two versions ahead', async () => {
    await withLog(database.pool, async (kit) => {
      await end(gatewayAhead(2), kit);
      await expect(end(kit.log, kit)).rejects.toThrow(SystemVersionError);
      await expect(end(kit.log, kit)).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 });
      await expect(kit.project.apply(sdl.replace('title', 'name'))).rejects.toThrow(
        SystemVersionError,
      );
    });
  });

  it('upgrades tables that are two versions behind before it uses them', async () => {
    await withLog(database.pool, async (kit) => {
      const later = gatewayAhead(2, 50);
      await connected(database.pool, kit.project, async (query) => {
        await query(lockProject(kit));
        await expect(end(later, kit)).rejects.toThrow(SystemVersionError);
        expect(await stateOf(kit)).toEqual([0, null]);
        await query('COMMIT');
      });
      await end(later, kit);
      expect(await stateOf(kit)).toEqual([2, 'v2 v3']);
    });
  });

  it('changes nothing if an upgrade fails', async () => {
    await withLog(database.pool, async (kit) => {
      const { upgrades, ...set } = setOf(changeLogSet.version + 2);
      const broken = () => [sql`ALTER TABLE missing ADD COLUMN x int`];
      const log = createChangeLog(database.pool, {
        set: { ...set, upgrades: new Map([...upgrades, [set.version, broken]]) },
      });
      await expect(end(log, kit)).rejects.toThrow(SystemVersionError);
      expect(await stateOf(kit)).toEqual([0, null]);
      await end(kit.log, kit);
    });
  });

  it('upgrades once, also if several gateways begin at the same time', async () => {
    await withLog(database.pool, async (kit) => {
      const gateways = Array.from({ length: 4 }, () => gatewayAhead(2));
      await Promise.all(gateways.map((log) => end(log, kit)));
      expect(await stateOf(kit)).toEqual([2, 'v2 v3']);
    });
  });

  it('upgrades tables when it applies a schema, in the same transaction', async () => {
    await withLog(database.pool, async (kit) => {
      const { client, names } = kit.project;
      await client.query('BEGIN');
      await prepareSystemTables(client, names.schema, setOf(changeLogSet.version + 1));
      expect(await stateOf(kit)).toEqual([1, 'v2']);
      await client.query('ROLLBACK');
      expect(await stateOf(kit)).toEqual([0, null]);
    });
  });
});
