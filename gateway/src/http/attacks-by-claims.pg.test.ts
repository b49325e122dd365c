import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { useAttackedProject } from '../../test/attacked-project.ts';
import { useLocalIssuer } from '../../test/local-issuer.ts';

// Attempts of callers with access rules to be treated as callers to whom rules give more.

const app = useApp({ env: { EGRESS_ALLOW_PRIVATE: 'true', TRUSTED_PROXY_HOPS: '1' } });
const issuer = useLocalIssuer();
const attacked = useAttackedProject(app, issuer);

/** The addresses and the notes are those that the tests below expect. */
beforeAll(async () => {
  const { project, noteOf } = attacked();
  await project.data(`mutation {
    deleteComments(where: { note: { owner: { handle: { eq: "ada" } } } }, atMost: 10) { count }
    deleteNotes(where: { owner: { handle: { eq: "ada" } } }, atMost: 10) { count }
  }`);
  await project.data('mutation ($note: NoteCreateInput!) { createNote(data: $note) { id } }', {
    note: noteOf('ada', 'secret plans', 'attack at dusk', 3, ['bug']),
  });
});

const textsOf = async (token: string | null): Promise<unknown> => {
  const query = '{ notes(orderBy: { text: ASC }) { nodes { text } totalCount } }';
  // The query selects these fields.
  const data = (await attacked().dataOf(query, token)) as {
    notes: { nodes: { text: string }[]; totalCount: number };
  };
  const texts = data.notes.nodes.map(({ text }) => text);
  expect(data.notes.totalCount).toBe(texts.length);
  return texts;
};

describe('callers of one document', () => {
  it('get their own rows, also if its plan is cached for others', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await textsOf(attacked().tokens.moderator)).toEqual(['attack at dusk', 'buy milk']);
      expect(await textsOf(attacked().tokens.bob)).toEqual(['buy milk']);
      expect(await textsOf(attacked().tokens.ada)).toEqual(['attack at dusk']);
      expect(await textsOf(attacked().tokens.reader)).toEqual(['buy milk']);
      expect(await textsOf(attacked().tokens.stranger)).toEqual([]);
      const server = await attacked().project.data('{ notes { totalCount } }');
      expect(server).toEqual({ notes: { totalCount: 2 } });
    }
  });

  it('get their own rows if they ask at the same time', async () => {
    const asked = Array.from({ length: 40 }, (_, index) =>
      textsOf(
        [
          attacked().tokens.ada,
          attacked().tokens.bob,
          attacked().tokens.moderator,
          attacked().tokens.stranger,
        ][index % 4] ?? '',
      ),
    );
    const expected = [
      ['attack at dusk'],
      ['buy milk'],
      ['attack at dusk', 'buy milk'],
      [],
    ] as const;
    expect(await Promise.all(asked)).toEqual(
      Array.from({ length: 40 }, (_, index) => expected[index % 4]),
    );
  });

  it('have no type whose rows only others can read', async () => {
    for (const token of [null, attacked().tokens.bob, null]) {
      const response = await attacked().ask('{ notes { totalCount } }', token);
      const { errors } = (await response.json()) as { errors?: { message: string }[] };
      expect(errors?.[0]?.message).toBe(
        token === null ? 'Cannot query field "notes" on type "Query".' : undefined,
      );
    }
  });
});

describe('a rule that gives more rows of one type', () => {
  const query = `{ notes(orderBy: { text: ASC }) { nodes {
    text folder { name } owner { handle email } comments { nodes { text } totalCount } labels { nodes { name } }
  } } }`;

  it('does not give more rows of related types, nor more fields', async () => {
    expect(await attacked().dataOf(query, attacked().tokens.moderator)).toEqual({
      notes: {
        nodes: [
          {
            text: 'attack at dusk',
            folder: null,
            owner: { handle: 'ada', email: null },
            comments: { nodes: [], totalCount: 0 },
            labels: { nodes: [{ name: 'bug' }] },
          },
          {
            text: 'buy milk',
            folder: { name: 'open' },
            owner: { handle: 'bob', email: 'bob@example.org' },
            comments: { nodes: [{ text: 'about buy milk' }], totalCount: 1 },
            labels: { nodes: [{ name: 'bug' }] },
          },
        ],
      },
    });
  });

  it('does not give more rows of related types in filters, sort orders and aggregates', async () => {
    expect(
      await attacked().dataOf(
        `{
          byComment: notes(where: { comments: { some: { text: { contains: "dusk" } } } }) { totalCount }
          byFolder: notes(where: { folder: { name: { startsWith: "secret" } } }) { totalCount }
          byEmail: notes(where: { owner: { email: { startsWith: "ada" } } }) { totalCount }
          sorted: notes(orderBy: { folder: { name: ASC_NULLS_FIRST } }) { nodes { text } }
          comments { totalCount }
        }`,
        attacked().tokens.moderator,
      ),
    ).toEqual({
      byComment: { totalCount: 0 },
      byFolder: { totalCount: 0 },
      byEmail: { totalCount: 0 },
      sorted: { nodes: [{ text: 'attack at dusk' }, { text: 'buy milk' }] },
      comments: { totalCount: 1 },
    });
  });
});

describe('claims', () => {
  const counts = `{
    unlesses { totalCount } belows { totalCount } everies { totalCount } nones { totalCount }
  }`;
  const countsWith = async (app: unknown): Promise<readonly number[]> => {
    const token = await issuer.token({ claims: { sub: 'bob', app } });
    const data = (await attacked().dataOf(counts, token)) as Record<string, { totalCount: number }>;
    return Object.values(data).map(({ totalCount }) => totalCount);
  };
  const other = '0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e';

  it('let rules hold if they have values', async () => {
    expect(await countsWith({ folders: [other], level: 1 })).toEqual([1, 1, 1, 1]);
    expect(await countsWith({ folders: [], level: -5 })).toEqual([1, 1, 1, 1]);
    expect(await countsWith({ folders: [attacked().hiddenFolder], level: -6 })).toEqual([
      0, 0, 1, 1,
    ]);
  });

  it.each([
    ['that are missing', {}],
    ['that are null', { folders: null, level: null }],
    ['that are text', { folders: other, level: '1' }],
    ['that are numbers of another kind', { folders: [1], level: 1.5 }],
    ['that are too large', { folders: [[other]], level: 2 ** 40 }],
    ['that are objects', { folders: { 0: other, length: 1 }, level: { $numberInt: '1' } }],
    ['that are lists', { folders: [other, null], level: [1] }],
    ['that are true', { folders: true, level: true }],
    ['that are texts of SQL', { folders: ["' OR TRUE --"], level: '1 OR TRUE' }],
    ['in an object that is none', 'folders'],
  ])('%s let no rule hold, also under not, none and every', async (_, app) => {
    expect(await countsWith(app)).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['another name', { ROLE: 'MODERATOR', roles: ['MODERATOR'] }],
    ['a list', { role: ['MODERATOR'] }],
    ['another case', { role: 'moderator' }],
    ['an unknown value', { role: 'MODERATOR ' }],
    ['an object', { role: { value: 'MODERATOR' } }],
  ])('make no moderator of %s', async (_, app) => {
    expect(await textsOf(await issuer.token({ claims: { sub: 'bob', app } }))).toEqual([
      'buy milk',
    ]);
  });

  it('that only look like a role are ignored', async () => {
    const claims = {
      sub: 'bob',
      role: 'MODERATOR',
      audience: 'SERVER',
      scope: 'data.read data.write',
      user_id: 'ada',
      'x-hasura-role': 'admin',
      app_metadata: { role: 'MODERATOR' },
      $user: 'ada',
    };
    expect(await textsOf(await issuer.token({ claims }))).toEqual(['buy milk']);
  });
});

describe('a private field', () => {
  const messageOf = async (query: string, token: string): Promise<string> => {
    const response = await attacked().ask(query, token);
    const { errors } = (await response.json()) as { errors?: { message: string }[] };
    return errors?.[0]?.message ?? '';
  };

  it.each([
    ['selected', (field: string) => `{ users { nodes { ${field} } } }`],
    ['compared', (field: string) => `{ users(where: { ${field}: { eq: "x" } }) { totalCount } }`],
    ['sorted by', (field: string) => `{ users(orderBy: { ${field}: ASC }) { totalCount } }`],
    ['aggregated', (field: string) => `{ users { aggregate { max { ${field} } } } }`],
    [
      'compared in a relation',
      (field: string) =>
        `{ folders(where: { notes: { some: { owner: { ${field}: { eq: "x" } } } } }) { totalCount } }`,
    ],
  ])('cannot be %s, like a field that does not exist', async (_, query) => {
    const message = await messageOf(query('password'), attacked().tokens.ada);
    expect(message).toMatch(/"password"/);
    const absent = await messageOf(query('passw0rd'), attacked().tokens.ada);
    expect(message.replaceAll('password', 'passw0rd')).toBe(absent);
  });
});
