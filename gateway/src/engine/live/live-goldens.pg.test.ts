import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import {
  changesOf,
  goldenProjects,
  subscriptionsOf,
  type GoldenSubscription,
} from '../../../test/engine/live-goldens.ts';
import { readModel } from '../../../test/engine/project.ts';
import { parameterText } from '../../data-plane/connections/wire/encode.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { planMigration, projectNames } from '../migrations.ts';
import { textOf } from '../sql/sql.ts';
import type { PgValue } from '../sql/statement-runner.ts';
import { equalTexts, imageText, type TableRead } from './table-reads.ts';

const database = useTestDatabase();

describe.each(goldenProjects)('live $what', (project) => {
  const names = projectNames(project.ref);
  const subscriptions = subscriptionsOf(project);
  const changes = changesOf(project);
  const matched: boolean[] = [];
  let client: pg.PoolClient;
  let leftOut = 0;

  const query = async (text: string, values: readonly PgValue[]) => {
    const { rows } = await client.query<(string | null)[]>({
      text,
      values: values.map(parameterText),
      rowMode: 'array',
      types: { getTypeParser: () => (value: string) => value },
    });
    return rows;
  };
  const single = async ({ plan }: GoldenSubscription, values: readonly PgValue[]) => {
    const rows = await query(textOf(plan.statement.template, names.schema), values);
    return rows[0]?.[0] ?? null;
  };

  beforeAll(async () => {
    client = await database.pool.connect();
    await createProjectSchema(client, names);
    const plan = planMigration(null, readModel(project.sdl), { project: names, baseVersion: 0 });
    await applyPlan(client, plan, { check: nothing, record: nothing });
    await client.query(`SET search_path = "${names.schema}"`);
    await client.query(project.data);
    await client.query(`RESET search_path; SET TimeZone = 'UTC'`);
  });

  afterAll(async () => {
    await client.query('RESET ALL; RESET ROLE');
    await dropProjectSchema(client, names);
    client.release();
  });

  it('has queries to look at', () => {
    expect(subscriptions.length).toBeGreaterThan(20);
  });

  it.each(subscriptions)('has the results of single runs in a cohort: $name', async (each) => {
    const { plan, variables, others } = each;
    const bound = (of: typeof variables) => plan.statement.parameters.map((read) => read(of));
    const own = bound(variables);
    const rows = [own, bound(others), own.map(otherValue), own];
    const expected: (string | null)[] = [];
    await client.query(`SET ROLE "${names.role}"`);
    for (const values of rows) expected.push(await single(each, values));
    // Equal subscribers are one row of a cohort, so without parameters there is only one.
    const subscribers = own.length === 0 ? rows.slice(0, 1) : rows;
    const lists = own.map((_, index) =>
      subscribers.map((values) => parameterText(values[index] ?? null)),
    );
    const found = await query(textOf(plan.cohort, names.schema), lists);
    await client.query('RESET ROLE');
    const sorted = [...found].sort(([a], [b]) => Number(a) - Number(b));
    expect(sorted).toEqual(subscribers.map((_, index) => [String(index + 1), expected[index]]));
  });

  it.each(subscriptions)('knows all tables: $name', ({ plan }) => {
    const text = textOf(plan.statement.template, 'p_x');
    const tables = [...text.matchAll(/"p_x"\."([^"]+)"/g)].map(([, table]) => table);
    expect([...new Set(plan.reads.map(({ table }) => table))].sort()).toEqual(
      [...new Set(tables)].sort(),
    );
  });

  it.each(subscriptions)(
    'depends only on the rows that its reads describe: $name',
    async (each) => {
      const { plan, variables } = each;
      const values = plan.statement.parameters.map((read) => read(variables));
      const before = await single(each, values);
      await client.query('BEGIN');
      try {
        // Without foreign keys, rows can be deleted one by one.
        await client.query(`SET LOCAL session_replication_role = replica`);
        const tables = await query(
          `SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename NOT LIKE '$%'`,
          [names.schema],
        );
        for (const [table] of tables) {
          leftOut += await deleteOthers(table ?? '', plan.reads, values);
        }
        expect(await single(each, values)).toBe(before);
      } finally {
        await client.query('ROLLBACK');
      }
    },
  );

  /** Deletes the rows that cannot matter. @returns how many of them are in a table that the query reads */
  const deleteOthers = async (
    table: string,
    reads: readonly TableRead[],
    values: readonly PgValue[],
  ) => {
    const own = reads.filter((read) => read.table === table);
    const rows = await query(`SELECT ctid, to_jsonb(t) FROM "${names.schema}"."${table}" t`, []);
    const others = rows.filter(([, json]) => {
      // The row as the log has it.
      const image = JSON.parse(json ?? '{}') as Readonly<Record<string, unknown>>;
      return !own.some(({ equalities }) =>
        equalities.every((equality) => {
          const text = imageText(equality, image[equality.column]);
          return text === undefined || (text !== null && equalTexts(equality, values).has(text));
        }),
      );
    });
    const ids = others.map(([id]) => id ?? null);
    await query(`DELETE FROM "${names.schema}"."${table}" WHERE ctid = ANY ($1::tid[])`, [ids]);
    return own.length === 0 ? 0 : others.length;
  };

  it.each(changes)('finds the same rows in the log and in the table: $name', async (each) => {
    const { plan, variables } = each;
    const table = `"${names.schema}"."${plan.type.table}"`;
    const rows = await query(
      `SELECT to_jsonb(t), ${columnsIn('$1')}, ${columnsIn('$2')} FROM ${table} t`,
      [plan.type.key.columns, plan.needsOld],
    );
    const [images, keys, olds] = [0, 1, 2].map((column) => rows.map((row) => row[column] ?? '{}'));
    if (images === undefined || keys === undefined || olds === undefined) return;
    const own = plan.parameters.map((read) => [parameterText(read(variables))]);
    const numbers = images.map((_, index) => String(index + 1));
    await client.query(`SET ROLE "${names.role}"`);
    const found = await query(textOf(plan.evaluate, names.schema), [
      keys,
      olds,
      numbers.map(() => 'f'),
      ...own,
      [`{${numbers.join(',')}}`],
    ]);
    await client.query('RESET ROLE');
    const matches = found.map(([, index, before, now]) => [Number(index), before, now]);
    expect(matches.map(([, before]) => before)).toEqual(matches.map(([, , now]) => now));
    matched.push(matches.length > 0 && matches.length < rows.length);
    const mayMatch = images.flatMap((json, index) => {
      const image = JSON.parse(json) as Readonly<Record<string, unknown>>;
      const bound = plan.parameters.map((read) => read(variables));
      const isPossible = plan.equalities.every((equality) => {
        const text = imageText(equality, image[equality.column]);
        return text === undefined || (text !== null && equalTexts(equality, bound).has(text));
      });
      return isPossible ? [index + 1] : [];
    });
    expect(mayMatch).toEqual(expect.arrayContaining(matches.map(([index]) => index)));
  });

  it('has filters that match some of the rows', () => {
    expect(matched.filter(Boolean).length).toBeGreaterThan(5);
  });

  it('has reads with equalities', () => {
    expect(leftOut).toBeGreaterThan(10);
  });
});

/** Some columns of a row `t` as JSON. */
const columnsIn = (parameter: string) =>
  `(SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(to_jsonb(t)) WHERE key = ANY (${parameter}::text[]))`;

/** A value of the same type for another subscriber. */
function otherValue(value: PgValue): PgValue {
  if (Array.isArray(value)) return [];
  if (typeof value !== 'string' && typeof value !== 'number') return value;
  if (/^[0-9a-f]{8}-/.test(String(value))) return '00000000-0000-7000-8000-000000000001';
  return /^\d+$/.test(String(value)) ? '1' : value;
}

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
