import { describe, expect, it } from 'vitest';

import { useApp } from '../../../test/app.ts';
import {
  ada,
  asUser,
  bob,
  cid,
  explainDocument,
  id,
  north,
  shown,
  signedOut,
  useWorkspace,
} from '../../../test/explain-kit.ts';
import { makeProject } from '../../../test/project-api.ts';

const app = useApp();
const workspace = useWorkspace(app);

describe('an explained query', () => {
  it('has the result that the caller gets, and the rules with the rows that each lets through', async () => {
    const explanation = await workspace.explain(
      asUser(ada),
      '{ posts(orderBy: [{ id: ASC }]) { nodes { title } } }',
    );
    expect(explanation.data).toEqual({ posts: { nodes: [{ title: 'Old' }, { title: 'Draft' }] } });
    expect(explanation.errors).toEqual([]);
    expect(shown(explanation)).toEqual([
      '+ READ Post 1 @allow(to: [READ], as: PUBLIC, where: { publishedAt: { lte: "$now" } })',
      '+ READ Post 2 @allow(to: [READ, CREATE, UPDATE, DELETE], where: { author: { id: { eq: "$user.id" } } })',
      '- READ Post 0 @allow(to: [READ, UPDATE, DELETE], claims: { role: { in: [MODERATOR, ADMIN] } })',
    ]);
  });

  it('names the lines of the rules', async () => {
    const { decisions } = await workspace.explain(signedOut, '{ posts { totalCount } }');
    const { sdl } = await currentSdl();
    for (const { rule, line } of decisions) {
      expect(sdl.split('\n')[line - 1]).toContain(rule.slice(0, 6));
    }
    expect(new Set(decisions.map(({ line }) => line)).size).toBe(3);
  });

  it('counts only the rows that the operation reaches', async () => {
    const one = await workspace.explain(
      asUser(cid),
      `{ post(where: { id: "${id(23)}" }) { title } }`,
    );
    expect(one.data).toEqual({ post: { title: 'Other draft' } });
    expect(one.decisions.map(({ rows }) => rows)).toEqual([0, 1, 0]);
    const hidden = await workspace.explain(
      asUser(ada),
      `{ post(where: { id: "${id(23)}" }) { title } }`,
    );
    expect(hidden.data).toEqual({ post: null });
    expect(hidden.decisions.map(({ rows }) => rows)).toEqual([0, 0, 0]);
  });

  it('depends on the claims of the caller', async () => {
    const moderator = await workspace.explain(
      asUser(bob, { role: 'MODERATOR' }),
      '{ posts { totalCount } }',
    );
    expect(moderator.data).toEqual({ posts: { totalCount: 4 } });
    expect(moderator.decisions.map(({ held, rows }) => [held, rows])).toEqual([
      [true, 1],
      [true, 0],
      [true, 4],
    ]);
  });

  it('explains rows of relations, rules of fields and `me`', async () => {
    const explanation = await workspace.explain(
      asUser(ada),
      '{ me { name email posts { nodes { author { name } } } } }',
    );
    const author = { name: 'Ada' };
    expect(explanation.data).toEqual({
      me: { name: 'Ada', email: 'ada@x.example', posts: { nodes: [{ author }, { author }] } },
    });
    expect(shown(explanation)).toEqual([
      '+ READ User 1 @allow(to: [READ], where: { teamId: { eq: "$user.teamId" } })',
      '+ READ User 1 @allow(to: [READ, UPDATE], as: GUEST, where: { id: { eq: "$user.id" } })',
      '- READ User 0 @allow(to: [READ, UPDATE, DELETE], claims: { role: { eq: ADMIN } })',
      '+ READ User.email 1 @allow(to: [READ], where: { teamId: { eq: "$user.teamId" } })',
      expect.stringContaining('+ READ Post 1 '),
      expect.stringContaining('+ READ Post 2 '),
      expect.stringContaining('- READ Post 0 '),
    ]);
  });

  it('does not count rows of a model that it only has conditions on', async () => {
    const { decisions } = await workspace.explain(
      asUser(ada),
      '{ teams(where: { users: { some: { name: { eq: "Ada" } } } }) { nodes { name } } }',
    );
    expect(decisions.map(({ model, rows }) => [model, rows])).toEqual([
      ['Team', 1],
      ['User', null],
      ['User', null],
      ['User', null],
    ]);
  });

  it('counts no rows if there are none', async () => {
    const { decisions } = await workspace.explain(
      asUser(ada),
      `{ post(where: { id: "${id(99)}" }) { author { name } } }`,
    );
    expect(decisions.map(({ model, rows }) => [model, rows])).toEqual([
      ...Array.from({ length: 3 }, () => ['Post', 0]),
      ...Array.from({ length: 3 }, () => ['User', 0]),
    ]);
  });

  it('has rules without counts if an unused argument is not valid', async () => {
    const { data, decisions } = await workspace.explain(
      asUser(ada),
      '{ posts(first: 101) { totalCount } }',
    );
    expect(data).toEqual({ posts: { totalCount: 2 } });
    expect(decisions.map(({ rows }) => rows)).toEqual([null, null, null]);
  });

  it('takes variables', async () => {
    const { data } = await workspace.explain(
      asUser(ada),
      'query ($title: String!) { posts(where: { title: { eq: $title } }) { nodes { title } } }',
      { variables: { title: 'Draft' } },
    );
    expect(data).toEqual({ posts: { nodes: [{ title: 'Draft' }] } });
  });

  it('also names the rules if the API of the caller does not contain the model', async () => {
    const explanation = await workspace.explain(signedOut, '{ users { nodes { name } } }');
    expect(explanation.data).toBeNull();
    expect(explanation.errors).toMatchObject([
      { locations: [{ line: 1, column: 3 }], extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
    ]);
    expect(explanation.errors[0]?.message).toContain('Cannot query field "users"');
    expect(explanation.decisions.map(({ held, rows }) => [held, rows])).toEqual([
      [false, 0],
      [false, 0],
      [false, 0],
    ]);
  });

  it('has no rules for a model without rules', async () => {
    const explanation = await workspace.explain(asUser(ada), '{ jobs { totalCount } }');
    expect(explanation.errors).toHaveLength(1);
    expect(explanation.decisions).toEqual([]);
  });

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ posts(first: 101) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['query ($a: Int!) { posts(first: $a) { totalCount } }', 'BAD_USER_INPUT'],
    ['query a { __typename } query b { __typename }', 'BAD_REQUEST'],
    ['subscription { posts { totalCount } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('has the errors of the API: %s', async (query, code) => {
    const { data, errors } = await workspace.explain(asUser(ada), query);
    expect(data).toBeNull();
    expect(errors.map(({ extensions }) => extensions)).toEqual([expect.objectContaining({ code })]);
  });

  it('runs without a schema and without rows', async () => {
    const empty = await makeProject(app, null);
    const token = await app.accessTokenFor(empty.tenant.users.OWNER);
    const input = { projectRef: empty.ref, as: signedOut, query: '{ __typename }' };
    const { body } = await app.graphql(explainDocument, { input }, token);
    const explanation = { data: { __typename: 'Query' }, errors: [], decisions: [] };
    expect(body.data?.['result']).toEqual({ __typename: 'ExplainAccessSuccess', explanation });
  });
});

async function currentSdl(): Promise<{ readonly sdl: string }> {
  return app.db.schemaVersion.findFirstOrThrow({ where: { projectId: workspace.project().id } });
}

describe('the right to explain', () => {
  it('belongs to developers and above', async () => {
    const codes = await Promise.all(
      (['VIEWER', 'DEVELOPER', 'ADMIN', 'OWNER'] as const).map(async (role) => {
        const { status } = await workspace.ask(signedOut, '{ __typename }', {}, role);
        return status;
      }),
    );
    expect(codes).toEqual([403, 200, 200, 200]);
  });

  it('is refused to keys', async () => {
    const input = { projectRef: workspace.project().ref, as: signedOut, query: '{ __typename }' };
    expect((await app.graphql(explainDocument, { input }, workspace.project().key)).status).toBe(
      403,
    );
  });

  it.each([
    [{ audience: 'PUBLIC', userId: ada }, {}, 'as.userId'],
    [{ audience: 'USER', claims: [1] }, {}, 'as.claims'],
    [{ audience: 'USER', claims: { a: 'x'.repeat(100_001) } }, {}, 'as.claims'],
    [signedOut, { variables: 'x' }, 'variables'],
    [signedOut, { query: ' '.repeat(50_001) }, 'query'],
  ])('needs valid input: %o', async (as, more, path) => {
    const { body } = await workspace.ask(as, '{ __typename }', more);
    expect(body.data?.['result']).toMatchObject({
      __typename: 'ValidationError',
      issues: [{ path: path.split('.') }],
    });
  });

  it('is used in the audit log, without values', async () => {
    const query = '{ posts(where: { title: { eq: "Draft" } }) { nodes { title } } }';
    await workspace.explain(asUser(ada, { role: 'ADMIN', orgs: [north] }), query);
    const entry = await app.db.auditEntry.findFirstOrThrow({
      where: { action: 'project.explainAccess', projectId: workspace.project().id },
      orderBy: { id: 'desc' },
    });
    expect(entry.details).toEqual({
      as: { audience: 'USER', userId: ada, claims: ['role', 'orgs'] },
    });
    expect(JSON.stringify(entry)).not.toMatch(/Draft|ADMIN|posts/);
  });
});
