import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { formatSql } from '../../../test/engine/format-sql.ts';
import { countedValues } from '../../../test/engine/new-values.ts';
import { useMutations, type MutationProject } from '../../../test/engine/mutations.ts';
import type { Subject } from '../rules/subject.ts';
import type { BoundStatement } from '../sql/statement-runner.ts';

/**
 * Each case is a file with the caller if access rules apply to it, an operation and its variables, the statements that run, the response, and the resulting
 * rows. To add a case, write the part before `## Statements` and a query after `## Afterwards`. `npx vitest run <this
 * file> -u` writes the rest, which you then review.
 */
const database = useTestDatabase();
const examples = join(import.meta.dirname, '../../../test/examples');

describe.each([
  { what: 'mutations', folder: 'cases', schema: 'cases/schema.graphql' },
  {
    what: 'mutations of rows with keys of every kind',
    folder: 'key-cases',
    schema: examples + '/keys.graphql',
  },
  {
    what: 'mutations of callers with access rules',
    folder: 'rule-cases',
    schema: examples + '/boards.graphql',
  },
])('$what', ({ folder, schema }) => {
  const directory = join(import.meta.dirname, folder);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  const project = useMutations(
    database,
    readFileSync(resolve(import.meta.dirname, schema), 'utf8'),
  );
  const cases = readdirSync(directory).filter((name) => name.endsWith('.md'));

  beforeEach(async () => {
    await project().clear();
    await project().sql(read('data.sql'));
  });

  it.each(cases)('%s', async (name) => {
    await expect(await played(read(name), project())).toMatchFileSnapshot(join(directory, name));
  });
});

/** Runs a case and returns the file's text with the actual statements, response and rows. */
async function played(text: string, on: MutationProject): Promise<string> {
  const { runner, names } = on;
  const heading = /^# .*$/m.exec(text)?.[0] ?? '';
  const about = /^# .*\n\n([^`]*)```(?:graphql|json caller)/m.exec(text)?.[1] ?? '';
  const operation = block(text, 'graphql') ?? '';
  const caller = block(text, 'json caller');
  const variables = block(text, 'json variables');
  const query = block(text.split('## Afterwards')[1] ?? '', 'sql') ?? '';
  runner.statements.length = 0;
  let ids = 0;
  const newValues = countedValues('00000000-0000-7000-8000', () => (ids += 1));
  const answer = await on
    .mutate(
      operation,
      // The variables of a case are a JSON object.
      JSON.parse(variables ?? '{}') as Record<string, unknown>,
      { newValues, ...(caller === null ? {} : { as: JSON.parse(caller) as Subject }) },
    )
    .then(
      (data) => ({ data }),
      (error: unknown) => ({ error: visible(error) }),
    );
  const statements = runner.statements.map((each) => shown(each, names.schema));
  const rows = await on.sql(query);
  return [
    `${heading}\n\n${about}${caller === null ? '' : `${fenced('json caller', caller)}\n\n`}${fenced('graphql', operation)}`,
    ...(variables === null ? [] : [fenced('json variables', variables)]),
    '## Statements',
    fenced('sql', statements.join('\n\n')),
    '## Answer',
    fenced('json', JSON.stringify(answer, null, 2)),
    '## Afterwards',
    fenced('sql', query),
    fenced('json', rows.map((row) => JSON.stringify(row)).join('\n')),
  ]
    .join('\n\n')
    .concat('\n');
}

function block(text: string, language: string): string | null {
  return new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1] ?? null;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

/** The parts of an error that a client can see. */
function visible(error: unknown): object {
  if (!(error instanceof Error && error.name === 'OperationError')) throw error;
  const { message } = error;
  const { code, path, issues, fields } = error as unknown as Record<string, unknown>;
  return { message, code, path, issues, fields };
}

function shown({ text, values }: BoundStatement, schema: string): string {
  return [
    formatSql(text.replaceAll(`"${schema}".`, '')),
    ...values.map((value, index) => `-- $${index + 1} = ${JSON.stringify(value)}`),
  ].join('\n');
}
