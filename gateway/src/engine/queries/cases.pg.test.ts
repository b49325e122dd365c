import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { trackerSdl } from '../../../test/engine/compile-kit.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { readModel } from '../../../test/engine/project.ts';
import { playedCase, type CaseApi, type CaseRules } from '../../../test/engine/query-cases.ts';
import { withRules } from '../../../test/engine/with-rules.ts';
import { buildApi } from '../api/build-api.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { planMigration, projectNames } from '../migrations.ts';
import { profileOf, subjectVariables, type Subject } from '../rules/subject.ts';

/**
 * Each case is a file with an operation and its variables, the compiled statement, and the response. A case of access
 * rules also contains the rules and the caller. To add a case, write the part before `## SQL`.
 * `npx vitest run <this file> -u` writes the rest, which you then review.
 */
const directories = {
  cases: ['fields', 'filters', 'relations', 'orders', 'pages', 'figures', 'language', 'refused'],
  'rule-cases': ['kinds', 'places', 'fields', 'missing', 'keys'],
};
const foldersOf = (directory: keyof typeof directories) =>
  directories[directory]
    .filter((feature) => feature !== 'keys')
    .map((feature) => join(directory, feature));
const textOfFile = (...path: readonly string[]) =>
  readFileSync(join(import.meta.dirname, ...path), 'utf8');

const database = useTestDatabase();
const everything = { read: 'ALL', write: 'ALL', introspect: true } as const;
const signedOut: Subject = { audience: 'PUBLIC', user: null, claims: {}, verifiedEmail: null };

describe.each([
  {
    what: 'queries',
    ref: 'casescasescases1',
    sdl: trackerSdl + textOfFile('cases/more-types.graphql'),
    data: textOfFile('cases/data.sql'),
    folders: foldersOf('cases'),
  },
  {
    what: 'queries of rows with keys of every kind',
    ref: 'casescasescases2',
    sdl: textOfFile('../../../test/examples/keys.graphql'),
    data: textOfFile('../mutations/key-cases/data.sql'),
    folders: ['key-cases', 'rule-cases/keys'],
  },
  {
    what: 'queries of callers with access rules',
    ref: 'casescasescases3',
    sdl:
      trackerSdl +
      textOfFile('cases/more-types.graphql') +
      textOfFile('rule-cases/callers.graphql'),
    data: textOfFile('cases/data.sql'),
    folders: foldersOf('rule-cases'),
  },
])('$what', ({ ref, sdl, data, folders }) => {
  const names = projectNames(ref);
  let client: pg.PoolClient;

  const server = buildApi(readModel(sdl), { ...everything, rules: null });
  const apiOf = (rules: CaseRules | null): CaseApi => {
    if (rules === null) return { api: server, values: {} };
    const model = readModel(withRules(sdl, rules.sdl));
    const subject = { ...signedOut, ...rules.caller };
    const api = buildApi(model, { ...everything, rules: profileOf(model, subject) });
    return { api, values: subjectVariables(model, subject) };
  };

  beforeAll(async () => {
    client = await database.pool.connect();
    await createProjectSchema(client, names);
    const plan = planMigration(null, readModel(sdl), { project: names, baseVersion: 0 });
    await applyPlan(client, plan, { check: nothing, record: nothing });
    await client.query(`SET search_path = "${names.schema}"`);
    await client.query(data);
    await client.query(`RESET search_path; SET TimeZone = 'UTC'; SET ROLE "${names.role}"`);
  });

  afterAll(async () => {
    await client.query('RESET ALL; RESET ROLE');
    await dropProjectSchema(client, names);
    client.release();
  });

  describe.each(folders)('%s', (of) => {
    const folder = join(import.meta.dirname, of);
    const files = readdirSync(folder).filter((name) => name.endsWith('.md'));
    it.each(files)('%s', async (name) => {
      const path = join(folder, name);
      const text = await playedCase(readFileSync(path, 'utf8'), name, { names, client, apiOf });
      await expect(text).toMatchFileSnapshot(path);
    });
  });
});

it.each(Object.entries(directories))('runs the cases in every folder of %s', (directory, names) => {
  const entries = readdirSync(join(import.meta.dirname, directory), { withFileTypes: true });
  const folders = entries.filter((each) => each.isDirectory()).map(({ name }) => name);
  expect(folders.sort()).toEqual([...names].sort());
});

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
