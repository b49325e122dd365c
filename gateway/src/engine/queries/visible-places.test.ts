import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRequest, trackerSdl } from '../../../test/engine/compile-kit.ts';
import { withRules } from '../../../test/engine/with-rules.ts';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from '../api/build-api.ts';
import { OperationError } from '../errors.ts';
import { profileOf } from '../rules/subject.ts';
import type { ModelType } from '../sdl/model.ts';
import { renderTemplate, textOf } from '../sql/sql.ts';
import { compileOperation } from './operation.ts';
import type { MutationPlan, Variables } from './plan.ts';

/** In this schema, each row and each value has a rule that can be recognized in the SQL. */
const seesRow = '@allow(to: [READ, DELETE], as: PUBLIC, where: { id: { isNull: false } })';
const seesValue = '@allow(to: [READ], as: PUBLIC, where: { not: { id: { isNull: true } } })';
const conditionOnRow = (alias: string) => `"${alias}"."id" IS NOT NULL`;
const conditionOnValue = (alias: string) => `("${alias}"."id" IS NULL) IS NOT TRUE`;

const textOfFile = (name: string) => readFileSync(join(import.meta.dirname, 'cases', name), 'utf8');
const base = `${trackerSdl} ${textOfFile('more-types.graphql')} extend type User @user`;
const rules = readModel(base).types.map(({ name, fields }) => {
  const values = fields.filter((field) => field.kind === 'VALUE' && field.name !== 'id');
  return `extend type ${name} ${seesRow} { ${values.map((field) => `${field.name}: Int ${seesValue}`).join(' ')} }`;
});
const sdl = withRules(base, rules.join('\n'));

const model = readModel(sdl);
const subject = {
  audience: 'USER',
  user: { field: 'id', value: '00000000-0000-7000-8000-0000000000a1' },
  claims: {},
  verifiedEmail: null,
} as const;
const access = { read: 'ALL', write: 'ALL', introspect: true } as const;
const api = buildApi(model, { ...access, rules: profileOf(model, subject) });
const typeOf = new Map(model.types.map((type) => [type.table, type]));

interface Operation {
  readonly name: string;
  readonly operation: string;
  readonly variables: Variables;
}

const rowFields = 'title status board { name } assignee { email } children { nodes { title } }';
/** Operations that only callers with rules have, and what mutations return. */
const more: readonly Operation[] = [
  ['me', '{ me { name email assigned { nodes { title } totalCount } } }'],
  [
    'a deleted row',
    `mutation { deleteIssue(where: { id: "${subject.user.value}" }) { ${rowFields} } }`,
  ],
  [
    'deleted rows',
    `mutation { deleteIssues(where: { board: { name: { eq: "A" } }, labels: { none: { name: { eq: "a" } } } }, atMost: 5) { count nodes { ${rowFields} } } }`,
  ],
].map(([name = '', operation = '']) => ({ name, operation, variables: {} }));

/** The operations of all golden files, and some more. */
const operations: readonly Operation[] = readdirSync(join(import.meta.dirname, 'cases'), {
  recursive: true,
})
  .map(String)
  .filter((name) => name.endsWith('.md'))
  .map((name) => {
    const text = textOfFile(name);
    const block = (language: string) =>
      new RegExp(`^\`\`\`${language}\n([^]*?)\n\`\`\`$`, 'm').exec(text)?.[1];
    // The variables of a case are a JSON object.
    const variables = JSON.parse(block('json variables') ?? '{}') as Variables;
    return { name, operation: block('graphql') ?? '', variables };
  })
  .concat(more);

/** The SQL of an operation. Empty if it has none, or if it is refused. */
function compiled({ operation, variables: given }: Operation): readonly Sql[] {
  const { document, variables } = readRequest(api, operation, given);
  try {
    const plan = compileOperation({ api, document, operationName: null, variables });
    if (plan.kind === 'MUTATION') return plan.fields.flatMap(sqlOf);
    return plan.statement === null ? [] : [plan.statement.template];
  } catch (error) {
    if (error instanceof OperationError) return [];
    throw error;
  }
}

type Sql = Parameters<typeof textOf>[0];

/** The filter of a mutation, and what it returns. The written row has the alias `t`. */
function sqlOf(field: MutationPlan['fields'][number]): readonly Sql[] {
  if (field.kind !== 'WRITE') return [];
  const { where, selection } = field;
  const rows = (selection.batch ?? []).flatMap((part) => (part.kind === 'NODES' ? [part.row] : []));
  const parts = [
    ...(where === null ? [] : [where]),
    selection.json,
    ...rows.map(({ json }) => json),
  ];
  return parts.map(renderTemplate);
}

const statements = operations.flatMap((operation) =>
  compiled(operation).map((sql, index) => ({
    name: index === 0 ? operation.name : `${operation.name}, part ${index}`,
    sql: textOf(sql, 'p').replaceAll('"p".', ''),
  })),
);

interface Read {
  readonly type: ModelType;
  readonly alias: string;
}

/** Each place where a statement reads the table of a model. */
function readsIn(sql: string): readonly Read[] {
  return [...sql.matchAll(/(?:FROM|JOIN) "([^"]+)" AS "(t\d+)"/g)].flatMap(([, table, alias]) => {
    const type = typeOf.get(table ?? '');
    return type === undefined || alias === undefined ? [] : [{ type, alias }];
  });
}

const count = (text: string, part: string) => text.split(part).length - 1;

it('has statements to look at', () => {
  expect(statements.length).toBeGreaterThan(200);
  expect(statements.flatMap(({ sql }) => readsIn(sql)).length).toBeGreaterThan(300);
});

describe('a statement', () => {
  it.each(statements)('reads only rows that the caller sees: $name', ({ sql }) => {
    const reads = readsIn(sql);
    expect(reads.map(({ alias }) => [alias, count(sql, conditionOnRow(alias))])).toEqual(
      reads.map(({ alias }) => [alias, reads.filter((other) => other.alias === alias).length]),
    );
  });

  it.each(statements)('uses only values that the caller sees: $name', ({ sql }) => {
    // Only the issues below are written.
    const written: Read = { type: api.index.type('Issue'), alias: 't' };
    for (const { type, alias } of [...readsIn(sql), written]) {
      for (const field of type.fields) {
        if (field.kind !== 'VALUE' || field.name === 'id') continue;
        const value = `"${alias}"."${field.column}"`;
        const rest = sql.replaceAll(`CASE WHEN ${conditionOnValue(alias)} THEN ${value} END`, '');
        // A filter tests whether the caller sees the value before it compares it.
        for (const { index } of rest.matchAll(new RegExp(value.replace('.', '\\.'), 'g'))) {
          const before = rest.slice(0, index);
          const condition = before.lastIndexOf(conditionOnValue(alias));
          expect(condition, value).toBeGreaterThan(-1);
          expect(before.slice(condition), value).not.toMatch(/\b(?:FROM|WHERE|OR|SELECT)\b/);
        }
      }
    }
  });
});

it.each(['queries', 'rules'])('only source.ts names the tables of models in %s', (folder) => {
  const path = join(import.meta.dirname, '..', folder);
  const names = readdirSync(path).filter((name) => /^(?!.*\.test\.ts$).*\.ts$/.test(name));
  const using = (pattern: RegExp) =>
    names.filter((name) => pattern.test(readFileSync(join(path, name), 'utf8')));
  expect(using(/\bprojectTable\b|\.table\b/)).toEqual(folder === 'queries' ? ['source.ts'] : []);
  expect(using(/\blinkedRows\(/)).toEqual([folder === 'queries' ? 'source.ts' : 'rule-tree.ts']);
  expect(using(/\bcolumnOf\(/)).toEqual(
    folder === 'queries' ? ['column.ts', 'source.ts', 'where.ts'] : ['references.ts'],
  );
});
