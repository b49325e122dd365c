import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { withProject, type EngineProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();

/** Applies versions one after the other, runs `fill` after the first one, and returns the steps that lose data. */
async function losses(
  project: EngineProject,
  fill: string,
  versions: readonly string[],
): Promise<readonly string[]> {
  const lost: string[] = [];
  for (const [index, sdl] of versions.entries()) {
    const plan = await project.apply(sdl);
    const dangerous = plan.steps.filter(({ hazard }) => hazard === 'DATA_LOSS');
    lost.push(...dangerous.map(({ kind, target }) => `${index + 1} ${kind} ${target}`));
    if (index === 0) await project.query(fill);
  }
  return lost;
}

const row = `'00000000-0000-0000-0000-000000000001'`;
const type = (name: string, rest: string, from = '') =>
  `type ${name} @model${from === '' ? '' : ` @rename(from: "${from}")`} { id: ID! @id ${rest} }`;

describe('an earlier version that is applied again', () => {
  it('inverts the renames of a type and its fields', async () => {
    await withProject(database.pool, async (project) => {
      const plan = type('Plan', 'signature: Boolean!');
      const offer = type('Offer', 'branding: Boolean! @rename(from: "signature")', 'Plan');
      const fill = `INSERT INTO plan VALUES (${row}, true)`;
      expect(await losses(project, fill, [plan, offer, plan, offer, plan])).toEqual([]);
      expect(await project.query('SELECT signature FROM plan')).toEqual([{ signature: true }]);
    });
  });

  it('inverts several renames at once, over several versions', async () => {
    await withProject(database.pool, async (project) => {
      const versions = [
        type('A', 'x: Int'),
        type('B', 'y: Int @rename(from: "x")', 'A'),
        type('C', 'z: Int @rename(from: "y") more: Int', 'B'),
        type('D', 'z: Int more: Int', 'C'),
      ];
      const fill = `INSERT INTO a VALUES (${row}, 5)`;
      const [first = '', second = ''] = versions;
      expect(await losses(project, fill, [...versions, second])).toEqual(['5 DROP_COLUMN D.more']);
      expect(await project.query('SELECT y FROM b')).toEqual([{ y: 5 }]);
      await project.apply(first);
      expect(await project.query('SELECT x FROM a')).toEqual([{ x: 5 }]);
    });
  });

  it('inverts a swap of names', async () => {
    await withProject(database.pool, async (project) => {
      const first = type('A', 'x: Int y: Int') + type('B', '');
      const second =
        type('B', 'y: Int @rename(from: "x") x: Int @rename(from: "y")', 'A') + type('A', '', 'B');
      const fill = `INSERT INTO a VALUES (${row}, 1, 2)`;
      expect(await losses(project, fill, [first, second, first])).toEqual([]);
      expect(await project.query('SELECT x, y FROM a')).toEqual([{ x: 1, y: 2 }]);
    });
  });

  it('inverts the renames of relations, their types and both sides of many-to-many relations', async () => {
    await withProject(database.pool, async (project) => {
      const first =
        type('Boat', 'owner: Person! tags: [Tag!]!') +
        type('Person', 'boats: [Boat!]!') +
        type('Tag', 'boats: [Boat!]!');
      const second =
        type(
          'Ship',
          'captain: Human! @rename(from: "owner") labels: [Tag!]! @rename(from: "tags")',
          'Boat',
        ) +
        type('Human', 'ships: [Ship!]! @rename(from: "boats")', 'Person') +
        type('Tag', 'ships: [Ship!]! @rename(from: "boats")');
      const fill = `INSERT INTO person VALUES (${row}); INSERT INTO boat VALUES (${row}, ${row});
        INSERT INTO tag VALUES (${row}); INSERT INTO "boat:tags:join" VALUES (${row}, ${row})`;
      expect(await losses(project, fill, [first, second, first])).toEqual([]);
      expect(await project.query('SELECT count(*)::int AS n FROM "boat:tags:join"')).toEqual([
        { n: 1 },
      ]);
    });
  });

  it('keeps the values of a field whose enum has another name', async () => {
    await withProject(database.pool, async (project) => {
      const first = `enum Color { RED } ${type('A', 'color: Color')}`;
      const second = `enum Paint { RED } ${type('A', 'paint: Paint @rename(from: "color")')}`;
      const fill = `INSERT INTO a VALUES (${row}, 'RED')`;
      expect(await losses(project, fill, [first, second, first])).toEqual([]);
      expect(await project.query('SELECT color FROM a')).toEqual([{ color: 'RED' }]);
    });
  });

  it('does not give the rows of a table to another table that had the name at another time', async () => {
    await withProject(database.pool, async (project) => {
      const first = type('A', 'x: Int');
      const versions = [
        first,
        // The table of the first version is dropped, and another one takes its name for a while.
        type('B', 'x: Int'),
        type('A', 'x: Int', 'B'),
        type('C', 'x: Int', 'A'),
      ];
      const fill = `INSERT INTO a VALUES (${row}, 5)`;
      expect(await losses(project, fill, [...versions, first])).toEqual([
        '2 DROP_TABLE A',
        '5 DROP_TABLE C',
      ]);
    });
  });

  it('keeps the columns of a type that has the name of an unrelated type of that version', async () => {
    await withProject(database.pool, async (project) => {
      const first = type('A', 'x: Int');
      const second = type('B', 'x: Int', 'A');
      const third = type('B', 'x: Int') + type('A', 'x: Int');
      const fill = `INSERT INTO a VALUES (${row}, 5)`;
      expect(await losses(project, fill, [first, second, third, second])).toEqual([
        '4 DROP_TABLE A',
      ]);
      await project.apply(third);
      const plan = await project.apply(first);
      expect(plan.steps.map(({ kind, target }) => `${kind} ${target}`).slice(0, 2)).toEqual([
        'DROP_TABLE A',
        'RENAME_TABLE B',
      ]);
      expect(await project.query('SELECT x FROM a')).toEqual([{ x: 5 }]);
    });
  });

  it('inverts renames also if something else changes', async () => {
    await withProject(database.pool, async (project) => {
      const versions = [
        type('A', 'x: Int'),
        type('B', 'y: Int @rename(from: "x")', 'A'),
        type('A', 'x: Int more: Int'),
      ];
      const fill = `INSERT INTO a VALUES (${row}, 5)`;
      expect(await losses(project, fill, versions)).toEqual([]);
      expect(await project.query('SELECT x FROM a')).toEqual([{ x: 5 }]);
    });
  });

  it('does not invert a rename if something else has had the name since', async () => {
    await withProject(database.pool, async (project) => {
      const versions = [
        type('A', 'x: Int'),
        type('B', 'x: Int', 'A'),
        type('B', 'x: Int') + type('A', 'x: Int'),
        type('B', 'x: Int'),
        type('A', 'x: Int y: Int'),
      ];
      const fill = `INSERT INTO a VALUES (${row}, 5)`;
      expect(await losses(project, fill, versions)).toEqual(['4 DROP_TABLE A', '5 DROP_TABLE B']);
    });
  });
});

describe('data is kept', () => {
  it('if a relation takes over the column of a scalar, and back', async () => {
    await withProject(database.pool, async (project) => {
      const scalar = type('Person', 'name: String!') + type('Boat', 'ownerId: UUID');
      const relation =
        type('Person', 'name: String! boats: [Boat!]!') + type('Boat', 'owner: Person');
      await project.apply(scalar);
      await project.query(`INSERT INTO person VALUES (${row}, 'Ada');
        INSERT INTO boat VALUES (${row}, ${row}), (gen_random_uuid(), gen_random_uuid())`);
      expect(await project.hazards(relation)).toEqual({
        'ADD_KEY Boat(owner)': 'LOCK 2',
        'ADD_FOREIGN_KEY Boat.owner': 'MAY_FAIL 1',
      });
      await project.query(`DELETE FROM boat WHERE id <> ${row}`);
      await project.apply(relation);
      const back = await project.apply(scalar);
      expect(back.steps.map(({ kind }) => kind)).toEqual(['DROP_FOREIGN_KEY', 'DROP_KEY']);
      expect(await project.query(`SELECT owner_id = ${row} AS same FROM boat`)).toEqual([
        { same: true },
      ]);
      await project.apply(
        relation.replace('owner: Person', 'owner: Person @rename(from: "ownerId")'),
      );
      await project.apply(scalar.replace('ownerId: UUID', 'keeper: UUID @rename(from: "ownerId")'));
      expect(await project.query(`SELECT keeper = ${row} AS same FROM boat`)).toEqual([
        { same: true },
      ]);
    });
  });

  it('if a relation takes over a scalar of type String that contains ids', async () => {
    await withProject(database.pool, async (project) => {
      await project.apply(type('Person', '') + type('Boat', 'ownerId: String'));
      await project.query(
        `INSERT INTO person VALUES (${row}); INSERT INTO boat VALUES (${row}, ${row})`,
      );
      const next = type('Person', 'boats: [Boat!]!') + type('Boat', 'owner: Person');
      expect(await project.hazards(next)).toMatchObject({ 'CHANGE_TYPE Boat.owner': 'MAY_FAIL 0' });
      await project.apply(next);
      expect(await project.query('SELECT count(owner_id)::int AS n FROM boat')).toEqual([{ n: 1 }]);
    });
  });

  it.each([
    ['a field', type('Photo', 'photo_url: String'), type('Photo', 'photoUrl: String')],
    ['a type', type('photo_album', 'x: Int'), type('PhotoAlbum', 'x: Int')],
  ])('if the name of %s changes only in case', async (_what, before, after) => {
    await withProject(database.pool, async (project) => {
      await project.apply(before);
      expect(project.plan(after).steps).toEqual([]);
    });
  });

  const tags = (trade: string, label: string) => type('Trade', trade) + type('Label', label);

  it.each([
    ['without @rename', ''],
    ['with @rename', ' @rename(from: "trades")'],
  ])('if one side of a many-to-many relation has a new name %s', async (_how, rename) => {
    await withProject(database.pool, async (project) => {
      await project.apply(tags('labels: [Label!]!', 'trades: [Trade!]!'));
      await project.query(`INSERT INTO trade VALUES (${row}); INSERT INTO label VALUES (${row});
        INSERT INTO "label:trades:join" VALUES (${row}, ${row})`);
      await project.apply(tags('labels: [Label!]!', `deals: [Trade!]!${rename}`));
      expect(await project.query('SELECT count(*)::int AS n FROM "label:deals:join"')).toEqual([
        { n: 1 },
      ]);
    });
  });

  it('if one side of a many-to-many relation of a type with itself has a new name', async () => {
    await withProject(database.pool, async (project) => {
      const friends = (a: string, b: string) =>
        type(
          'Person',
          `${a}: [Person!]! @relation(name: "f") ${b}: [Person!]! @relation(name: "f")`,
        );
      await project.apply(friends('knows', 'knownBy'));
      await project.query(`INSERT INTO person VALUES (${row}), (gen_random_uuid())`);
      await project.query(`INSERT INTO "person:known_by:join" (knows_owner_id, known_by_owner_id)
        SELECT ${row}, id FROM person WHERE id <> ${row}`);
      const plan = await project.apply(friends('knows', 'fans'));
      expect(plan.steps.filter(({ hazard }) => hazard === 'DATA_LOSS')).toEqual([]);
      expect(
        await project.query(`SELECT knows_owner_id = ${row} AS same FROM "person:fans:join"`),
      ).toEqual([{ same: true }]);
    });
  });

  it('of a many-to-many relation is dropped if it is unclear which one a new name means', async () => {
    await withProject(database.pool, async (project) => {
      const two = (a: string, b: string) =>
        type('Trade', `a: [Label!]! @relation(name: "a") b: [Label!]! @relation(name: "b")`) +
        type('Label', `${a}: [Trade!]! @relation(name: "a") ${b}: [Trade!]! @relation(name: "b")`);
      await project.apply(two('x', 'y'));
      // Each new side has one kept side on the other end, so both are clear.
      expect(project.plan(two('v', 'w')).steps.map(({ kind }) => kind)).not.toContain('DROP_TABLE');
      const both = type('Trade', 'c: [Label!]!') + type('Label', 'z: [Trade!]!');
      expect(project.plan(both).steps.map(({ kind }) => kind)).toContain('DROP_TABLE');
    });
  });
});
