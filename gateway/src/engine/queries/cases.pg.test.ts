import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { readRequest, trackerSdl } from '../../../test/engine/compile-kit.ts';
import { formatSql } from '../../../test/engine/format-sql.ts';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from '../api/build-api.ts';
import type { ProjectApi } from '../api/project-api.ts';
import { parameterText } from '../../data-plane/connections/wire/encode.ts';
import { applyPlan } from '../../../test/engine/apply-plan.ts';
import { createProjectSchema, dropProjectSchema } from '../../data-plane/schema.ts';
import { planMigration, projectNames, type ProjectNames } from '../migrations.ts';
import { textOf } from '../sql/sql.ts';
import { OperationError } from '../errors.ts';
import { compileOperation } from './operation.ts';
import type { QueryPlan } from './plan.ts';
import type { Statement, Variables } from './plan.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/**
 * Each case is a file with an operation and its variables, the compiled statement, and the response. To add a case,
 * write the part before `## SQL`. `npx vitest run <this file> -u` writes the rest, which you then review.
 */
const directory = join(import.meta.dirname, 'cases');
const features = [
  'fields',
  'filters',
  'relations',
  'orders',
  'pages',
  'figures',
  'language',
  'refused',
];
const textOfFile = (...path: readonly string[]) =>
  readFileSync(join(import.meta.dirname, ...path), 'utf8');

const database = useTestDatabase();

describe.each([
  {
    what: 'queries',
    ref: 'casescasescases1',
    sdl: trackerSdl + textOfFile('cases/more-types.graphql'),
    data: textOfFile('cases/data.sql'),
    folders: features.map((feature) => join('cases', feature)),
  },
  {
    what: 'queries of rows with keys of every kind',
    ref: 'casescasescases2',
    sdl: textOfFile('../../../test/examples/keys.graphql'),
    data: textOfFile('../mutations/key-cases/data.sql'),
    folders: ['key-cases'],
  },
])('$what', ({ ref, sdl, data, folders }) => {
  const names = projectNames(ref);
  const model = readModel(sdl);
  const api = buildApi(model, { read: 'ALL', write: 'ALL', introspect: true, rules: null });
  let client: pg.PoolClient;

  beforeAll(async () => {
    client = await database.pool.connect();
    await createProjectSchema(client, names);
    const plan = planMigration(null, model, { project: names, baseVersion: 0 });
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
      const text = await played(readFileSync(path, 'utf8'), name, { api, names, client });
      await expect(text).toMatchFileSnapshot(path);
    });
  });
});

it('runs the cases in every folder', () => {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((each) =>
    each.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...features].sort());
});

interface Project {
  readonly api: ProjectApi;
  readonly names: ProjectNames;
  readonly client: pg.PoolClient;
}

/** Runs a case and returns the file's text with the actual SQL and response. */
async function played(text: string, name: string, project: Project): Promise<string> {
  const heading = /^# .*$/m.exec(text)?.[0] ?? `# ${basename(name, '.md').replaceAll('-', ' ')}`;
  const operation = block(text, 'graphql') ?? '';
  const given = block(text, 'json variables');
  // The variables of a case are a JSON object.
  const { sql, answer } = await run(operation, JSON.parse(given ?? '{}') as Variables, project);
  return [
    `${heading}\n\n${fenced('graphql', operation)}`,
    ...(given === null ? [] : [fenced('json variables', given)]),
    '## SQL',
    fenced('sql', sql),
    '## Answer',
    fenced('json', answer),
  ]
    .join('\n\n')
    .concat('\n');
}

async function run(
  text: string,
  given: Variables,
  project: Project,
): Promise<{ sql: string; answer: string }> {
  const { api } = project;
  const { document, variables } = readRequest(api, text, given);
  try {
    const plan = compileOperation({ api, document, operationName: null, variables });
    if (plan.kind !== 'QUERY')
      throw new Error('Cases of mutations belong in engine/mutations/cases.');
    const { statement } = plan;
    const values = (statement?.parameters ?? []).map((parameter) => parameter(variables));
    const row = statement === null ? [] : await rowOf(statement, values, project);
    return { sql: statement === null ? '' : shown(statement, values), answer: answered(plan, row) };
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return { sql: '', answer: JSON.stringify({ issues: error.issues }, null, 2) };
  }
}

async function rowOf(
  { template }: Statement,
  values: readonly PgValue[],
  { names, client }: Project,
): Promise<readonly (string | null)[]> {
  const { rows } = await client.query<(string | null)[]>({
    text: textOf(template, names.schema),
    values: values.map(parameterText),
    rowMode: 'array',
    // Keep the values as PostgreSQL sent them.
    types: { getTypeParser: () => (value: string) => value },
  });
  expect(rows).toHaveLength(1);
  return rows[0] ?? [];
}

function answered({ answers }: QueryPlan, row: readonly (string | null)[]): string {
  let column = -1;
  const members = answers.map((answer) => {
    const name = JSON.stringify(answer.responseKey);
    switch (answer.kind) {
      case 'CONSTANT':
        return `${name}:${answer.json}`;
      case 'COLUMN':
        column += 1;
        return `${name}:${row[column] ?? 'null'}`;
      case 'INTROSPECTION':
        throw new Error('Cases cannot contain introspection.');
    }
  });
  return JSON.stringify(JSON.parse(`{"data":{${members.join()}}}`), null, 2);
}

function shown({ template }: Statement, values: readonly PgValue[]): string {
  return [
    formatSql(textOf(template, 'p_x').replaceAll('"p_x".', '')),
    ...values.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}`),
  ].join('\n');
}

function block(text: string, language: string): string | null {
  return new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1] ?? null;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

async function nothing(): Promise<void> {
  // Applying a migration plan requires callbacks, but these tests have nothing to check or record.
}
