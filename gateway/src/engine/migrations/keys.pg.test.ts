import { describe, expect, it } from 'vitest';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();

/** Applies a schema, and checks that the database is as the model requires. */
async function migrate(project: EngineProject, sdl: string): Promise<Record<string, string>> {
  const hazards = await project.hazards(sdl);
  await project.apply(sdl);
  expect(await introspect(project.client, project.names)).toEqual(catalogOf(readModel(sdl)));
  expect(project.plan(sdl).steps).toEqual([]);
  return hazards;
}

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

const shop = (type: string, id = '') => `
  type Item @model { id: ${type}! @id${id} name: String lines: [Line!]! tags: [Tag!]! parent: Item @relation(name: "p") parts: [Item!]! @relation(name: "p") }
  type Line @model { id: ID! @id item: Item! }
  type Tag @model { id: ID! @id items: [Item!]! }`;

/** Two items, the second of which belongs to the first, a line and a tag. */
async function fillShop(project: EngineProject, [first, second]: readonly [string, string]) {
  await project.query(
    `INSERT INTO item (id, name, parent_id) VALUES (${first}, 'one', NULL), (${second}, 'two', ${first})`,
  );
  await project.query(`INSERT INTO line (id, item_id) VALUES ('${uuid(1)}', ${second})`);
  await project.query(`INSERT INTO tag (id) VALUES ('${uuid(2)}')`);
  await project.query(
    `INSERT INTO "item:tags:join" (item_id, tag_id) VALUES (${first}, '${uuid(2)}')`,
  );
}

/** The names of the items that rows reference: by the line, by the tag, and by the second item. */
async function links(project: EngineProject): Promise<unknown> {
  const [row] = await project.query(`SELECT
    (SELECT name FROM item JOIN line ON item.id = item_id) AS line,
    (SELECT name FROM item JOIN "item:tags:join" ON item.id = item_id) AS tag,
    (SELECT p.name FROM item AS c JOIN item AS p ON p.id = c.parent_id) AS parent`);
  return row;
}

const allLinks = { line: 'two', tag: 'one', parent: 'one' };

describe('a key changes its type, and all references change with it', () => {
  it.each([
    ['ID', 'String', [`'${uuid(1)}'`, `'${uuid(2)}'`], 'LOCK 2'],
    ['ID', 'UUID', [`'${uuid(1)}'`, `'${uuid(2)}'`], undefined],
    ['UUID', 'String', [`'${uuid(1)}'`, `'${uuid(2)}'`], 'LOCK 2'],
    ['String', 'UUID', [`'${uuid(1)}'`, `'${uuid(2)}'`], 'MAY_FAIL 0'],
    ['Int', 'BigInt', ['1', '2'], 'LOCK 2'],
    ['BigInt', 'Int', ['1', '2'], 'MAY_FAIL 0'],
    ['Int', 'String', ['1', '2'], 'LOCK 2'],
    ['BigInt', 'String', ['1', '2'], 'LOCK 2'],
    ['String', 'Int', [`'1'`, `'2'`], 'MAY_FAIL 0'],
    ['String', 'BigInt', [`'1'`, `'2'`], 'MAY_FAIL 0'],
    ['Date', 'String', [`'2024-01-01'`, `'2024-01-02'`], 'LOCK 2'],
    ['String', 'Date', [`'2024-01-01'`, `'2024-01-02'`], 'MAY_FAIL 0'],
  ] as const)('%s → %s', async (from, to, [first, second], expected) => {
    await withProject(database.pool, async (project) => {
      await migrate(project, shop(from));
      await fillShop(project, [first, second]);
      const hazards = await migrate(project, shop(to));
      expect(hazards['CHANGE_TYPE Item.id']).toBe(expected);
      expect(hazards['CHANGE_TYPE Line.item'] === undefined).toBe(expected === undefined);
      expect(Object.values(hazards).filter((each) => each.startsWith('DATA_LOSS'))).toEqual([]);
      expect(await links(project)).toEqual(allLinks);
    });
  });

  it('and values that cannot be converted are counted and stop it', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, shop('String'));
      await fillShop(project, [`'1'`, `'x'`]);
      expect(await project.hazards(shop('Int'))).toMatchObject({
        'CHANGE_TYPE Item.id': 'MAY_FAIL 1',
        'CHANGE_TYPE Line.item': 'MAY_FAIL 1 (all)',
        'CHANGE_TYPE Item.parent': 'MAY_FAIL 0',
      });
      await expect(project.apply(shop('Int'))).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
      expect(await links(project)).toEqual(allLinks);
    });
  });

  it('and keys that would be equal are counted and stop it', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, shop('String'));
      await fillShop(project, [`'1'`, `'01'`]);
      expect(await project.hazards(shop('Int'))).toMatchObject({
        'ADD_KEY Item(id)': 'MAY_FAIL 1 (all)',
      });
      await expect(project.apply(shop('Int'))).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
    });
  });
});

describe('a key that is numbered', () => {
  const ticket = (type: string, name = 'Ticket', rename = '') =>
    `type ${name} @model ${rename} { id: ${type}! @id title: String }`;
  const next = async (project: EngineProject, table = 'ticket') => {
    const [row] = await project.query(
      `INSERT INTO "${table}" (title) VALUES ('new') RETURNING id::text`,
    );
    return row?.['id'];
  };

  it('continues after the largest value when a text key becomes one', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('String'));
      await project.query(`INSERT INTO ticket (id) VALUES ('7'), ('41')`);
      const hazards = await migrate(project, ticket('Int'));
      expect(hazards['ADD_SEQUENCE Ticket.id']).toBe('LOCK 2');
      expect(await next(project)).toBe('42');
    });
  });

  it.each([
    ['no rows', 'SELECT 1'],
    ['negative values only', `INSERT INTO ticket (id) VALUES ('-5')`],
  ])('begins with 1 if there are %s', async (_, fill) => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('String'));
      await project.query(fill);
      await migrate(project, ticket('Int'));
      expect(await next(project)).toBe('1');
    });
  });

  it('keeps its sequence when the type is widened or renamed', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('Int'));
      await next(project);
      await migrate(project, ticket('BigInt'));
      await project.query(`SELECT setval('"ticket:id:seq"', 3000000000)`);
      expect(await next(project)).toBe('3000000001');
      await migrate(project, ticket('BigInt', 'Issue', '@rename(from: "Ticket")'));
      expect(await next(project, 'issue')).toBe('3000000002');
    });
  });

  it('continues after the largest value when the type is narrowed, although the sequence was beyond it', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('BigInt'));
      await project.query(`SELECT setval('"ticket:id:seq"', 3000000000)`);
      await project.query('INSERT INTO ticket (id) VALUES (5)');
      await migrate(project, ticket('Int', 'Issue', '@rename(from: "Ticket")'));
      expect(await next(project, 'issue')).toBe('6');
    });
  });

  it('exchanges its name with another table', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('Int', 'A') + ticket('Int', 'B'));
      await project.query(`SELECT setval('"a:id:seq"', 100)`);
      await migrate(
        project,
        ticket('Int', 'B', '@rename(from: "A")') + ticket('String', 'A', '@rename(from: "B")'),
      );
      expect(await next(project, 'b')).toBe('101');
    });
  });

  it('can be used by the role of the project', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, ticket('Int'));
      await project.query(`SET ROLE "${project.names.role}"`);
      expect(await next(project)).toBe('1');
      await project.query(`SELECT setval('"ticket:id:seq"', 10)`);
      expect(await next(project)).toBe('11');
      await project.query('RESET ROLE');
    });
  });
});

describe('a key with other fields', () => {
  const cell = (type: string, key: string) =>
    `type Cell @model ${type} { ${key} shelf: Int! place: Int! }`;
  const uuidKey = cell('', 'id: ID! @id');
  const composite = cell('@id(fields: ["shelf", "place"])', '');
  const fill = (values: string) => `INSERT INTO cell (id, shelf, place) VALUES ${values}`;

  it('keeps the rows, and goes back', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, uuidKey);
      await project.query(fill(`('${uuid(1)}', 1, 1), ('${uuid(2)}', 1, 2)`));
      expect(await migrate(project, composite)).toEqual({
        'DROP_COLUMN Cell.id': 'DATA_LOSS 2',
        'ADD_KEY Cell(shelf, place)': 'MAY_FAIL 0',
      });
      expect(await migrate(project, uuidKey)).toEqual({
        'ADD_COLUMN Cell.id': 'LOCK 2',
        'ADD_KEY Cell(id)': 'LOCK 2',
      });
      expect(await project.query('SELECT place FROM cell ORDER BY place')).toEqual([
        { place: 1 },
        { place: 2 },
      ]);
    });
  });

  it('counts duplicates and nulls', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, uuidKey.replace('place: Int!', 'place: Int'));
      await project.query(
        fill(`('${uuid(1)}', 1, 1), ('${uuid(2)}', 1, 1), ('${uuid(3)}', 2, NULL)`),
      );
      expect(await project.hazards(composite)).toMatchObject({
        'SET_REQUIRED Cell.place': 'MAY_FAIL 1',
        'ADD_KEY Cell(shelf, place)': 'MAY_FAIL 1',
      });
      await expect(project.apply(composite)).rejects.toMatchObject({ code: 'ROWS_IN_THE_WAY' });
    });
  });

  it.each([
    ['id: Int! @id', /^[12]$/],
    ['id: BigInt! @id', /^[12]$/],
    ['id: UUID! @id', /^[0-9a-f]{8}-[0-9a-f]{4}-4/],
    ['id: String! @id(generate: UUID)', /^[0-9a-f]{8}-[0-9a-f]{4}-4/],
    ['id: String! @id(generate: CUID)', /^[a-z][a-z0-9]{23}$/],
    ['id: String! @id(generate: NANOID)', /^[A-Za-z0-9_-]{21}$/],
  ])('gives rows new values: %s', async (key, pattern) => {
    await withProject(database.pool, async (project) => {
      await migrate(project, composite);
      await project.query('INSERT INTO cell (shelf, place) VALUES (1, 1), (1, 2)');
      expect(await migrate(project, cell('', key))).toEqual({
        'ADD_COLUMN Cell.id': 'LOCK 2',
        'ADD_KEY Cell(id)': 'LOCK 2',
      });
      const rows = await project.query('SELECT id::text FROM cell');
      expect(rows.map(({ id }) => id)).toEqual([
        expect.stringMatching(pattern),
        expect.stringMatching(pattern),
      ]);
    });
  });

  it('that the caller brings needs an empty table', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, composite);
      await project.query('INSERT INTO cell (shelf, place) VALUES (1, 1), (1, 2)');
      const hazards = await project.hazards(cell('', 'id: String! @id'));
      expect(hazards['ADD_COLUMN Cell.id']).toBe('MAY_FAIL 2 (all)');
    });
  });

  const domains = (domain: string, relation: string) =>
    `type Domain @model { ${domain} links: [Link!]! } type Link @model { id: ID! @id domain: Domain! ${relation} }`;

  it('keeps what relations reference that name the old key', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, domains('id: ID! @id slug: String! @unique', ''));
      await project.query(`INSERT INTO domain (id, slug) VALUES ('${uuid(1)}', 'a')`);
      await project.query(`INSERT INTO link (id, domain_id) VALUES ('${uuid(2)}', '${uuid(1)}')`);
      const hazards = await migrate(
        project,
        domains('id: ID! @unique slug: String! @id', '@relation(references: ["id"])'),
      );
      expect(hazards).toEqual({
        'ADD_KEY Domain(slug)': 'LOCK 1',
        'ADD_KEY Domain(id)': 'MAY_FAIL 0',
        'ADD_FOREIGN_KEY Link.domain': 'LOCK 1',
      });
      // The unique field can be updated, and the foreign key follows it.
      await project.query(`UPDATE domain SET id = '${uuid(3)}'`);
      expect(await project.query('SELECT domain_id FROM link')).toEqual([{ domain_id: uuid(3) }]);
    });
  });
});

describe('the foreign key of a relation', () => {
  const boxes = (note: string) =>
    `type Shelf @model { id: Int! @id boxes: [Box!]! }
     type Box @model @id(fields: ["shelf", "label"]) { shelf: Shelf! label: String! notes: [Note!]! code: String! @unique }
     type Note @model { id: ID! @id ${note} }`;
  const fill = async (project: EngineProject) => {
    await project.query('INSERT INTO shelf (id) VALUES (1)');
    await project.query(`INSERT INTO box (shelf_id, label, code) VALUES (1, 'a', 'x')`);
    await project.query(
      `INSERT INTO note (id, box_shelf_id, box_label) VALUES ('${uuid(1)}', 1, 'a')`,
    );
  };

  it('is dropped and added, with its values, if it references other fields', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, boxes('box: Box'));
      await fill(project);
      expect(
        await migrate(project, boxes('box: Box @relation(references: ["code"])')),
      ).toMatchObject({
        'DROP_COLUMN Note.boxShelfId': 'DATA_LOSS 1',
        'DROP_COLUMN Note.boxLabel': 'DATA_LOSS 1',
      });
    });
  });

  it('keeps its values if its columns are renamed or the key is in another order', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, boxes('box: Box'));
      await fill(project);
      const renamed = boxes('box: Box @relation(key: ["a", "b"])');
      expect(await migrate(project, renamed)).toEqual({});
      expect(await project.query('SELECT a, b FROM note')).toEqual([{ a: 1, b: 'a' }]);
      const reordered = boxes('box: Box @relation(key: ["b", "a"])').replace(
        '["shelf", "label"]',
        '["label", "shelf"]',
      );
      await migrate(project, reordered);
      expect(await project.query('SELECT a, b FROM note')).toEqual([{ a: 1, b: 'a' }]);
    });
  });

  it('changes its type with the referenced key, through a composite key', async () => {
    await withProject(database.pool, async (project) => {
      await migrate(project, boxes('box: Box'));
      await fill(project);
      const hazards = await migrate(project, boxes('box: Box').replace('id: Int!', 'id: String!'));
      expect(hazards).toMatchObject({
        'CHANGE_TYPE Shelf.id': 'LOCK 1',
        'CHANGE_TYPE Box.shelf': 'LOCK 1',
        'CHANGE_TYPE Note.boxShelfId': 'LOCK 1',
      });
      expect(await project.query('SELECT box_shelf_id FROM note')).toEqual([{ box_shelf_id: '1' }]);
    });
  });

  it('takes over the column of a scalar of the key type', async () => {
    await withProject(database.pool, async (project) => {
      const people = (id: string, task: string) =>
        `type Person @model { id: ${id}! @id } type Task @model { id: ID! @id ${task} }`;
      await migrate(project, people('Int', 'ownerId: Int'));
      await project.query('INSERT INTO person (id) VALUES (1)');
      await project.query(
        `INSERT INTO task (id, owner_id) VALUES ('${uuid(1)}', 1), ('${uuid(2)}', 9)`,
      );
      const next = people('Int', 'owner: Person');
      expect(await project.hazards(next)).toEqual({
        'ADD_FOREIGN_KEY Task.owner': 'MAY_FAIL 1',
        'ADD_KEY Task(owner)': 'LOCK 2',
      });
      await project.query('DELETE FROM task WHERE owner_id = 9');
      await migrate(project, next);
      const named = people('Int', 'owner: Person @relation(key: "userId")');
      expect(await migrate(project, named)).toEqual({});
      expect(await project.query('SELECT user_id FROM task')).toEqual([{ user_id: 1 }]);
    });
  });
});
