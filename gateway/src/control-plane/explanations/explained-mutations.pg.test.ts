import { describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import {
  ada,
  asUser,
  bob,
  cid,
  id,
  shown,
  signedOut,
  useWorkspace,
  type Explanation,
} from '../../../test/explain-kit.ts';

const workspace = useWorkspace(useApp());

/** The rows of the tables that mutations in these tests would change. */
async function tables(): Promise<unknown> {
  return workspace
    .project()
    .data(
      '{ posts { nodes { id title authorId } } boards { nodes { id members { totalCount } } } }',
    );
}

describe('an explained mutation', () => {
  const create =
    'mutation { createPost(data: { title: "New", tags: [] }) { title author { name } } }';

  it('has the result that the caller gets, and changes nothing', async () => {
    const before = await tables();
    const explanation = await workspace.explain(asUser(ada), create);
    expect(explanation.data).toEqual({ createPost: { title: 'New', author: { name: 'Ada' } } });
    expect(shown(explanation)).toEqual([
      '+ CREATE Post 1 @allow(to: [READ, CREATE, UPDATE, DELETE], where: { author: { id: { eq: "$user.id" } } })',
      expect.stringContaining('+ READ Post 0 @allow(to: [READ], as: PUBLIC'),
      expect.stringContaining('+ READ Post 1 @allow(to: [READ, CREATE'),
      expect.stringContaining('- READ Post 0 @allow(to: [READ, UPDATE'),
    ]);
    expect(await tables()).toEqual(before);
  });

  it('explains why rows cannot be updated', async () => {
    const before = await tables();
    const update = `mutation { updatePost(where: { id: "${id(23)}" }, data: { title: "Mine" }) { title } }`;
    const refused = await workspace.explain(asUser(ada), update);
    expect(refused.data).toBeNull();
    expect(refused.errors).toMatchObject([
      { path: ['updatePost'], extensions: { code: 'NOT_FOUND' } },
    ]);
    const of = (operation: string, { decisions }: Explanation) =>
      decisions
        .filter((decision) => decision.operation === operation)
        .map(({ rule, rows }) => [rule.split('(')[0], rows]);
    expect(of('UPDATE', refused)).toEqual([
      ['@allow', 0],
      ['@allow', 0],
      ['@require', 1],
    ]);
    const accepted = await workspace.explain(asUser(cid), update);
    expect(accepted.data).toEqual({ updatePost: { title: 'Mine' } });
    expect(of('UPDATE', accepted)).toEqual([
      ['@allow', 1],
      ['@allow', 0],
      ['@require', 1],
    ]);
    expect(await tables()).toEqual(before);
  });

  it('explains nested rows, links and deletions', async () => {
    const before = await tables();
    const board = `mutation {
      createBoard(data: { name: "B", members: { create: [{ userId: "${bob}" }, { userId: "${cid}" }] } }) { id }
    }`;
    const { data, errors, decisions } = await workspace.explain(asUser(ada), board);
    expect(data).toBeNull();
    // Cid is in another team, so Ada cannot refer to Cid.
    expect(errors).toMatchObject([{ path: ['createBoard'], extensions: { code: 'NOT_FOUND' } }]);
    const links = decisions.filter(({ model, held }) => model === 'User' && held);
    expect(links.map(({ operation, rows }) => [operation, rows])).toEqual([
      ['READ', 1],
      ['READ', 0],
    ]);

    const both = `mutation {
      createBoard(data: { name: "B", members: { create: [{ userId: "${bob}" }] } }) { name }
      deletePosts(where: {}, atMost: 9) { count }
    }`;
    const explanation = await workspace.explain(asUser(ada), both);
    expect(explanation.errors).toEqual([]);
    expect(explanation.data).toEqual({ createBoard: { name: 'B' }, deletePosts: { count: 2 } });
    const counts = explanation.decisions.map(
      ({ operation, model, rows, held }) => `${operation} ${model} ${String(rows)} ${String(held)}`,
    );
    expect(counts).toEqual(
      expect.arrayContaining([
        'CREATE Board 1 true',
        'CREATE Membership 1 true',
        'CREATE Membership 0 true',
        'DELETE Post 2 true',
        'DELETE Post 0 false',
      ]),
    );
    expect(await tables()).toEqual(before);
  });

  it('names the rules of a mutation that the API of the caller does not contain', async () => {
    const explanation = await workspace.explain(signedOut, create);
    expect(explanation.errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(explanation.decisions).toMatchObject([
      { model: 'Post', operation: 'CREATE', held: false, rows: null },
    ]);
  });

  it('fails for violated constraints like the mutation', async () => {
    const team = `mutation { createMembership(data: { boardId: "${id(98)}", userId: "${ada}" }) { id } }`;
    const { errors } = await workspace.explain(asUser(ada), team);
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
    const twice = `mutation {
      a: createPost(data: { id: "${id(21)}", title: "New", tags: [] }) { id }
    }`;
    expect((await workspace.explain(asUser(ada), twice)).errors).toMatchObject([
      { path: ['a'], extensions: { code: 'UNIQUE_VIOLATION' } },
    ]);
  });
});
