import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Field, Model } from './model.ts';
import { readAppliedSdl, readSdl } from './read-sdl.ts';

const read = (sdl: string): Model => {
  const reading = readSdl(sdl);
  if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics, null, 2));
  return reading.model;
};

const field = (model: Model, path: string): Field | undefined => {
  const [type, name] = path.split('.');
  return model.types.find((t) => t.name === type)?.fields.find((f) => f.name === name);
};

const trackerFile = new URL('../../../test/examples/tracker.graphql', import.meta.url);

describe('the tracker example', async () => {
  const model = read(await readFile(trackerFile, 'utf8'));

  it('has the expected types, tables and API names', () => {
    expect(
      model.types.map(({ name, table, names }) => [name, table, names.one, names.many]),
    ).toEqual([
      ['User', 'user', 'user', 'users'],
      ['Board', 'board', 'board', 'boards'],
      ['Membership', 'membership', 'membership', 'memberships'],
      ['Issue', 'issue', 'issue', 'issues'],
      ['Label', 'label', 'label', 'labels'],
      ['Comment', 'comment', 'comment', 'comments'],
    ]);
    expect(model.enums.map(({ name, values }) => [name, values.length])).toEqual([
      ['Status', 4],
      ['Role', 3],
    ]);
  });

  it('has foreign keys and join tables for its relations', () => {
    const keys = model.relations.map((relation) =>
      relation.kind === 'FOREIGN_KEY'
        ? `${relation.name} ${relation.key.map(({ column }) => column).join()} → ${relation.inverseSide.type}.${relation.inverseSide.field ?? 'none'} ${relation.onDelete}${relation.required ? ' required' : ''}`
        : `${relation.name} ${relation.table} ${relation.sides.flatMap((side) => side.columns.map(({ column }) => column)).join()}`,
    );
    expect(keys.sort()).toEqual([
      'Comment.author author_id → User.comments RESTRICT required',
      'Comment.issue issue_id → Issue.comments CASCADE required',
      'Issue.assignee assignee_id → User.assigned SET_NULL',
      'Issue.board board_id → Board.issues CASCADE required',
      'Issue.labels issue:labels:join issue_id,label_id',
      'Issue.parent parent_id → Issue.children SET_NULL',
      'Membership.board board_id → Board.members CASCADE required',
      'Membership.user user_id → User.memberships CASCADE required',
    ]);
    expect(field(model, 'Issue.board')).toMatchObject({
      kind: 'TO_ONE',
      required: true,
      key: [{ name: 'boardId', column: 'board_id', references: 'id' }],
    });
    expect(field(model, 'Issue.children')).toMatchObject({ kind: 'TO_MANY', target: 'Issue' });
  });

  it('has the expected values, defaults, constraints and keys', () => {
    expect(field(model, 'Issue.tags')).toMatchObject({ list: true, required: true, default: [] });
    expect(field(model, 'Issue.status')).toMatchObject({
      type: { kind: 'ENUM', name: 'Status' },
      default: 'BACKLOG',
    });
    expect(field(model, 'Issue.estimate')).toMatchObject({ constraint: { min: '0' } });
    expect(field(model, 'Issue.updatedAt')).toMatchObject({
      column: 'updated_at',
      role: 'UPDATED_AT',
    });
    const issue = model.types.find(({ name }) => name === 'Issue');
    expect(issue?.uniques).toEqual([
      { name: 'board_number', fields: ['board', 'number'], columns: ['board_id', 'number'] },
    ]);
    expect(issue?.indexes).toEqual([
      {
        fields: ['board', 'status', 'createdAt'],
        columns: ['board_id', 'status', 'created_at'],
      },
    ]);
  });

  it('is frozen at all levels', () => {
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      Object.values(value).forEach(walk);
    };
    walk(model);
  });
});

describe('readSdl', () => {
  it('returns an empty model if the SDL contains only comments', () => {
    expect(read('# nothing yet\n')).toEqual({
      types: [],
      enums: [],
      relations: [],
      access: null,
    });
  });

  it('puts the foreign key of a one-to-one relation on the side with @unique', () => {
    const model = read(`
      type User @model { id: ID! @id profile: Profile }
      type Profile @model { id: ID! @id user: User! @unique }
    `);
    expect(model.relations).toMatchObject([
      { kind: 'FOREIGN_KEY', name: 'Profile.user', unique: true, required: true },
    ]);
    expect(field(model, 'User.profile')).toMatchObject({ kind: 'TO_ONE', key: null });
    expect(model.types[1]?.uniques).toEqual([
      { name: 'userId', fields: ['user'], columns: ['user_id'] },
    ]);
  });

  it('creates the same join table regardless of the order of the types', () => {
    const a = 'type A @model { id: ID! @id bs: [B!]! }';
    const b = 'type B @model { id: ID! @id as: [A!]! }';
    expect(read(a + b).relations).toEqual(read(b + a).relations);
  });

  it('names join table columns after the fields if a type has a many-to-many relation with itself', () => {
    const [relation] = read(
      'type User @model { id: ID! @id follows: [User!]! followedBy: [User!]! }',
    ).relations;
    expect(relation).toMatchObject({
      kind: 'JOIN_TABLE',
      sides: [
        { field: 'followedBy', columns: [{ column: 'followed_by_owner_id' }] },
        { field: 'follows', columns: [{ column: 'follows_owner_id' }] },
      ],
    });
  });

  it.each([
    ['Int', '-5', -5],
    ['Float', '1e3', 1000],
    ['BigInt', '9223372036854775807', '9223372036854775807'],
    ['BigInt', '"-1"', '-1'],
    ['Decimal', '1.50', '1.50'],
    ['Decimal', '"-0.000"', '0.000'],
    ['Decimal', '"+1.5e2"', '150'],
    ['String', '"it\'s \\\\ \\"x\\""', 'it\'s \\ "x"'],
    ['Boolean', 'false', false],
    ['UUID', '"AAAAAAAA-0000-4000-8000-000000000000"', 'aaaaaaaa-0000-4000-8000-000000000000'],
    ['Date', '"2024-02-29"', '2024-02-29'],
    ['Time', '"18:30:00.50"', '18:30:00.5'],
    ['Bytes', '"AP8="', 'AP8='],
    ['[Bytes!]', '["", "AP8="]', ['', 'AP8=']],
    ['DateTime', '"2024-01-01T01:30:00.120+01:00"', '2024-01-01T00:30:00.12Z'],
    ['JSON', '{a: [1, {b: null}]}', { a: [1, { b: null }] }],
    ['[Int!]', '[1, 2]', [1, 2]],
  ])('reads a default of type %s: %s', (type, literal, value) => {
    const model = read(`type A @model { id: ID! @id f: ${type} @default(value: ${literal}) }`);
    expect(field(model, 'A.f')).toMatchObject({ default: value });
  });

  it.each([
    ['Decimal', '"1e120"', `1${'0'.repeat(120)}`],
    ['JSON', '1e-400', 0],
    ['[JSON!]', `[0.${'7'.repeat(500)}]`, [0.7777777777777778]],
  ])(
    'rejects a new default of type %s that earlier versions accepted: %s',
    (type, literal, value) => {
      const sdl = `type A @model { id: ID! @id f: ${type} @default(value: ${literal}) }`;
      expect(readSdl(sdl)).toMatchObject({ ok: false, diagnostics: [{ code: 'BAD_DEFAULT' }] });
      const applied = readAppliedSdl(sdl);
      expect(applied.ok && field(applied.model, 'A.f')).toMatchObject({ default: value });
    },
  );

  it('reads the digits of a Decimal and the defaults that have no more digits', () => {
    const model = read(
      'type A @model { id: ID! @id f: [Decimal!] @decimal(precision: 4, scale: 2) @default(value: [-99.99, 1.500]) }',
    );
    expect(field(model, 'A.f')).toMatchObject({
      type: { kind: 'SCALAR', name: 'Decimal', decimal: { precision: 4, scale: 2 } },
      default: ['-99.99', '1.500'],
    });
  });

  it.each([
    ['DateTime', 'NOW'],
    ['Date', 'NOW'],
    ['Time!', 'NOW'],
    ['UUID', 'UUID'],
    ['String', 'UUID'],
    ['String! @constraint(maxLength: 24)', 'CUID'],
    ['String @unique', 'NANOID'],
  ])('reads a default of type %s that is generated: %s', (type, generate) => {
    const model = read(
      `type A @model { id: ID! @id f: ${type} @default(generate: ${generate}) at: DateTime @createdAt }`,
    );
    expect(field(model, 'A.f')).toMatchObject({ generate, default: null, role: 'PLAIN' });
    expect(field(model, 'A.at')).toMatchObject({ role: 'CREATED_AT', required: false });
  });

  it('pairs relations by any text', () => {
    const model = read(`
      type Form @model { id: ID! @id owner: Person! @relation(name: "routing-form") }
      type Person @model { id: ID! @id forms: [Form!]! @relation(name: "routing-form") }`);
    expect(model.relations.map(({ name }) => name)).toEqual(['Form.owner']);
  });

  it('never throws, regardless of the input', () => {
    const texts = [
      '{',
      '}'.repeat(1000),
      '"""',
      '"',
      '\ud800',
      '@',
      'type',
      'type A @model {id:',
      '\uFEFF',
    ];
    for (const text of [...texts, '('.repeat(200_000), 'type A{'.repeat(20_000)]) {
      expect(() => readSdl(text)).not.toThrow();
    }
  });
});
