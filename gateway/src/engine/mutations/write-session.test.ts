import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { fullAccess } from '../../../test/engine/mutations.ts';
import { readModel } from '../../../test/engine/project.ts';
import { rowsOf } from '../../../test/engine/rows.ts';
import { createNewValues } from './new-values.ts';
import { buildApi } from '../api/build-api.ts';
import { compileOperation } from '../queries/operation.ts';
import { runMutation } from './run-mutation.ts';
import { statementsOf } from './write-session.ts';

const schema = readFileSync(join(import.meta.dirname, 'cases/schema.graphql'), 'utf8');
const api = buildApi(readModel(schema), fullAccess);
const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

/**
 * Runs requests one after the other and returns the number of SQL strings that the field has cached after each request.
 */
async function cachedTexts(text: string, requests: readonly object[]): Promise<number[]> {
  const document = parse(text);
  const plan = compileOperation({ api, document, operationName: null, variables: {} });
  const [field] = plan.kind === 'MUTATION' ? plan.fields : [];
  if (plan.kind !== 'MUTATION' || field?.kind !== 'WRITE')
    throw new Error('The operation is not a mutation.');
  const sizes: number[] = [];
  for (const data of requests) {
    await runMutation(
      plan,
      { data },
      {
        api,
        schema: 'p_x',
        newValues: createNewValues(() => 0),
        introspect: () => 'null',
        withRunner: (_, work) => work({ run: () => Promise.resolve(rowsOf([['{}']])) }),
      },
    );
    sizes.push(statementsOf(field).size);
  }
  return sizes;
}

describe("a field's statements", () => {
  it.each<[string, string, readonly object[]]>([
    [
      'a new row, regardless of the given fields',
      'mutation ($data: IssueCreateInput!) { createIssue(data: $data) { id } }',
      [
        { number: 1, title: 'a', boardId: id(1) },
        { number: 2, title: 'b', boardId: id(2), meta: { a: 1 }, tags: [] },
      ],
    ],
    [
      'a new row with two or more nested rows',
      'mutation ($data: BoardCreateInput!) { createBoard(data: $data) { id } }',
      [
        {
          key: 'AA',
          name: 'a',
          issues: { create: [1, 2].map((n) => ({ number: n, title: 'a' })) },
        },
        {
          key: 'BB',
          name: 'b',
          issues: { create: [1, 2, 3].map((n) => ({ number: n, title: 'b' })) },
        },
      ],
    ],
    [
      'updates of the same fields',
      `mutation ($data: IssueUpdateInput!) { updateIssue(where: { id: "${id(1)}" }, data: $data) { id } }`,
      [
        { title: 'a', assigneeId: id(1) },
        { title: 'b', assigneeId: null },
      ],
    ],
  ])('are rendered once for %s', async (_, text, requests) => {
    expect(await cachedTexts(text, requests)).toEqual(requests.map(() => 1));
  });

  it('are rendered once for each set of updated fields', async () => {
    const update = `mutation ($data: IssueUpdateInput!) { updateIssue(where: { id: "${id(1)}" }, data: $data) { id } }`;
    expect(await cachedTexts(update, [{ title: 'a' }, { number: 1 }, { title: 'b' }])).toEqual([
      1, 2, 2,
    ]);
  });
});
