import { basename } from 'node:path';
import type pg from 'pg';
import { print, parse } from 'graphql';
import { parameterText } from '../../src/data-plane/connections/wire/encode.ts';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import { isOperationError } from '../../src/engine/errors.ts';
import { compileSubscription } from '../../src/engine/live/compile-subscription.ts';
import {
  rowBefore,
  type ChangeOperation,
  type ChangesPlan,
  type LiveQueryPlan,
} from '../../src/engine/live/plan.ts';
import type { ProjectNames } from '../../src/engine/migrations.ts';
import type { Variables } from '../../src/engine/queries/plan.ts';
import type { Subject } from '../../src/engine/rules/subject.ts';
import { textOf } from '../../src/engine/sql/sql.ts';
import type { PgValue } from '../../src/engine/sql/statement-runner.ts';
import { bytesOf } from '../../src/platform/bytes.ts';
import { readRequest } from './compile-kit.ts';
import { formatSql } from './format-sql.ts';

// Golden files of subscriptions: an operation with its variables and, for a stream of changes, changes as the log has
// them; then the compiled statement, what the subscription depends on, and what is sent.

export interface LiveCaseProject {
  readonly names: ProjectNames;
  readonly client: pg.PoolClient;
  readonly apiOf: (
    rules: string | null,
    caller: Partial<Subject>,
  ) => { readonly api: ProjectApi; readonly values: Variables };
}

interface CaseChange {
  readonly operation: 'INSERT' | 'UPDATE' | 'DELETE';
  readonly key: object;
  readonly old?: object;
  readonly leftOut?: readonly string[];
  readonly changed?: readonly string[];
}

/** Runs a case and returns the file's text with the actual results. */
export async function playedLiveCase(text: string, name: string, project: LiveCaseProject) {
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1] ?? null;
  const given = ['graphql rules', 'json caller', 'graphql', 'json variables', 'json changes'];
  const fenced = (language: string, content: string) => `\`\`\`${language}\n${content}\n\`\`\``;
  const heading = /^# .*$/m.exec(text)?.[0] ?? `# ${basename(name, '.md').replaceAll('-', ' ')}`;
  // The blocks of a case have these types.
  const caller = JSON.parse(block('json caller') ?? '{}') as Partial<Subject>;
  const variables = JSON.parse(block('json variables') ?? '{}') as Variables;
  const changes = JSON.parse(block('json changes') ?? '[]') as readonly CaseChange[];
  const { api, values } = project.apiOf(block('graphql rules'), caller);
  const played = await play(api, block('graphql') ?? '', { variables, values, changes }, project);
  return [
    heading,
    ...given.flatMap((language) => {
      const content = block(language);
      return content === null ? [] : [fenced(language, content)];
    }),
    ...(played.sql === null ? [] : ['## SQL', fenced('sql', played.sql)]),
    ...(played.depends === null ? [] : ['## Depends on', fenced('json', played.depends)]),
    '## Answer',
    fenced('json', played.answer),
  ]
    .join('\n\n')
    .concat('\n');
}

interface Played {
  readonly sql: string | null;
  readonly depends: string | null;
  readonly answer: string;
}

async function play(
  api: ProjectApi,
  text: string,
  given: {
    readonly variables: Variables;
    readonly values: Variables;
    readonly changes: readonly CaseChange[];
  },
  project: LiveCaseProject,
): Promise<Played> {
  const request = readRequest(api, print(parse(text)), given.variables);
  const variables = { ...request.variables, ...given.values };
  try {
    const plan = compileSubscription({ api, ...request, operationName: null, variables });
    return plan.kind === 'LIVE_QUERY'
      ? await playQuery(plan, variables, project)
      : await playChanges(plan, variables, given.changes, project);
  } catch (error) {
    if (!isOperationError(error)) throw error;
    const { code, message, issues } = error;
    return { sql: null, depends: null, answer: json({ code, message, issues }) };
  }
}

async function playQuery(
  { statement, cohort, reads, usesNow }: LiveQueryPlan,
  variables: Variables,
  project: LiveCaseProject,
): Promise<Played> {
  const values = statement.parameters.map((read) => [parameterText(read(variables))]);
  const [row] = await rowsOf(textOf(cohort, project.names.schema), values, project);
  return {
    sql: shownSql(cohort),
    depends: json({ reads: reads.map(shownRead), usesNow }),
    answer: json(JSON.parse(row?.[1] ?? 'null')),
  };
}

async function playChanges(
  plan: ChangesPlan,
  variables: Variables,
  changes: readonly CaseChange[],
  project: LiveCaseProject,
): Promise<Played> {
  const operations = plan.operations(variables);
  const befores = changes.map(({ operation, old, leftOut = [] }) =>
    rowBefore(plan, { operation, old: old === undefined ? null : JSON.stringify(old), leftOut }),
  );
  const rows = await rowsOf(
    textOf(plan.evaluate, project.names.schema),
    [
      changes.map(({ key }) => JSON.stringify(key)),
      befores.map(({ old }) => old),
      befores.map(({ unknown }) => unknown),
      ...plan.parameters.map((read) => [parameterText(read(variables))]),
      [`{${changes.map((_, index) => index + 1).join(',')}}`],
    ],
    project,
  );
  const byChange = new Map(rows.map((row) => [Number(row[1]), row]));
  const answer = changes.map((change, index) => {
    const row = byChange.get(index + 1);
    const operation = row === undefined ? null : operationOf(row, plan);
    if (row === undefined || operation === null) return 'nothing';
    if (operation !== 'RESET' && !operations.has(operation)) return `${operation} is not selected`;
    const event = plan.event({
      cursor: `cursor ${index + 1}`,
      operation,
      at: new Date('2026-11-28T00:00:00Z'),
      changed: change.changed ?? [],
      row:
        operation === 'RESET'
          ? null
          : row.slice(4).map((each) => (each === null ? null : bytesOf(each))),
    });
    return JSON.parse(event.toString()) as unknown;
  });
  const { needsOld, hasRules, equalities } = plan;
  return {
    sql: shownSql(plan.evaluate),
    depends: json({ needsOld, hasRules, equalities: equalities.map(shownEquality) }),
    answer: json(answer),
  };
}

/** As the subscribers of changes see it: docs/internals/live.md. */
function operationOf(
  [, , before, now]: readonly (string | null)[],
  { hasRules }: ChangesPlan,
): ChangeOperation | null {
  if (before === null || before === undefined) {
    if (now === 't') return 'UPDATED';
    return hasRules ? 'RESET' : 'DELETED';
  }
  if (before === 't') return now === 't' ? 'UPDATED' : 'DELETED';
  return now === 't' ? 'CREATED' : null;
}

async function rowsOf(text: string, values: readonly PgValue[], { client }: LiveCaseProject) {
  const { rows } = await client.query<(string | null)[]>({
    text,
    values: values.map(parameterText),
    rowMode: 'array',
    types: { getTypeParser: () => (value: string) => value },
  });
  return rows;
}

type Read = LiveQueryPlan['reads'][number];

function shownRead({ table, equalities }: Read): string {
  return [table, ...equalities.map(shownEquality)].join(', ');
}

function shownEquality({ column, parameter }: Read['equalities'][number]): string {
  return `${column} = p${parameter + 1}`;
}

function shownSql(template: Parameters<typeof textOf>[0]): string {
  return formatSql(textOf(template, 'p_x').replaceAll('"p_x".', ''));
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
