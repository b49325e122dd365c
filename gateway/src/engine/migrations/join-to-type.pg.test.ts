import { describe, expect, it } from 'vitest';
import { catalogOf, introspect } from '../../../test/catalog/catalog.ts';
import { useTestDatabase } from '../../../test/database.ts';
import { readModel, withProject, type EngineProject } from '../../../test/engine/project.ts';
import { explainBadRenames } from '../sdl/rename-diagnostics.ts';
import { findBadRenames } from './find-bad-renames.ts';
import { noHistory } from './lineage.ts';

const database = useTestDatabase();

const pairs = `
  type Event @model { id: ID! @id hosts: [Member!]! }
  type Member @model { id: Int! @id events: [Event!]! }`;

const seats = (directives: string, fields: string, event = 'Event', rest = '') => `
  type ${event} @model ${rest} { id: ID! @id seats: [Seat!]! }
  type Member @model { id: Int! @id seats: [Seat!]! }
  type Seat @model ${directives} { ${fields} fixed: Boolean! @default(value: false) }`;

const from = '@rename(from: "Event.hosts")';
const both = 'event: Event! member: Member!';

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;

async function fill(project: EngineProject): Promise<void> {
  await project.apply(pairs);
  await project.query(`INSERT INTO event (id) VALUES ('${uuid(1)}'), ('${uuid(2)}')`);
  await project.query('INSERT INTO member (id) VALUES (1), (2)');
  await project.query(
    `INSERT INTO "event:hosts:join" VALUES ('${uuid(1)}', 1), ('${uuid(1)}', 2), ('${uuid(2)}', 2)`,
  );
}

async function apply(project: EngineProject, sdl: string): Promise<Record<string, string>> {
  const hazards = await project.hazards(sdl);
  await project.apply(sdl);
  expect(await introspect(project.client, project.names)).toEqual(catalogOf(readModel(sdl)));
  expect(project.plan(sdl).steps).toEqual([]);
  return hazards;
}

describe('a many-to-many relation that becomes a type keeps its pairs', () => {
  it.each([
    ['a key of its own', `@unique(fields: ["event", "member"]) ${from}`, `id: ID! @id ${both}`],
    ['a numbered key', from, `id: Int! @id ${both}`],
    ['the pair as its key', `@id(fields: ["event", "member"]) ${from}`, both],
    ['the pair as its key, in the other order', `@id(fields: ["member", "event"]) ${from}`, both],
    ['the other list', '@rename(from: "Member.events")', `id: ID! @id ${both}`],
    [
      'other actions',
      from,
      `id: ID! @id event: Event @relation(onDelete: SET_NULL) member: Member!`,
    ],
  ])('with %s', async (_, directives, fields) => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      const hazards = await apply(project, seats(directives, fields));
      expect(Object.values(hazards).filter((each) => !each.startsWith('LOCK'))).toEqual([]);
      const rows = await project.query(
        'SELECT event_id AS e, member_id AS m, fixed FROM seat ORDER BY 1, 2',
      );
      expect(rows).toEqual([
        { e: uuid(1), m: 1, fixed: false },
        { e: uuid(1), m: 2, fixed: false },
        { e: uuid(2), m: 2, fixed: false },
      ]);
    });
  });

  it('with other column names and a renamed type', async () => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      const fields = 'id: ID! @id party: Party! guest: Member! @relation(key: "who")';
      await apply(project, seats(from, fields, 'Party', '@rename(from: "Event")'));
      expect(
        await project.query('SELECT count(party_id)::int, count(who)::int AS who FROM seat'),
      ).toEqual([{ count: 3, who: 3 }]);
    });
  });

  it('between rows of one type, if a relation names its list', async () => {
    await withProject(database.pool, async (project) => {
      await apply(
        project,
        'type User @model { id: Int! @id follows: [User!]! @relation(name: "f") followers: [User!]! @relation(name: "f") }',
      );
      await project.query('INSERT INTO "user" (id) VALUES (1), (2)');
      const [table] = await project.query(
        `SELECT relname AS name FROM pg_class WHERE relname LIKE '%join' AND relkind = 'r'`,
      );
      await project.query(
        `INSERT INTO "${String(table?.['name'])}" (follows_owner_id, followers_owner_id) VALUES (1, 2)`,
      );
      const follow = (a: string, b: string) =>
        `type User @model { id: Int! @id } type Follow @model @rename(from: "User.follows") { id: ID! @id by: User! ${a} whom: User! ${b} }`;
      expect(diagnostics(project, follow('', ''))).toMatchObject([{ code: 'BAD_RENAME' }]);
      const sdl = follow('@rename(from: "follows")', '@rename(from: "followers")');
      expect(diagnostics(project, sdl)).toEqual([]);
      await apply(project, sdl);
      expect(await project.query('SELECT by_id, whom_id FROM follow')).toEqual([
        { by_id: 1, whom_id: 2 },
      ]);
    });
  });

  it('and the directive has no effect afterwards', async () => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      const sdl = seats(from, `id: ID! @id ${both}`);
      await apply(project, sdl);
      const next = sdl.replace('fixed', 'more: Int fixed');
      expect(diagnostics(project, next)).toEqual([]);
      await apply(project, next);
      expect(await project.query('SELECT count(*)::int FROM seat')).toEqual([{ count: 3 }]);
    });
  });

  it('and the plan says so', async () => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      const { steps } = project.plan(seats(from, `id: ID! @id ${both}`));
      expect(steps.map(({ summary }) => summary)).toEqual([
        'Drop the foreign key on event_id in the join table for Event.hosts.',
        'Drop the foreign key on member_id in the join table for Event.hosts.',
        'Drop the primary key (event_id, member_id) in the join table for Event.hosts.',
        'Make the join table for Event.hosts the table for Seat. All pairs are kept.',
        'Rename 1 key or check to match its table and columns.',
        'Add Seat.id (required UUID). Each existing row gets a new UUID.',
        'Add Seat.fixed (required Boolean, default false). Existing rows get the default.',
        'Add the primary key Seat(id).',
        'Add the index Seat(event).',
        'Add the foreign key on Seat.event (on delete: restrict).',
        'Add the foreign key on Seat.member (on delete: restrict).',
      ]);
    });
  });
});

describe('without the directive', () => {
  it('the plan suggests it', async () => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      expect(project.plan(seats('', `id: ID! @id ${both}`)).suggestions).toEqual([
        {
          target: 'Seat',
          from: 'Event.hosts',
          directive: '@rename(from: "Event.hosts")',
          summary:
            'If Seat replaces Event.hosts, add @rename(from: "Event.hosts") to Seat. The pairs are then kept.',
        },
      ]);
      const two = `${seats('', `id: ID! @id ${both}`)} type Other @model { id: ID! @id a: Event b: Member }`;
      expect(project.plan(two).suggestions).toEqual([]);
    });
  });
});

describe('the directive is reported', () => {
  it.each([
    [
      'if the relation is kept',
      pairs + `type Seat @model ${from} { id: ID! @id ${both} }`,
      /is kept/,
    ],
    [
      'if a relation is missing',
      seats(from, 'id: ID! @id event: Event!').replace(
        'seats: [Seat!]! }\n  type Seat',
        '}\n  type Seat',
      ),
      /exactly one relation/,
    ],
    [
      'if there is no such relation',
      seats('@rename(from: "Event.guests")', `id: ID! @id ${both}`),
      /neither Event.guests nor Seat/,
    ],
  ])('%s', async (_, sdl, message) => {
    await withProject(database.pool, async (project) => {
      await fill(project);
      expect(diagnostics(project, sdl)).toEqual([
        expect.objectContaining({
          code: 'BAD_RENAME',
          message: expect.stringMatching(message) as string,
        }),
      ]);
    });
  });
});

function diagnostics({ model }: EngineProject, sdl: string) {
  if (model === null) throw new Error('Expected an applied schema.');
  return explainBadRenames(sdl, findBadRenames(model, readModel(sdl), noHistory));
}
