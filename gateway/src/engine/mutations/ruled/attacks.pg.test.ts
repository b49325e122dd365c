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

const { project, run, serve, sql } = useBoards(useTestDatabase());

const refused = (code: string, root: string) =>
  expect.objectContaining({ code, path: [root] }) as unknown;
const moderator = signedIn(bob, { role: 'MODERATOR' });

/** The contents of all tables, to prove that an attack changes nothing. */
async function contents(): Promise<readonly unknown[]> {
  const tables = await sql(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = current_schema ORDER BY 1`,
  );
  const rows = [];
  for (const { name } of tables) {
    rows.push(name, await sql(`SELECT t::text FROM ${String(name)} AS t ORDER BY 1`));
  }
  return rows;
}

describe('an attack that the API of the caller has no field for', () => {
  it.each([
    ['overriding a preset', `createBoard(data: { name: "x", ownerId: "${bob}" }) { id }`],
    [
      'overriding a preset by its relation',
      `createBoard(data: { name: "x", owner: { connect: { id: "${bob}" } } }) { id }`,
    ],
    [
      'creating a row through the relation of a preset',
      `createBoard(data: { name: "x", owner: { create: { name: "y" } } }) { id }`,
    ],
    [
      'changing a preset',
      `updateBoard(where: { id: "${id(10)}" }, data: { ownerId: "${bob}" }) { id }`,
    ],
    [
      'changing a preset from the other side',
      `updateUser(where: { id: "${ann}" }, data: { boards: { connect: [{ id: "${id(11)}" }] } }) { id }`,
    ],
    [
      'editing a field of its own row that a rule reads',
      `updateUser(where: { id: "${ann}" }, data: { level: 9 }) { id }`,
    ],
    [
      'writing a private field',
      `updatePost(where: { id: "${id(21)}" }, data: { secret: "x" }) { id }`,
    ],
    [
      'reading a private field of the row that it wrote',
      `updatePost(where: { id: "${id(21)}" }, data: { title: "x" }) { secret }`,
    ],
    ['creating users', `createUser(data: { name: "x" }) { id }`],
    [
      'creating users in a nested input',
      `createPost(data: { title: "x", author: { create: { name: "y" } } }) { id }`,
    ],
    ['deleting users', `deleteUser(where: { id: "${bob}" }) { id }`],
    [
      'updating memberships, which have no rules for it',
      `updateMembership(where: { id: "${id(15)}" }, data: { userId: "${ann}" }) { id }`,
    ],
    [
      'reading rows of a type without rules for it',
      `createContact(data: { text: "x" }) { id text }`,
    ],
  ])('%s', async (_what, field) => {
    const before = await contents();
    await expect(run(signedIn(ann), field)).rejects.toThrow(
      /Cannot query field|is not defined by type/,
    );
    expect(await contents()).toEqual(before);
  });
});

describe('an attack that the rules refuse', () => {
  it.each([
    [
      'a membership that authorizes itself',
      `createMembership(data: { boardId: "${id(11)}", userId: "${ann}" }) { id }`,
      'NOT_FOUND',
    ],
    [
      'a batch of which one row authorizes another',
      `createMemberships(data: [{ boardId: "${id(11)}", userId: "${ann}" }, { boardId: "${id(11)}", userId: "${bob}" }]) { count }`,
      'NOT_FOUND',
    ],
    [
      'a post in the name of another user',
      `createPost(data: { title: "x", author: { connect: { id: "${bob}" } } }) { id }`,
      'FORBIDDEN',
    ],
    [
      'a post on a board that is hidden',
      `createPost(data: { title: "x", authorId: "${ann}", boardId: "${id(11)}" }) { id }`,
      'NOT_FOUND',
    ],
    [
      'a post that moves to a hidden board',
      `updatePost(where: { id: "${id(21)}" }, data: { board: { connect: { id: "${id(11)}" } } }) { id }`,
      'NOT_FOUND',
    ],
    [
      "another user's post that is attached from the other side",
      `updateBoard(where: { id: "${id(10)}" }, data: { posts: { connect: [{ id: "${id(22)}" }] } }) { id }`,
      'NOT_FOUND',
    ],
    [
      'a post with a tag that may not be linked',
      `createPost(data: { title: "x", authorId: "${ann}", tags: { connect: [{ id: "${id(31)}" }] } }) { id }`,
      'NOT_FOUND',
    ],
    [
      'a post that becomes hidden to the rule that permitted the change',
      `updatePost(where: { id: "${id(21)}" }, data: { authorId: "${bob}" }) { id }`,
      'FORBIDDEN',
    ],
  ])('%s', async (_what, field, code) => {
    const before = await contents();
    const root = /^\w+/.exec(field)?.[0] ?? '';
    expect(await run(signedIn(ann), field)).toEqual(refused(code, root));
    expect(await contents()).toEqual(before);
  });

  it('a membership with an invitation that the same request would create', async () => {
    const before = await contents();
    const membership = `createMembership(data: { boardId: "${id(10)}", userId: "${bob}" }) { id }`;
    const invitation = `createInvitation(data: { boardId: "${id(10)}", userId: "${bob}" }) { id }`;
    expect(await run(signedIn(bob), `${invitation} ${membership}`)).toEqual(
      refused('FORBIDDEN', 'createInvitation'),
    );
    expect(await contents()).toEqual(before);
  });

  it('a membership of a board that the caller cannot read, also with an invitation', async () => {
    // To let invited users in, the board needs rules for LINK.
    const join = `createMembership(data: { boardId: "${id(10)}", userId: "${cyd}" }) { id }`;
    expect(await run(signedIn(cyd), join)).toEqual(refused('NOT_FOUND', 'createMembership'));
  });

  it('a tag that attaches a post of another user', async () => {
    const before = await contents();
    const create = (post: number) =>
      `createTag(data: { name: "x", posts: { connect: [{ id: "${id(post)}" }] } }) { id }`;
    // Only rules for UPDATE or LINK of the tag permit a pair, and neither exists for a new tag that is not open.
    expect(await run(signedIn(ann), create(22))).toEqual(refused('NOT_FOUND', 'createTag'));
    expect(await run(signedIn(ann), create(20).replace('name', 'open: false, name'))).toEqual(
      refused('NOT_FOUND', 'createTag'),
    );
    expect(await contents()).toEqual(before);
    expect(await run(signedIn(ann), create(20))).toMatchObject({ createTag: {} });
  });
});

describe('links that a caller cannot see or change stay', () => {
  it('in `set: []` of a many-to-many relation', async () => {
    await serve(
      `updatePost(where: { id: "${id(21)}" }, data: { tags: { connect: [{ id: "${id(30)}" }, { id: "${id(31)}" }] } }) { id }`,
    );
    const clear = `updatePost(where: { id: "${id(21)}" }, data: { tags: { set: [] } }) { tags { nodes { name } } }`;
    expect(await run(signedIn(ann), clear)).toEqual({
      updatePost: { tags: { nodes: [{ name: 'closed' }] } },
    });
  });

  it('in `disconnect` of a many-to-many relation', async () => {
    await serve(
      `updatePost(where: { id: "${id(21)}" }, data: { tags: { connect: [{ id: "${id(31)}" }] } }) { id }`,
    );
    const remove = `updatePost(where: { id: "${id(21)}" }, data: { tags: { disconnect: [{ id: "${id(31)}" }] } }) { tags { nodes { name } } }`;
    expect(await run(signedIn(ann), remove)).toEqual({
      updatePost: { tags: { nodes: [{ name: 'closed' }] } },
    });
  });

  it('in `disconnect` by a value that is hidden', async () => {
    const tags = (input: string) =>
      `updatePost(where: { id: "${id(21)}" }, data: { tags: ${input} }) { tags { nodes { code } } }`;
    await serve(tags(`{ connect: [{ id: "${id(30)}" }] }`));
    const connected = { updatePost: { tags: { nodes: [{ code: null }] } } };
    expect(await run(signedIn(ann), tags('{ disconnect: [{ code: "o" }] }'))).toEqual(connected);
    expect(await run(signedIn(ann), tags(`{ disconnect: [{ id: "${id(30)}" }] }`))).toEqual({
      updatePost: { tags: { nodes: [] } },
    });
  });

  it('in `set: []` of a list whose rows belong to other users', async () => {
    await sql(
      `UPDATE post SET board_id = '${id(10)}' WHERE id IN ('${id(20)}', '${id(22)}', '${id(23)}')`,
    );
    const clear = `updateBoard(where: { id: "${id(10)}" }, data: { posts: { set: [] } }) { id }`;
    expect(await run(signedIn(ann), clear)).toEqual({ updateBoard: { id: id(10) } });
    // Post 22 is hidden from Ann, and 23 is locked.
    expect(await sql(`SELECT id FROM post WHERE board_id IS NOT NULL ORDER BY id`)).toEqual([
      { id: id(22) },
      { id: id(23) },
    ]);
  });
});

describe('a one-to-one relation', () => {
  const hold = (badge: number) =>
    `updateUser(where: { id: "${ann}" }, data: { badge: { connect: { id: "${id(badge)}" } } }) { badge { color } }`;

  it('connects a row that the caller can update', async () => {
    expect(await run(signedIn(ann), hold(43))).toEqual({ updateUser: { badge: { color: 'red' } } });
    // This badge has a holder, and its rules do not mention it.
    expect(await run(signedIn(ann), hold(40))).toEqual({ updateUser: { badge: { color: 'red' } } });
    expect(await sql(`SELECT id FROM badge WHERE holder_id = '${ann}'`)).toEqual([{ id: id(40) }]);
  });

  it.each([
    ['cannot be updated', 41],
    ['is hidden', 42],
    ['does not exist', 99],
  ])('does not connect a row that %s', async (_what, badge) => {
    expect(await run(signedIn(ann), hold(badge))).toEqual(refused('NOT_FOUND', 'updateUser'));
  });

  it('does not displace a row that the caller cannot update', async () => {
    const own = `updateUser(where: { id: "${cyd}" }, data: { badge: { connect: { id: "${id(43)}" } } }) { id }`;
    expect(await run(signedIn(cyd), own)).toEqual(refused('UNIQUE_VIOLATION', 'updateUser'));
    const create = `createBadge(data: { color: "red", holderId: "${cyd}" }) { id }`;
    expect(await run(signedIn(ann), create)).toEqual(refused('UNIQUE_VIOLATION', 'createBadge'));
    expect(await sql(`SELECT id FROM badge WHERE holder_id = '${cyd}'`)).toEqual([{ id: id(41) }]);
  });
});

describe('what a caller learns about rows that it cannot see', () => {
  it('is nothing from counts of bulk changes and their errors', async () => {
    const where = `where: { author: { id: { eq: "${ann}" } } }, atMost: 1`;
    const update = `updatePosts(${where}, data: { title: "x" }) { count }`;
    // Ann has three posts, of which the moderator can update two, and Cyd can read one and update none.
    expect(await run(moderator, update)).toMatchObject({ code: 'TOO_MANY_ROWS' });
    expect(await run(signedIn(cyd), update)).toEqual({ updatePosts: { count: 0 } });
    expect(await run(signedIn(cyd), `deletePosts(${where}) { count }`)).toEqual({
      deletePosts: { count: 0 },
    });
  });

  it('is nothing from a filter on a hidden field in a bulk change', async () => {
    await sql(`UPDATE post SET note = 'n'`);
    const filter = `where: { note: { eq: "n" } }, atMost: 9`;
    // The moderator may update the posts of others, but sees the notes of its own only.
    expect(
      await run(moderator, `updatePosts(${filter}, data: { title: "x" }) { nodes { id } }`),
    ).toEqual({
      updatePosts: { nodes: [{ id: id(22) }] },
    });
    expect(await run(moderator, `deletePosts(${filter}) { nodes { id } }`)).toEqual({
      deletePosts: { nodes: [{ id: id(22) }] },
    });
  });

  it('is nothing from a hidden value of the key in `connect`', async () => {
    const create = (email: string) =>
      `createPost(data: { title: "x", author: { connect: { email: "${email}" } } }) { id }`;
    // Cyd can create posts of all users, but sees only its own address.
    const answers = new Set<string>();
    for (const email of ['bob@example.com', 'none@example.com']) {
      answers.add(JSON.stringify(await run(signedIn(cyd), create(email))));
    }
    expect([...answers]).toEqual([expect.stringContaining('NOT_FOUND')]);
    expect(await run(signedIn(cyd), create('cyd@example.com'))).toMatchObject({ createPost: {} });
    const known = create('').replace('email: ""', `id: "${bob}"`);
    expect(await run(signedIn(cyd), known)).toEqual({ createPost: null });
  });

  it('is not the name of a private field that must be unique', async () => {
    const create = `createSlot(data: { name: "x" }) { id }`;
    await run(signedIn(ann), create);
    await expect(
      project().mutate(`mutation { ${create} }`, {}, { as: signedIn(ann) }),
    ).rejects.toMatchObject({
      code: 'UNIQUE_VIOLATION',
      message: 'Another Slot with the same values already exists.',
      fields: [],
    });
  });

  it('is that a unique value exists, and nothing else', async () => {
    const create = `createContact(data: { text: "same" }) { id }`;
    await run(signedOut, create);
    const error = await run(signedOut, create);
    expect(error).toEqual({ code: 'UNIQUE_VIOLATION', path: ['createContact'] });
  });
});

describe('statements of callers with rules', () => {
  it('have no values of a caller or a request in their text', async () => {
    await run(
      signedIn(ann, { role: 'ADMIN' }),
      `updatePost(where: { id: "${id(21)}" }, data: { title: "secret title", featured: true }) { id }`,
    );
    const texts = project()
      .runner.statements.map(({ text }) => text)
      .join('\n');
    for (const value of [ann, id(21), 'secret title']) expect(texts).not.toContain(value);
  });
});
