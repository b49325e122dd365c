import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { trackerSdl } from '../../../test/engine/compile-kit.ts';
import { playedLiveCase, type LiveCaseProject } from '../../../test/engine/live-cases-kit.ts';
import { readModel } from '../../../test/engine/project.ts';
import { withRules } from '../../../test/engine/with-rules.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { buildApi } from '../api/build-api.ts';
import { planMigration, projectNames } from '../migrations.ts';
import { profileOf, subjectVariables } from '../rules/subject.ts';

/**
 * Each case is a file with a subscription. To add a case, write the part before `## SQL`.
 * `npx vitest run <this file> -u` writes the rest, which you then review.
 */
const folder = join(import.meta.dirname, 'cases');
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));
const names = projectNames('livecaseslivecas');
const database = useTestDatabase();
let client: pg.PoolClient;

/** Labels are not live. */
const live = ['User', 'Board', 'Membership', 'Issue', 'Comment'];
const sdl = `${trackerSdl} extend type User @user ${live.map((name) => `extend type ${name} @live`).join('\n')}`;
const access = { read: 'ALL', write: 'ALL', introspect: true } as const;

const apiOf: LiveCaseProject['apiOf'] = (rules, caller) => {
  const model = readModel(rules === null ? sdl : withRules(sdl, rules));
  if (rules === null) return { api: buildApi(model, { ...access, rules: null }), values: {} };
  const signedOut = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null } as const;
  const subject = { ...signedOut, ...caller };
  const api = buildApi(model, { ...access, rules: profileOf(model, subject) });
  return { api, values: subjectVariables(model, subject) };
};

beforeAll(async () => {
  client = await database.pool.connect();
  await createProjectSchema(client, names);
  const model = readModel(trackerSdl);
  const plan = planMigration(null, model, { project: names, baseVersion: 0 });
  await applyPlan(client, plan, { check: nothing, record: nothing });
  await client.query(`SET search_path = "${names.schema}"`);
  const data = readFileSync(join(import.meta.dirname, '../queries/cases/data.sql'), 'utf8');
  // The rows of the types that other cases add.
  await client.query(data.slice(0, data.indexOf('-- Samples')));
  await client.query(`RESET search_path; SET TimeZone = 'UTC'; SET ROLE "${names.role}"`);
});

afterAll(async () => {
  await client.query('RESET ALL; RESET ROLE');
  await dropProjectSchema(client, names);
  client.release();
});

it.each(files)('%s', async (name) => {
  const path = join(folder, name);
  const text = await playedLiveCase(readFileSync(path, 'utf8'), name, { names, client, apiOf });
  await expect(text).toMatchFileSnapshot(path);
});

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
