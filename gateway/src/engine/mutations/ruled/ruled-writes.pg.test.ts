import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../../test/database.ts';
import {
  ann,
  bob,
  cyd,
  id,
  signedIn,
  signedOut,
  useBoards,
} from '../../../../test/engine/boards.ts';

const { run, sql } = useBoards(useTestDatabase());

const forbidden = (root: string, ...place: readonly (string | number)[]) =>
  expect.objectContaining({
    code: 'FORBIDDEN',
    path: [root],
    ...(place.length === 0
      ? {}
      : { issues: [expect.objectContaining({ path: [root, ...place] })] }),
  }) as unknown;
const notFound = (root: string) =>
  expect.objectContaining({ code: 'NOT_FOUND', path: [root] }) as unknown;
const refused = (code: string, root: string) =>
  expect.objectContaining({ code, path: [root] }) as unknown;

describe('a caller with rules creates', () => {
  it('a row that its rules permit, with the first rows that depend on it', async () => {
    const members = `members: { create: [{ userId: "${ann}" }, { userId: "${bob}" }] }`;
    const answer = `ownerId members(orderBy: { user: { name: ASC } }) { nodes { userId } }`;
    expect(
      await run(signedIn(ann), `createBoard(data: { name: "New", ${members} }) { ${answer} }`),
    ).toEqual({
      createBoard: { ownerId: ann, members: { nodes: [{ userId: ann }, { userId: bob }] } },
    });
  });

  it('a row with JSON of its own row, with all digits of numbers', async () => {
    const settings = '{"n": 12345678901234567890, "list": [1]}';
    await sql(`UPDATE "user" SET settings = '${settings}' WHERE id = '${ann}'`);
    await run(signedIn(ann), `createCard(data: { name: "x" }) { id }`);
    expect(await sql(`SELECT settings::text FROM card`)).toEqual([
      { settings: '{"n": 12345678901234567890, "list": [1]}' },
    ]);
  });

  it('no row that its rules do not permit, and nothing else of the request', async () => {
    const create = `createPost(data: { title: "x", authorId: "${bob}" }) { id }`;
    const before = `tag: createTag(data: { name: "before" }) { id }`;
    expect(await run(signedIn(ann), `${before} ${create}`)).toEqual(forbidden('createPost'));
    expect(await sql(`SELECT name FROM tag WHERE name = 'before'`)).toEqual([]);
  });

  it('no batch with one row that its rules do not permit, whose place is in the error', async () => {
    const rows = `[{ title: "x", authorId: "${ann}" }, { title: "y", authorId: "${bob}" }]`;
    expect(await run(signedIn(ann), `createPosts(data: ${rows}) { count }`)).toEqual(
      forbidden('createPosts', 'data', 1),
    );
  });

  it('rows because of a value of its own row', async () => {
    const create = `createPost(data: { title: "x", authorId: "${bob}" }) { id title }`;
    expect(await run(signedIn(bob), create.replace(bob, ann))).toEqual(forbidden('createPost'));
    // Cyd's level is high enough. The new row is not visible to Cyd.
    expect(await run(signedIn(cyd), create)).toEqual({ createPost: null });
    expect(await sql(`SELECT author_id FROM post WHERE title = 'x'`)).toEqual([{ author_id: bob }]);
  });

  it('a row of a type that it cannot read, and gets the id alone', async () => {
    expect(await run(signedOut, `createContact(data: { text: "hi" }) { id }`)).toEqual({
      createContact: { id: expect.any(String) as unknown },
    });
    await expect(run(signedOut, `createContact(data: { text: "hi" }) { text }`)).rejects.toThrow(
      'Cannot query field "text"',
    );
  });

  it('several rows, of which the answer contains only those that it can read', async () => {
    const rows = `[{ title: "a", done: true }, { title: "b" }, { title: "c", done: true }]`;
    expect(
      await run(signedIn(ann), `createDrafts(data: ${rows}) { count nodes { title } }`),
    ).toEqual({
      createDrafts: { count: 3, nodes: [{ title: 'a' }, null, { title: 'c' }] },
    });
  });

  it('a row with a field that has rules of its own, only if these permit it', async () => {
    const create = (note: string) =>
      `createPost(data: { title: "x", authorId: "${bob}"${note} }) { id }`;
    expect(await run(signedIn(cyd), create(', note: "n"'))).toEqual(forbidden('createPost'));
    expect(await run(signedIn(cyd), create(', note: null'))).toEqual(forbidden('createPost'));
    expect(await run(signedIn(cyd), create(''))).toEqual({ createPost: null });
    const own = create(', note: "n"').replace('{ id }', '{ note }');
    expect(await run(signedIn(bob), own)).toEqual({ createPost: { note: 'n' } });
  });

  it('at most 100 rows at once while it is signed out', async () => {
    const rows = (count: number) =>
      Array.from({ length: count }, (_, index) => `{ text: "${index}" }`).join();
    const create = (count: number) => `createContacts(data: [${rows(count)}]) { count }`;
    expect(await run(signedOut, create(101))).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(await run(signedOut, create(100))).toEqual({ createContacts: { count: 100 } });
  });
});

describe('a caller with rules updates', () => {
  const retitle = (post: number) =>
    `updatePost(where: { id: "${id(post)}" }, data: { title: "new" }) { title }`;

  it('its own row', async () => {
    expect(await run(signedIn(ann), retitle(21))).toEqual({ updatePost: { title: 'new' } });
  });

  it.each([
    ['another row that it can read', 20],
    ['a row that it cannot read', 21],
    ['a row that does not exist', 99],
  ])('not %s, with the same error', async (_what, post) => {
    expect(await run(signedIn(bob), retitle(post))).toEqual({
      code: 'NOT_FOUND',
      path: ['updatePost'],
    });
  });

  it('no row that a @require excludes, and can set what excludes it', async () => {
    expect(await run(signedIn(ann), retitle(23))).toEqual(notFound('updatePost'));
    const lock = `updatePost(where: { id: "${id(21)}" }, data: { locked: true }) { locked }`;
    expect(await run(signedIn(ann), lock)).toEqual({ updatePost: { locked: true } });
    expect(await run(signedIn(ann), lock)).toEqual(notFound('updatePost'));
  });

  it('only to values that the same rule permits', async () => {
    const give = `updatePost(where: { id: "${id(21)}" }, data: { authorId: "${bob}" }) { id }`;
    expect(await run(signedIn(ann), give)).toEqual(forbidden('updatePost'));
    // The rule for moderators does not depend on the author.
    const asModerator = signedIn(ann, { role: 'MODERATOR' });
    expect(await run(asModerator, give)).toEqual({ updatePost: { id: id(21) } });
  });

  it.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['a', 'c', false],
    ['b', 'a', false],
    ['c', 'a', true],
    ['c', 'z', false],
    ['x', 'a', null],
  ])(
    'from %s to %s only if one rule permits both and all requirements hold',
    async (from, to, can) => {
      await sql(`INSERT INTO task (id, state) VALUES ('${id(50)}', '${from}')`);
      const update = `updateTask(where: { id: "${id(50)}" }, data: { state: "${to}" }) { state }`;
      const refusal = can === null ? notFound('updateTask') : forbidden('updateTask');
      expect(await run(signedIn(ann), update)).toEqual(
        can === true ? { updateTask: { state: to } } : refusal,
      );
    },
  );

  it('a field with rules of its own only where these permit the old and the new row', async () => {
    const note = `updatePost(where: { id: "${id(21)}" }, data: { note: "n" }) { note }`;
    const moderator = signedIn(bob, { role: 'MODERATOR' });
    expect(await run(moderator, note)).toEqual(forbidden('updatePost'));
    expect(await run(moderator, retitle(21))).toEqual({ updatePost: { title: 'new' } });
    expect(await run(signedIn(ann), note)).toEqual({ updatePost: { note: 'n' } });
    const both = `updatePost(where: { id: "${id(21)}" }, data: { note: "m", authorId: "${bob}" }) { id }`;
    expect(await run(signedIn(ann, { role: 'MODERATOR' }), both)).toEqual(forbidden('updatePost'));
  });

  it('of all matching rows those that it may, and counts only these', async () => {
    const all = `updatePosts(where: {}, data: { title: "all" }, atMost: 9) { count nodes { id } }`;
    expect(await run(signedIn(ann), all)).toEqual({
      updatePosts: { count: 2, nodes: [{ id: id(20) }, { id: id(21) }] },
    });
    expect(await sql(`SELECT count(*)::int FROM post WHERE title = 'all'`)).toEqual([{ count: 2 }]);
  });

  it('nothing if one of the matching rows would get values that rules do not permit', async () => {
    const all = `updatePosts(where: {}, data: { authorId: "${bob}" }, atMost: 9) { count }`;
    expect(await run(signedIn(ann), all)).toEqual(forbidden('updatePosts'));
  });

  it('and gets null if the new row is hidden', async () => {
    const text = `createDraft(data: { title: "d", done: true }) { id }`;
    const created = (await run(signedIn(ann), text)) as { readonly createDraft: { id: string } };
    const where = `where: { id: "${created.createDraft.id}" }`;
    expect(await run(signedIn(ann), `updateDraft(${where}, data: { done: false }) { id }`)).toEqual(
      {
        updateDraft: null,
      },
    );
    expect(await run(signedIn(ann), `updateDraft(${where}, data: { done: true }) { id }`)).toEqual(
      notFound('updateDraft'),
    );
  });
});

describe('a caller with rules deletes', () => {
  it('only rows that it may, and counts only these', async () => {
    const one = (post: number) => `deletePost(where: { id: "${id(post)}" }) { title }`;
    expect(await run(signedIn(bob), one(20))).toEqual(notFound('deletePost'));
    expect(await run(signedIn(bob), one(21))).toEqual(notFound('deletePost'));
    expect(await run(signedIn(bob), one(22))).toEqual({ deletePost: { title: 'r' } });
    const all = `deletePosts(where: {}, atMost: 9) { count nodes { id } }`;
    expect(await run(signedIn(ann), all)).toEqual({
      deletePosts: { count: 3, nodes: [{ id: id(20) }, { id: id(21) }, { id: id(23) }] },
    });
  });
});

describe('a caller with rules upserts', () => {
  const upsert = (number: number, author = ann) =>
    `upsertPost(where: { id: "${id(number)}" }, create: { id: "${id(number)}", title: "c", authorId: "${author}" }, update: { title: "u" }) { title }`;

  it.each([
    ['a row that it can update', 21, { upsertPost: { title: 'u' } }],
    ['a row that does not exist', 90, { upsertPost: { title: 'c' } }],
    ['a row that it can read, but not update', 23, refused('UNIQUE_VIOLATION', 'upsertPost')],
    ['a row that is hidden', 22, refused('UNIQUE_VIOLATION', 'upsertPost')],
  ])('%s', async (_what, number, expected) => {
    expect(await run(signedIn(ann), upsert(number))).toEqual(expected);
  });

  it('no row that it could not create', async () => {
    expect(await run(signedIn(ann), upsert(90, bob))).toEqual(forbidden('upsertPost'));
  });
});

describe('a caller with rules refers to', () => {
  it('a row that does not exist with the same error as to a hidden one', async () => {
    const create = (board: number) =>
      `createPost(data: { title: "x", authorId: "${ann}", boardId: "${id(board)}" }) { id }`;
    const answers = new Set<string>();
    for (const board of [11, 99]) {
      answers.add(
        JSON.stringify(await run(signedIn(ann), create(board))).replaceAll(id(board), '?'),
      );
      const connect = create(board).replace(/boardId: ("[^"]+")/, 'board: { connect: { id: $1 } }');
      expect(await run(signedIn(ann), connect)).toEqual(notFound('createPost'));
    }
    expect([...answers]).toEqual([expect.stringContaining('NOT_FOUND')]);
    expect(await run(signedIn(ann), create(10))).toMatchObject({ createPost: {} });
  });

  it('rows only after LINK was checked, before CREATE and constraints', async () => {
    const hidden = `createPost(data: { title: "x", authorId: "${bob}", boardId: "${id(11)}" }) { id }`;
    expect(await run(signedIn(ann), hidden)).toEqual(notFound('createPost'));
    const taken = `createPost(data: { id: "${id(22)}", title: "x", authorId: "${bob}" }) { id }`;
    expect(await run(signedIn(ann), taken)).toEqual(forbidden('createPost'));
    expect(await run(signedIn(ann), taken.replace(bob, ann))).toEqual(
      refused('UNIQUE_VIOLATION', 'createPost'),
    );
  });

  it('a tag in a many-to-many relation if it may update the post and link the tag', async () => {
    const tag = (post: number, number: number) =>
      `updatePost(where: { id: "${id(post)}" }, data: { tags: { connect: [{ id: "${id(number)}" }] } }) { tags { nodes { name } } }`;
    expect(await run(signedIn(ann), tag(21, 30))).toEqual({
      updatePost: { tags: { nodes: [{ name: 'open' }] } },
    });
    expect(await run(signedIn(ann), tag(21, 31))).toEqual(notFound('updatePost'));
  });
});
