import { beforeEach, describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useMutations } from '../../../test/engine/mutations.ts';
import { withProject } from '../../../test/engine/project.ts';

const database = useTestDatabase();
const project = useMutations(
  database,
  `type Visit @model @id(fields: ["place", "at"]) {
    place: String!
    at: DateTime! @default(generate: NOW)
    seen: DateTime! @default(generate: NOW)
    day: Date @default(generate: NOW)
    time: Time @default(generate: NOW)
    token: UUID! @unique @default(generate: UUID)
    code: String! @default(generate: CUID)
    short: String! @default(generate: NANOID)
    guests: [Guest!]!
    createdAt: DateTime @createdAt
    updatedAt: DateTime @updatedAt
  }
  type Guest @model { id: ID! @id visit: Visit! }`,
);

beforeEach(() => project().clear());

const forms = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  cuid: /^[a-z][a-z0-9]{23}$/,
  nanoId: /^[A-Za-z0-9_-]{21}$/,
};
const fields = 'at seen day time token code short createdAt updatedAt';

type Visit = Readonly<Record<string, string>>;

describe('a new row without a value', () => {
  it('gets the time of the transaction, and texts that are generated', async () => {
    const text = `mutation {
      one: createVisit(data: { place: "a" }) { ${fields} }
      many: createVisits(data: [{ place: "b" }, { place: "c" }]) { nodes { ${fields} } }
    }`;
    const answer = (await project().mutate(text)) as { one: Visit; many: { nodes: Visit[] } };
    const rows = [answer.one, ...answer.many.nodes];
    for (const row of rows) {
      const { seen = '', createdAt, updatedAt } = row;
      expect([createdAt, updatedAt]).toEqual([seen, seen]);
      expect(Math.abs(Date.parse(seen) - Date.now())).toBeLessThan(60_000);
      expect(`${row['day'] ?? ''}T${row['time'] ?? ''}+00:00`).toBe(seen);
      expect(row['token']).toMatch(forms.uuid);
      expect(row['code']).toMatch(forms.cuid);
      expect(row['short']).toMatch(forms.nanoId);
    }
    for (const name of ['token', 'code', 'short']) {
      expect(new Set(rows.map((row) => row[name])).size, name).toBe(3);
    }
  });

  it('can be referenced if its key is a generated time', async () => {
    const text = `mutation {
      createVisit(data: { place: "a", guests: { create: [{}, {}] } }) { at guests { nodes { visitAt } } }
    }`;
    const { createVisit } = (await project().mutate(text)) as {
      createVisit: { at: string; guests: unknown };
    };
    const guest = { visitAt: createVisit.at };
    expect(createVisit.guests).toEqual({ nodes: [guest, guest] });
  });
});

it('keeps the values that a caller gives, and refuses null for a required field', async () => {
  const given = { seen: '2024-02-29T12:00:00+00:00', day: null, short: 'mine' };
  const create = (data: object) =>
    project().mutate(
      'mutation ($data: VisitCreateInput!) { createVisit(data: $data) { seen day short } }',
      { data: { place: 'a', ...data } },
    );
  expect(await create(given)).toEqual({ createVisit: given });
  await expect(create({ seen: null })).rejects.toMatchObject({
    issues: [{ path: ['createVisit', 'data', 'seen'] }],
  });
});

it('fills existing rows when the field is added, each with its own value', async () => {
  const sdl = (more: string) => `type A @model { id: ID! @id ${more} }`;
  const next = sdl(`
    at: DateTime! @default(generate: NOW)
    day: Date! @default(generate: NOW)
    time: Time! @default(generate: NOW)
    token: UUID! @unique @default(generate: UUID)
    text: String! @unique @default(generate: UUID)
    code: String! @default(generate: CUID)
    short: String! @unique @default(generate: NANOID)
  `);
  await withProject(database.pool, async (other) => {
    await other.apply(sdl(''));
    await other.query('INSERT INTO a SELECT gen_random_uuid() FROM generate_series(1, 50)');
    expect(await other.hazards(next)).toMatchObject({
      'ADD_COLUMN A.token': 'LOCK 50',
      'ADD_COLUMN A.code': 'LOCK 50',
      'ADD_KEY A(token)': 'LOCK 50',
    });
    await other.query(`SET TimeZone = 'Asia/Tokyo'`);
    await other.apply(next);
    const rows = await other.query(
      `SELECT (at AT TIME ZONE 'UTC')::date = day AS same, token::text, text, code, short FROM a`,
    );
    expect(new Set(rows.map(({ same }) => same))).toEqual(new Set([true]));
    const columns = { token: 'uuid', text: 'uuid', code: 'cuid', short: 'nanoId' } as const;
    for (const [name, form] of Object.entries(columns)) {
      const values = rows.map((row) => String(row[name]));
      expect(new Set(values).size, name).toBe(50);
      for (const value of values) expect(value).toMatch(forms[form]);
    }
    expect(other.plan(next).steps).toEqual([]);
  });
});
