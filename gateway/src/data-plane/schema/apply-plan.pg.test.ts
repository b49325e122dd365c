import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { after, before, rows } from '../../../test/engine/ten-steps.ts';
import { untilWaiting, whileHolding } from '../../../test/locks.ts';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { planMigration } from '../../engine/migrations/plan-migration.ts';
import { SchemaChangeError } from './schema-change-error.ts';
import type { SqlClient } from '../../platform/db/sql-client.ts';

const database = useTestDatabase();
const nothing = () => Promise.resolve();
/** Runs until it is cancelled. */
const endless = 'SELECT count(*) FROM generate_series(1, 1000000000000)';
const childSource = fileURLToPath(
  new URL('../../../test/engine/apply-until-killed.ts', import.meta.url),
);

const catalog = (project: EngineProject) => introspect(project.client, project.names);
const oldCatalog = catalogOf(readModel(before));
const newCatalog = catalogOf(readModel(after));

describe('a migration that is killed', () => {
  let directory: string;
  let child: string;

  // The child process is bundled because it is started once per statement boundary, and the bundle starts ten times as
  // fast as the source files.
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tessera-killed-'));
    child = join(directory, 'child.cjs');
    await build({
      entryPoints: [childSource],
      outfile: child,
      bundle: true,
      platform: 'node',
      external: ['pg-native'],
      logLevel: 'error',
    });
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it(
    'leaves either the old or the new schema, regardless of the statement at which it is killed',
    { timeout: 300_000 },
    async () => {
      await withProject(database.pool, async (project) => {
        await project.apply(before);
        await project.query(rows);
        expect(project.plan(after).steps.length).toBeGreaterThanOrEqual(10);
        let boundaries = 0;
        for (let applied = false; !applied; boundaries += 1) {
          applied = await runUntil(project.names.ref, boundaries);
          await untilDisconnected();
          expect(await catalog(project)).toEqual(applied ? newCatalog : oldCatalog);
        }
        // The migration was interrupted once after each statement of the plan and of its transaction.
        const statements = project.plan(after).steps.flatMap(({ sql }) => sql);
        expect(boundaries).toBeGreaterThan(statements.length + 8);
        expect(
          await project.query('SELECT heading, size, project_id IS NOT NULL AS kept FROM issue'),
        ).toEqual([{ heading: 'first', size: '3', kept: true }]);
      });
    },
  );

  /**
   * Lets the child process run a number of statements, and kills it before the next one. @returns whether the plan was
   * applied
   */
  async function runUntil(ref: string, statements: number): Promise<boolean> {
    const running = spawn(process.execPath, [child, database.url, ref], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(running, 'close');
    let seen = 0;
    let applied = false;
    for await (const line of createInterface({ input: running.stdout })) {
      if (line === '"applied"') applied = true;
      else if (seen === statements) running.kill('SIGKILL');
      else running.stdin.write('go\n');
      seen += 1;
    }
    await ended;
    return applied;
  }

  /** The server detects a closed connection after a short delay. */
  async function untilDisconnected(): Promise<void> {
    await vi.waitFor(
      async () => {
        const { rows: others } = await database.pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = ''`,
        );
        expect(others).toEqual([]);
      },
      { timeout: 10_000, interval: 10 },
    );
  }
});

describe('a migration that has to wait', () => {
  it.each([
    ['a reader has locked a table that it changes', 'LOCK TABLE "issue" IN ACCESS SHARE MODE'],
    ['a writer has locked a table that it references', 'LOCK TABLE "board" IN ROW EXCLUSIVE MODE'],
    ['three tables are locked', 'LOCK TABLE "issue", "board", "note" IN ACCESS SHARE MODE'],
    [
      'another migration of the project is running',
      `SELECT pg_advisory_xact_lock(hashtextextended('tessera:schema:' || $1, 0))`,
    ],
  ])('fails within 3 s and changes nothing if %s', async (_, held) => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      const { schema } = project.names;
      const sql = held.replace(/"(issue|board|note)"/g, `"${schema}"."$1"`);
      const values = held.includes('$1') ? [schema] : [];
      const started = performance.now();
      await whileHolding(database.pool, { sql, values }, async () => {
        await expect(project.apply(after)).rejects.toMatchObject({ code: 'LOCKED' });
      });
      expect(performance.now() - started).toBeLessThan(3_000);
      expect(await catalog(project)).toEqual(oldCatalog);
      await project.apply(after);
    });
  });

  it('continues after a short wait', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      const sql = `LOCK TABLE "${project.names.schema}"."issue" IN ACCESS SHARE MODE`;
      const applying = await whileHolding(database.pool, { sql }, async () => {
        const apply = project.apply(after);
        await untilWaiting(database.pool, 1);
        return { apply };
      });
      await applying.apply;
      expect(await catalog(project)).toEqual(newCatalog);
    });
  });

  it('locks the table against writes before it counts the rows that violate the new rule', async () => {
    await withProject(database.pool, async (project) => {
      const sdl = (type: string) => `type T @model { id: ID! @id f: ${type} }`;
      await project.apply(sdl('Int'));
      const sql = `INSERT INTO "${project.names.schema}".t (id) VALUES (gen_random_uuid())`;
      const { applying } = await whileHolding(database.pool, { sql }, async () => {
        const apply = project.apply(sdl('Int!')).catch((error: unknown) => error);
        await untilWaiting(database.pool, 1);
        return { applying: apply };
      });
      expect(await applying).toMatchObject({ code: 'ROWS_IN_THE_WAY', step: 0, rows: 1 });
    });
  });

  it('detects a concurrent migration before it changes anything', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      const plan = project.plan(after);
      const order: string[] = [];
      const other = await database.pool.connect();
      try {
        let version = 1;
        const attempt = (client: SqlClient, name: string) =>
          applyPlan(client, plan, {
            check: async () => {
              order.push(`${name} checks ${version}`);
              if (version !== plan.baseVersion) throw new Error('stale');
              await Promise.resolve();
            },
            record: () => Promise.resolve((version += 1)),
          });
        const results = await Promise.allSettled([
          attempt(project.client, 'one'),
          attempt(other, 'two'),
        ]);
        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        expect(order.map((line) => line.slice(-1))).toEqual(['1', '2']);
      } finally {
        other.release();
      }
    });
  });
});

describe('a migration', () => {
  const model = readModel(before);

  it('changes nothing if the version record cannot be written', async () => {
    await withProject(database.pool, async (project) => {
      const plan = planMigration(null, model, { project: project.names, baseVersion: 0 });
      const failing = () => Promise.reject(new Error('audit failed'));
      await expect(
        applyPlan(project.client, plan, { check: nothing, record: failing }),
      ).rejects.toThrow('audit failed');
      expect(await catalog(project)).toEqual({ tables: [], strangers: [] });
    });
  });

  it('commits the version record together with the change, and returns its result', async () => {
    await withProject(database.pool, async (project) => {
      const plan = planMigration(null, model, { project: project.names, baseVersion: 0 });
      const record = async (client: SqlClient) => {
        await client.query(`INSERT INTO note (id, text) VALUES (gen_random_uuid(), 'recorded')`);
        return 'the result';
      };
      expect(await applyPlan(project.client, plan, { check: nothing, record })).toBe('the result');
      expect(await project.query('SELECT text FROM note')).toEqual([{ text: 'recorded' }]);
    });
  });

  it("reports the failed step and a code, but not PostgreSQL's message", async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      await project.query('CREATE VIEW in_the_way AS SELECT title FROM issue');
      const applying = project.apply(before.replace('title: String', ''));
      const error = await applying.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SchemaChangeError);
      expect(error).toMatchObject({ code: 'FAILED', sqlState: '2BP01', step: 0 });
      expect(JSON.stringify([error, String(error)])).not.toMatch(/in_the_way|title/);
      expect(error).not.toHaveProperty('cause');
      await project.query('DROP VIEW in_the_way');
    });
  });

  it('cancels a statement that takes too long', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      const slow = { ...project.plan(after) };
      const step = { ...slow.steps[0], sql: [endless] };
      const plan = { ...slow, steps: [step as (typeof slow.steps)[number]] };
      const options = { check: nothing, record: nothing, statementTimeoutMs: 50 };
      await expect(applyPlan(project.client, plan, options)).rejects.toMatchObject({
        code: 'TIMED_OUT',
        step: 0,
      });
      expect(await catalog(project)).toEqual(oldCatalog);
    });
  });
});
