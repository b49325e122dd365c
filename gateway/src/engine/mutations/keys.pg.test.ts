import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';

const database = useTestDatabase();

/** `Box` and `Slot` reference a field that is optional and can be changed. It is also a part of the key of `Slot`. */
const project = useMutations(
  database,
  `
  type Shelf @model(plural: "shelves") @unique(fields: ["id", "row"]) {
    id: Int! @id
    row: Int! @default(value: 0)
    name: String @unique
    boxes: [Box!]!
    slots: [Slot!]!
    tags: [Tag!]!
    whole: Shelf @relation(name: "parts")
    parts: [Shelf!]! @relation(name: "parts")
  }
  type Box @model(plural: "boxes") {
    id: ID! @id
    shelf: Shelf @relation(references: ["name"])
  }
  type Slot @model @id(fields: ["shelf", "number"]) {
    shelf: Shelf! @relation(references: ["name"])
    number: Int!
    color: String
    marks: [Mark!]!
    note: Note
  }
  type Mark @model {
    code: Bytes! @id
    text: String
    slots: [Slot!]!
  }
  type Note @model {
    id: ID! @id
    slot: Slot @unique
  }
  type Tag @model {
    id: BigInt! @id
    shelves: [Shelf!]!
  }
  `,
);

beforeEach(async () => {
  await project().clear();
  await project().sql(
    `INSERT INTO shelf (id, "row", name) VALUES (1, 0, 'a'), (2, 0, NULL);
     INSERT INTO tag (id) VALUES (7);
     ALTER SEQUENCE "shelf:id:seq" RESTART 3; ALTER SEQUENCE "tag:id:seq" RESTART 8`,
  );
});

const mutate = (text: string, variables = {}) => project().mutate(text, variables);

describe('a row that is connected by a unique key', () => {
  it('must have all values of the key, even if the foreign key references only some of them', async () => {
    const create = (row: number) =>
      mutate(
        `mutation ($row: Int!) { createShelf(data: { whole: { connect: { id_row: { id: 1, row: $row } } } }) { wholeId } }`,
        { row },
      );
    await expect(create(5)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      issues: [{ path: ['createShelf', 'data', 'whole', 'connect'] }],
    });
    expect(await create(0)).toEqual({ createShelf: { wholeId: 1 } });
    const update = (row: number) =>
      mutate(
        `mutation ($row: Int!) { updateShelf(where: { id: 2 }, data: { parts: { connect: [{ id_row: { id: 1, row: $row } }] } }) { id } }`,
        { row },
      );
    await expect(update(5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await update(0)).toEqual({ updateShelf: { id: 2 } });
  });
});

describe('a row without a value in a field that a relation references', () => {
  const message =
    'A Shelf without name cannot be connected, because the relation references its name. Set name first.';
  const refused = (...path: (string | number)[]) => ({
    code: 'BAD_USER_INPUT',
    path: path.slice(0, 1),
    issues: [{ path, message }],
  });

  it('cannot be connected by another key', async () => {
    await expect(
      mutate('mutation { createBox(data: { shelf: { connect: { id: 2 } } }) { id } }'),
    ).rejects.toMatchObject(refused('createBox', 'data', 'shelf', 'connect'));
  });

  it('cannot be created as the related row', async () => {
    await expect(
      mutate('mutation { createBox(data: { shelf: { create: { row: 1 } } }) { id } }'),
    ).rejects.toMatchObject(refused('createBox', 'data', 'shelf', 'create'));
  });

  it('cannot have rows in its list', async () => {
    await expect(
      mutate(
        'mutation { updateShelf(where: { id: 2 }, data: { boxes: { create: [{}] } }) { id } }',
      ),
    ).rejects.toMatchObject(refused('updateShelf', 'data', 'boxes', 'create', 0));
    await mutate(
      `mutation { createBox(data: { id: "b0000000-0000-4000-8000-000000000001" }) { id } }`,
    );
    const connect = (name: string) =>
      mutate(
        `mutation ($name: String) { updateShelf(where: { id: 2 }, data: { name: $name, boxes: { connect: [{ id: "b0000000-0000-4000-8000-000000000001" }] } }) { boxes { totalCount } } }`,
        { name: name === '' ? null : name },
      );
    await expect(connect('')).rejects.toMatchObject(
      refused('updateShelf', 'data', 'boxes', 'connect', 0),
    );
    expect(await connect('b')).toEqual({ updateShelf: { boxes: { totalCount: 1 } } });
    expect(
      await mutate(
        'mutation { updateShelf(where: { id: 2 }, data: { boxes: { set: [] } }) { id } }',
      ),
    ).toEqual({ updateShelf: { id: 2 } });
  });
});

describe('a key that contains a field which changes', () => {
  it('changes with it, also in foreign keys and join tables', async () => {
    await mutate(
      `mutation { createSlot(data: { shelfId: "a", number: 1, marks: { create: [{ code: "AP8=" }] }, note: { create: {} } }) { number } }`,
    );
    await mutate('mutation { updateShelf(where: { id: 1 }, data: { name: "z" }) { id } }');
    expect(
      await project().sql(
        `SELECT s.shelf_id AS slot, n.slot_shelf_id AS note, j.slot_shelf_id AS pair
         FROM slot AS s, note AS n, "mark:slots:join" AS j`,
      ),
    ).toEqual([{ slot: 'z', note: 'z', pair: 'z' }]);
  });
});

describe('a field that required foreign keys reference', () => {
  it('cannot become null while rows reference it', async () => {
    await mutate('mutation { createSlot(data: { shelfId: "a", number: 1 }) { number } }');
    await expect(
      mutate('mutation { updateShelf(where: { id: 1 }, data: { name: null }) { id } }'),
    ).rejects.toMatchObject({
      code: 'FOREIGN_KEY_VIOLATION',
      fields: ['slots'],
      path: ['updateShelf'],
    });
    await mutate('mutation { deleteSlots(where: {}, atMost: 1) { count } }');
    expect(
      await mutate('mutation { updateShelf(where: { id: 1 }, data: { name: null }) { name } }'),
    ).toEqual({ updateShelf: { name: null } });
  });
});

describe('numbers from a sequence', () => {
  it('are drawn in the order of the rows in the input, a row before the rows nested in it', async () => {
    const data = [
      { name: 'b', parts: { create: [{ name: 'c', parts: { create: [{ name: 'd' }] } }] } },
      { name: 'e', whole: { create: { name: 'f' } } },
    ];
    await mutate(
      'mutation ($data: [ShelfCreateInput!]!) { createShelves(data: $data) { count } }',
      { data },
    );
    expect(await project().sql('SELECT name FROM shelf WHERE id > 2 ORDER BY id')).toEqual(
      ['b', 'c', 'd', 'e', 'f'].map((name) => ({ name })),
    );
  });

  it('are larger than a number that the input contains, in the same and in later requests', async () => {
    const data = [{ name: 'b' }, { id: 50, name: 'c' }, { name: 'd' }];
    const created = await mutate(
      'mutation ($data: [ShelfCreateInput!]!) { createShelves(data: $data) { nodes { id name } } }',
      { data },
    );
    expect(created).toEqual({
      createShelves: {
        nodes: [
          { id: 51, name: 'b' },
          { id: 50, name: 'c' },
          { id: 52, name: 'd' },
        ],
      },
    });
    expect(await mutate('mutation { createShelf(data: {}) { id } }')).toEqual({
      createShelf: { id: 53 },
    });
  });

  it('are not passed by an upsert that updates a row', async () => {
    const upsert = (name: string) =>
      mutate(
        `mutation ($name: String!) { upsertShelf(where: { name: $name }, create: { id: 90, name: $name }, update: { row: 1 }) { id } }`,
        { name },
      );
    expect(await upsert('a')).toEqual({ upsertShelf: { id: 1 } });
    expect(await mutate('mutation { createShelf(data: {}) { id } }')).toEqual({
      createShelf: { id: 3 },
    });
    expect(await upsert('new')).toEqual({ upsertShelf: { id: 90 } });
    expect(await mutate('mutation { createShelf(data: {}) { id } }')).toEqual({
      createShelf: { id: 91 },
    });
  });

  it.each([
    ['one row', 'createShelf(data: {}) { id }'],
    ['several rows', 'createShelves(data: [{}, {}]) { count }'],
    ['a nested row', 'createTag(data: { shelves: { create: [{}] } }) { id }'],
    ['a row of an upsert', 'upsertShelf(where: { name: "x" }, create: {}, update: {}) { id }'],
    [
      'a row that an update connects',
      'updateShelf(where: { id: 1 }, data: { whole: { create: {} } }) { id }',
    ],
  ])('that are used up are refused with a way out: %s', async (_what, field) => {
    await mutate('mutation { createShelf(data: { id: 2147483647 }) { id } }');
    const before = await project().sql('SELECT count(*) AS rows FROM shelf');
    const error: unknown = await mutate(`mutation { ${field} }`).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'KEYS_EXHAUSTED', path: [field.split('(')[0]] });
    expect(String(error)).toMatch(/Shelf.*Bring a number that is not used.*BigInt/);
    expect(await project().sql('SELECT count(*) AS rows FROM shelf')).toEqual(before);
    expect(await mutate('mutation { createShelf(data: { id: -5 }) { id } }')).toEqual({
      createShelf: { id: -5 },
    });
  });
});

describe('a type whose only field is a key from a sequence', () => {
  it('has rows that are created and upserted', async () => {
    expect(
      await mutate(
        `mutation {
          a: createTag(data: {}) { id }
          b: createTags(data: [{}, {}]) { nodes { id } }
          c: upsertTag(where: { id: "40" }, create: {}, update: {}) { id }
          d: createTag(data: {}) { id }
        }`,
      ),
    ).toEqual({
      a: { id: '8' },
      b: { nodes: [{ id: '9' }, { id: '10' }] },
      c: { id: '40' },
      d: { id: '41' },
    });
    expect(await mutate('mutation { createTag(data: {}) { id } }')).toEqual({
      createTag: { id: '42' },
    });
  });
});

describe('a key of binary data', () => {
  it('identifies the rows of a batch', async () => {
    const data = ['AP8=', 'AA==', 'AP8='].map((code, index) => ({ code, text: String(index) }));
    expect(
      await mutate(
        'mutation ($data: [MarkCreateInput!]!) { createMarks(data: $data, skipDuplicates: true) { count nodes { code text } } }',
        { data },
      ),
    ).toEqual({
      createMarks: {
        count: 2,
        nodes: [
          { code: 'AP8=', text: '0' },
          { code: 'AA==', text: '1' },
        ],
      },
    });
  });
});

describe('an upsert whose key contains a row that it creates', () => {
  const upsert = (name: string) =>
    mutate(
      `mutation ($name: String!) { upsertNote(
        where: { slot: { slotShelfId: "b", slotNumber: 1 } }
        create: { slot: { create: { number: 1, shelf: { create: { name: $name } } } } }
        update: {}
      ) { slotShelfId slotNumber } }`,
      { name },
    );

  it('creates both if they have the values of the key', async () => {
    expect(await upsert('b')).toEqual({ upsertNote: { slotShelfId: 'b', slotNumber: 1 } });
  });

  it('is refused if they have others', async () => {
    await expect(upsert('c')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });
});
