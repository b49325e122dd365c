import { basename } from 'node:path';
import type pg from 'pg';
import { expect } from 'vitest';
import { parameterText } from '../../src/data-plane/connections/wire/encode.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { OperationError } from '../../src/engine/errors.ts';
import type { ProjectNames } from '../../src/engine/migrations.ts';
import { compileOperation } from '../../src/engine/queries/operation.ts';
import type { QueryPlan, Statement, Variables } from '../../src/engine/queries/plan.ts';
import { textOf } from '../../src/engine/sql/sql.ts';
import type { Subject } from '../../src/engine/rules/subject.ts';
import type { PgValue } from '../../src/engine/sql/statement-runner.ts';
import { readRequest } from './compile-kit.ts';
import { formatSql } from './format-sql.ts';

// Golden files of queries: an operation and its variables, the compiled statement, and the response.

/** A database with the rows of the cases, and the API that a case is about. */
export interface CaseProject {
  readonly names: ProjectNames;
  readonly client: pg.PoolClient;
  readonly apiOf: (rules: CaseRules | null) => CaseApi;
}

/** The access rules of a case, as `extend type` definitions, and its caller. */
export interface CaseRules {
  readonly sdl: string;
  readonly caller: Partial<Subject>;
}

export interface CaseApi {
  readonly api: ProjectApi;
  /** The caller's values for the parameters of rules. */
  readonly values: Variables;
}

/** Runs a case and returns the file's text with the actual SQL and response. */
export async function playedCase(text: string, name: string, project: CaseProject) {
  const heading = /^# .*$/m.exec(text)?.[0] ?? `# ${basename(name, '.md').replaceAll('-', ' ')}`;
  const rules = block(text, 'graphql rules');
  const caller = block(text, 'json caller');
  const operation = block(text, 'graphql') ?? '';
  const given = block(text, 'json variables');
  // The caller of a case is a JSON object with properties of a subject.
  const api = project.apiOf(
    rules === null ? null : { sdl: rules, caller: JSON.parse(caller ?? '{}') as Partial<Subject> },
  );
  // The variables of a case are a JSON object.
  const variables = JSON.parse(given ?? '{}') as Variables;
  const { sql, answer } = await run(operation, variables, { ...project, ...api });
  return [
    heading,
    ...(rules === null ? [] : [fenced('graphql rules', rules)]),
    ...(caller === null ? [] : [fenced('json caller', caller)]),
    fenced('graphql', operation),
    ...(given === null ? [] : [fenced('json variables', given)]),
    '## SQL',
    fenced('sql', sql),
    '## Answer',
    fenced('json', answer),
  ]
    .join('\n\n')
    .concat('\n');
}

type Project = CaseApi & Pick<CaseProject, 'names' | 'client'>;

async function run(
  text: string,
  given: Variables,
  project: Project,
): Promise<{ sql: string; answer: string }> {
  const { api, values: ofCaller } = project;
  const { document, variables: coerced } = readRequest(api, text, given);
  const variables = { ...coerced, ...ofCaller };
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
