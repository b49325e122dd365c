/**
 * Applies a migration in a separate process, which the test kills. Before each statement, it writes a line and waits
 * for a line from the test. Arguments: the database's URL and the project's ref.
 */
import { createInterface } from 'node:readline';
import pg from 'pg';
import { applyPlan } from './apply-plan.ts';
import { planMigration, projectNames } from '../../src/engine/migrations.ts';
import type { SqlClient } from '../../src/platform/db/sql-client.ts';
import { readModel } from './project.ts';
import { after, before } from './ten-steps.ts';

async function main(connectionString = '', ref = ''): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const stepwise: SqlClient = {
    query: async (text, values) => {
      process.stdout.write(`${JSON.stringify(text)}\n`);
      await lines.next();
      return client.query<Record<string, unknown>>(text, values);
    },
  };
  const plan = planMigration(readModel(before), readModel(after), {
    project: projectNames(ref),
    baseVersion: 1,
  });
  const nothing = () => Promise.resolve();
  await applyPlan(stepwise, plan, { check: nothing, record: nothing });
  await client.end();
  process.stdout.write('"applied"\n');
  process.stdin.destroy();
}

void main(...process.argv.slice(2));
